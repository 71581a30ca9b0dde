import CLibpq
import Glibc

/// Asks the server to end what a session is doing, from any thread.
// SAFETY: libpq documents PQcancel as safe from another thread, and the handle is never changed.
final class Canceller: @unchecked Sendable {
  /// PQcancel has no limit of its own, and a server that has fallen silent never answers it.
  private static let limit: time_t = 5

  private let handle: OpaquePointer?

  init(_ connection: OpaquePointer) { handle = PQgetCancel(connection) }

  deinit { PQfreeCancel(handle) }

  /// Returns when the server has the request, which may then have come too late; or after some seconds.
  func cancel() {
    let request = Request(self)
    var thread = pthread_t()
    let started = pthread_create(&thread, nil, { argument in
      let request = Unmanaged<Request>.fromOpaque(argument!).takeRetainedValue()
      request.canceller.send()
      sem_post(request.isSent)
      return nil
    }, Unmanaged.passRetained(request).toOpaque())
    guard started == 0 else { return Unmanaged.passUnretained(request).release() }
    pthread_detach(thread)
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += Self.limit
    while sem_timedwait(request.isSent, &deadline) != 0, errno == EINTR {}
  }

  private func send() {
    guard let handle else { return }
    var message = [CChar](repeating: 0, count: 256)
    _ = PQcancel(handle, &message, Int32(message.count))
  }

  /// Lives until both the thread that sends it and the one that waits have let it go.
  private final class Request {
    let canceller: Canceller
    let isSent = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(_ canceller: Canceller) {
      self.canceller = canceller
      sem_init(isSent, 0, 0)
    }

    deinit {
      sem_destroy(isSent)
      isSent.deallocate()
    }
  }
}
