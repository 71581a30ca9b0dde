#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The stack of a thread on which tasks run on some systems. Frames of a debug build are up to four
/// times as large, so that there the stack is as well.
private let smallStackSize: Int = {
  #if DEBUG
    4 * 512 * 1024
  #else
    512 * 1024
  #endif
}()

/// Runs `body` on a thread with a small stack and waits for it.
func onSmallStack(_ body: @escaping @Sendable () -> Void) {
  final class Job {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  precondition(pthread_attr_setstacksize(&attributes, smallStackSize) == 0)
  let job = Unmanaged.passRetained(Job(body)).toOpaque()
  #if canImport(Darwin)
    var thread: pthread_t?
    let result = pthread_create(&thread, &attributes, { Unmanaged<Job>.fromOpaque($0).takeRetainedValue().body(); return nil }, job)
    precondition(result == 0)
    if let thread { pthread_join(thread, nil) }
  #else
    var thread = pthread_t()
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, job)
    precondition(result == 0)
    pthread_join(thread, nil)
  #endif
}
