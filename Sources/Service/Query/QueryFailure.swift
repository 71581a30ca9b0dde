public import HogQL
import Postgres

/// Why a query gave no answer, for the person who wrote it.
public struct QueryFailure: Error, Sendable {
  public enum Kind: Sendable {
    /// The text is not a query over these tables.
    case refused
    /// Postgres gave up while it ran.
    case failed
    /// The same may succeed when it is tried again.
    case transient
    case cancelled
  }

  public var kind: Kind
  public var message: String
  /// The piece of the text that it is about, where that is known.
  public var span: Span?
  public var hint: String?

  public init(_ error: QueryError) {
    kind = .refused
    message = error.message
    span = error.span
    hint = error.hint
  }

  /// An error of Postgres, led back to the text.
  init(_ error: PostgresError, _ query: CompiledQuery, timeout: Int) {
    switch error.sqlState {
    case _ where error.kind == .cancelled: self.init(.cancelled, "The query was cancelled.")
    case "57014":
      let (message, hint) = Self.explained(error)
      self.init(.failed, "\(message.dropLast()): \(timeout) s.", hint: "\(hint ?? "") --timeout gives it longer.")
    case "42501" where error.message.contains("set role"), "22023" where error.message.contains("hedgerow_reader"):
      self.init(
        .failed, "Queries run as the role hedgerow_reader, which this user may not become: \(error.message)",
        hint: "hedgerow doctor says what is missing; GRANT hedgerow_reader TO this user.")
    case "42501":
      self.init(.failed, error.message, hint: "GRANT SELECT on it TO hedgerow_reader lets queries read it.")
    default:
      let (message, hint) = Self.explained(error)
      self.init(error.isTransient ? .transient : .failed, message, hint: hint)
      span = error.position.flatMap { query.span(atSQLPosition: $0) }
    }
  }

  private init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  private static func explained(_ error: PostgresError) -> (message: String, hint: String?) {
    if let known = CompiledQuery.explanation(sqlState: error.sqlState) { return (known.message, known.hint) }
    // Postgres does not understand what the query became, which is never the fault of who wrote it.
    let isOurs = error.sqlState.hasPrefix("42") || error.sqlState.hasPrefix("XX")
    return (
      "Postgres: \(error.description)",
      isOurs ? "Please report it, with what hedgerow translate shows for the query." : error.hint
    )
  }

  /// The failure as text: place, message, the line with marks below it, and the hint.
  public func rendered(in text: String) -> String {
    if let span { return QueryError(message, at: span, hint: hint).rendered(in: text) }
    return message + (hint.map { "\nHint: \($0)" } ?? "")
  }
}
