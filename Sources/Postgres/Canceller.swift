import CLibpq

/// Asks the server to end what a session is doing, from any thread.
// SAFETY: libpq documents PQcancel as safe from another thread, and the handle is never changed.
final class Canceller: @unchecked Sendable {
  private let handle: OpaquePointer?

  init(_ connection: OpaquePointer) { handle = PQgetCancel(connection) }

  deinit { PQfreeCancel(handle) }

  func cancel() {
    guard let handle else { return }
    var message = [CChar](repeating: 0, count: 256)
    _ = PQcancel(handle, &message, Int32(message.count))
  }
}
