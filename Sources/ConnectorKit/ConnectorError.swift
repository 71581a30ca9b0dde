/// What is wrong with a source, for the person who linked it.
public struct ConnectorError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The credentials are refused.
    case unauthorized
    /// The credentials are good, and may not read this.
    case forbidden
    /// The source did not answer, or broke off.
    case unreachable
    /// The schema is not there any more, or another one has its name.
    case missing
    /// The source is another system than the one the cursor belongs to.
    case replaced
    /// The settings do not fit the source.
    case unusable
    /// An answer that the protocol does not allow.
    case malformed
    /// The source is busy or was changed while it was read: the next try can work.
    case busy
  }

  public var kind: Kind
  /// One sentence; holds no secret and no row's values.
  public var message: String
  /// What that person can do about it.
  public var hint: String?

  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  public var description: String { message }
}
