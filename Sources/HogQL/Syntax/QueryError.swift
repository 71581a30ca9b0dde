/// Why a query is refused: what happened, where in the text, and what to do about it.
public struct QueryError: Error, Hashable, Sendable {
  /// One sentence that says what is wrong, naming the thing it is about.
  public var message: String
  /// The offending piece of the text.
  public var span: Span
  /// What the person who wrote the query can do.
  public var hint: String?

  public init(_ message: String, at span: Span, hint: String? = nil) {
    self.message = message
    self.span = span
    self.hint = hint
  }
}
