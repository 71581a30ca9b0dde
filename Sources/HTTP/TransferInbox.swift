import CLibcurl
import Synchronization

/// What tasks ask of the thread that drives libcurl, and how they wake it.
final class TransferInbox: Sendable {
  enum Wish: Sendable {
    case start(Transfer)
    /// A reader has taken what was waiting.
    case resume(Transfer)
    /// Nobody wants the rest.
    case cancel(Transfer)
  }

  private struct State {
    var wishes: [Wish] = []
    var isClosed = false
    /// Valid until the thread takes it back.
    var multi: UnsafeMutableRawPointer?
  }
  private let state = Mutex(State())
  let counters = Mutex(HTTPCounters())

  /// - Returns: false when the client is closed: nobody will hear.
  @discardableResult
  func post(_ wish: Wish) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.wishes.append(wish)
      if let multi = state.multi { curl_multi_wakeup(multi) }
      return true
    }
  }

  func close() {
    state.withLock { state in
      state.isClosed = true
      if let multi = state.multi { curl_multi_wakeup(multi) }
    }
  }

  /// The thread can be woken from now on.
  func opens(_ multi: UnsafeMutableRawPointer) {
    let address = UInt(bitPattern: multi)
    state.withLock { $0.multi = UnsafeMutableRawPointer(bitPattern: address) }
  }

  /// What was asked since the last time; nil when the client is closed and nothing is left.
  func take() -> [Wish]? {
    state.withLock { state in
      defer { state.wishes = [] }
      return state.isClosed && state.wishes.isEmpty ? nil : state.wishes
    }
  }

  /// The thread is about to end.
  func closes() {
    state.withLock { state in
      state.isClosed = true
      state.multi = nil
    }
  }
}
