/// What went wrong with a Postgres that runs from this machine's binaries. Holds no secret.
public struct LocalPostgresError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// There are no server binaries here.
    case notInstalled
    /// The cluster was made by a major version that is not here.
    case wrongVersion
    /// The folder holds something else, and was left as it is.
    case foreignFolder
    /// A user may not enter, read or own what they would have to.
    case notPermitted
    /// A program or the system failed; the message repeats what it said.
    case failed
  }

  public var kind: Kind
  /// What happened, and to what.
  public var message: String
  /// What to do about it.
  public var hint: String?

  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  public var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
