import Dispatch
import Synchronization

/// Text on its way to a reader who may be slow. Whoever writes never waits: what was not taken yet is kept in memory
/// up to a limit, and beyond it in a file without a name.
public final class OutputSpool: Sendable {
  fileprivate struct State {
    var texts: [String] = []
    /// Bytes of `texts`.
    var held = 0
    /// What came after `texts`.
    var spilled: SpillFile?
    var isClosed = false
    var error: SpillError?
  }

  private let limit: Int
  private let state = Mutex(State())
  /// Signalled with every change; one wait may find several of them done.
  private let changed = DispatchSemaphore(value: 0)

  /// - Parameter limit: bytes in memory.
  public init(limit: Int = 8 << 20) { self.limit = limit }

  /// Why texts were lost; nil while none was.
  public var error: SpillError? { state.withLock { $0.error } }

  /// Takes a text, whatever the reader does.
  public func write(_ text: String) {
    state.withLock { $0.append(text, limit: limit) }
    changed.signal()
  }

  /// Says that no text follows.
  public func close() {
    state.withLock { $0.isClosed = true }
    changed.signal()
  }

  /// Hands on everything in the order in which it came, until the spool is closed and empty or the stream has an error.
  /// Waits for texts, and for the stream: it needs a thread of its own.
  public func drain(into stream: TerminalStream) {
    while stream.error == nil {
      switch state.withLock({ $0.next() }) {
      case .text(let text): stream.write(text)
      case .nothingYet: changed.wait()
      case .end: return
      }
    }
  }

  fileprivate enum Next {
    case text(String)
    case nothingYet
    case end
  }
}

extension OutputSpool.State {
  fileprivate mutating func append(_ text: String, limit: Int) {
    guard error == nil else { return }
    let size = text.utf8.count
    // A text of any size is in memory already: alone it may stay there.
    if spilled?.isEmpty != false, texts.isEmpty || held + size <= limit {
      texts.append(text)
      held += size
      return
    }
    do throws(SpillError) {
      if spilled == nil { spilled = try SpillFile() }
      try spilled?.append(text)
    } catch { self.error = error }
  }

  fileprivate mutating func next() -> OutputSpool.Next {
    if !texts.isEmpty {
      let all = texts.joined()
      texts = []
      held = 0
      return .text(all)
    }
    do throws(SpillError) {
      if let spilled, let text = try spilled.next() { return .text(text) }
    } catch {
      self.error = error
      return .end
    }
    return isClosed || error != nil ? .end : .nothingYet
  }
}
