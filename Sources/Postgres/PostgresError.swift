
/// What went wrong with a session or a statement. Holds neither a password nor a row's values.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// No session could be opened.
    case cannotConnect
    /// The session broke: whether the last statement took effect is not known.
    case connectionLost
    /// The server refused the statement.
    case refused
    /// We ended the statement, since the task was cancelled.
    case cancelled
    /// The answer was not what the protocol or the caller's query promises.
    case unexpected
  }

  public var kind: Kind
  /// Five characters, or empty where the server gave none.
  /// See https://www.postgresql.org/docs/current/errcodes-appendix.html
  public var sqlState: String
  public var message: String
  public var detail: String?
  public var hint: String?
  /// Where in the server it happened, such as `COPY orders, line 7, column total`.
  public var context: String?
  /// Where in the statement's text the server found it, in characters from 1.
  public var position: Int?

  public init(
    _ kind: Kind, _ message: String, sqlState: String = "", detail: String? = nil, hint: String? = nil,
    context: String? = nil, position: Int? = nil
  ) {
    self.kind = kind
    self.sqlState = sqlState
    self.message = message
    self.detail = detail
    self.hint = hint
    self.context = context
    self.position = position
  }

  public var description: String {
    var text = message
    if let detail, !detail.isEmpty { text += " (\(detail))" }
    if !sqlState.isEmpty { text += " [SQLSTATE \(sqlState)]" }
    return text
  }

  /// Whether the same work may succeed when it is simply tried again.
  public var isTransient: Bool {
    switch kind {
    case .connectionLost: return true
    case .cancelled, .unexpected: return false
    case .cannotConnect, .refused: break
    }
    if sqlState.isEmpty { return kind == .cannotConnect }
    if sqlState == "53100" { return false }  // disk full: needs a person
    // 08 connection, 40 rollback, 53 resources, 57P0x shutdown, 55P03 lock; 25006 and 72000 need another try.
    return ["08", "40", "53"].contains(String(sqlState.prefix(2)))
      || ["57P01", "57P02", "57P03", "57P05", "55P03", "25P03", "25P04", "25006", "58030"].contains(sqlState)
  }
}

extension PostgresError {
  /// The lock was not given within `lock_timeout`.
  public var isLockTimeout: Bool { sqlState == "55P03" }
}
