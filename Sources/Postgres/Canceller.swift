import CLibpq
import Dispatch
import Glibc
import Synchronization

/// Asks the server to end what a session is doing, from any thread.
// SAFETY: libpq documents PQcancel as safe from another thread, and the handle is never changed.
final class Canceller: @unchecked Sendable {
  /// PQcancel has no limit of its own, and a server that has fallen silent never answers it.
  private static let limit = DispatchTimeInterval.seconds(5)

  private let handle: OpaquePointer?
  private let overdue = Atomic<Bool>(false)

  init(_ connection: OpaquePointer) { handle = PQgetCancel(connection) }

  deinit { PQfreeCancel(handle) }

  /// Whether a request was not answered in time. It may still come, and end any later statement of the session, which
  /// is therefore used for nothing more.
  var isOverdue: Bool { overdue.load(ordering: .acquiring) }

  /// Returns when the server has the request, which may then have come too late; or after some seconds, overdue.
  func cancel() {
    let request = Request(self)
    guard request.sendOnOwnThread() else { return }
    if request.isSent.wait(timeout: .now() + Self.limit) == .timedOut { overdue.store(true, ordering: .releasing) }
  }

  private func send() {
    guard let handle else { return }
    var message = [CChar](repeating: 0, count: 256)
    _ = PQcancel(handle, &message, Int32(message.count))
  }

  /// Lives until both the thread that sends it and the one that waits have let it go.
  private final class Request: Sendable {
    let canceller: Canceller
    let isSent = DispatchSemaphore(value: 0)

    init(_ canceller: Canceller) { self.canceller = canceller }

    /// - Returns: false when the system gave no thread.
    func sendOnOwnThread() -> Bool {
      let retained = Unmanaged.passRetained(self)
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { argument in
        let request = Unmanaged<Request>.fromOpaque(argument!).takeRetainedValue()
        request.canceller.send()
        request.isSent.signal()
        return nil
      }, retained.toOpaque())
      guard status == 0 else {
        retained.release()
        return false
      }
      pthread_detach(thread)
      return true
    }
  }
}
