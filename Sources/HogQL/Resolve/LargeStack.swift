#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A thread of its own for trees that are too deep for the stack of a small thread.
enum LargeStack {
  /// In bytes; only what is used becomes memory. Frames of a debug build are several times as large.
  static let size: Int = {
    #if DEBUG
      256 * 1024 * 1024
    #else
      32 * 1024 * 1024
    #endif
  }()

  private final class Job {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` and waits for it; false when there is no thread to be had.
  static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, size) == 0 else { return false }
    let job = Unmanaged.passRetained(Job(body))
    guard let thread = start(job.toOpaque(), &attributes) else {
      job.release()
      return false
    }
    pthread_join(thread, nil)
    return true
  }

  #if canImport(Darwin)
    private static func start(_ job: UnsafeMutableRawPointer, _ attributes: inout pthread_attr_t) -> pthread_t? {
      var thread: pthread_t?
      let result = pthread_create(
        &thread, &attributes,
        { job in
          Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body()
          return nil
        }, job)
      return result == 0 ? thread : nil
    }
  #else
    private static func start(_ job: UnsafeMutableRawPointer, _ attributes: inout pthread_attr_t) -> pthread_t? {
      var thread = pthread_t()
      let result = pthread_create(
        &thread, &attributes,
        { job in
          if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().body() }
          return nil
        }, job)
      return result == 0 ? thread : nil
    }
  #endif
}
