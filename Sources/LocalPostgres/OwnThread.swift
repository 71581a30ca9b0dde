import Glibc

/// Threads for what waits in C.
package enum OwnThread {
  /// Runs something on a thread made for it, which ends with it. Nobody waits for it.
  package static func run(_ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        Unmanaged<Job>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Job(body)).toOpaque())
    precondition(status == 0, "the system gave no thread: error \(status)")
  }

  /// Takes note of a child's end when it comes: until somebody does, it stays in the list of processes.
  static func awaitEnd(of child: pid_t) {
    run { while waitpid(child, nil, 0) < 0 && errno == EINTR {} }
  }

  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
