import Glibc
import Synchronization

/// Why a stream takes no more text.
public struct WriteError: Error, Sendable, Hashable {
  /// As `errno` says it.
  public var code: Int32

  public init(code: Int32) { self.code = code }

  /// Whether whoever read it has enough, as `head` has after its lines: no error to speak of.
  public var isReaderGone: Bool { code == EPIPE }

  /// Such as "No space left on device".
  public var message: String { String(cString: strerror(code)) }
}

/// The first error of a stream, kept for whoever asks.
final class WriteErrors: Sendable {
  private let first = Mutex<WriteError?>(nil)

  var error: WriteError? { first.withLock { $0 } }

  func note(_ error: WriteError) { first.withLock { $0 = $0 ?? error } }
}
