import Glibc

/// A thread that does something again and again until it is told that there is no more to do.
enum Ticker {
  /// - Returns: whether the system gave a thread.
  static func start(every seconds: Double, _ body: @escaping @Sendable () -> Bool) -> Bool {
    let loop = Unmanaged.passRetained(Loop(microseconds: UInt32(seconds * 1e6), body: body))
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 256 << 10)
    // Signals are for the threads that are ready for them; a new thread inherits what is blocked here.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        Unmanaged<Loop>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, loop.toOpaque())
    if status != 0 { loop.release() }
    return status == 0
  }
}

private final class Loop: Sendable {
  let microseconds: UInt32
  let body: @Sendable () -> Bool

  init(microseconds: UInt32, body: @escaping @Sendable () -> Bool) {
    self.microseconds = microseconds
    self.body = body
  }

  func run() { repeat { usleep(microseconds) } while body() }
}
