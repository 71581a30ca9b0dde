/// A constant written into the statement's text, for statements that take no parameters (DDL, `COPY`, `SET`).
///
/// Written as `E'...'` when it holds a backslash, so that it reads the same whatever
/// `standard_conforming_strings` says. A NUL character cannot be sent to PostgreSQL and ends the text.
public struct Literal: Hashable, Sendable, CustomStringConvertible {
  public let value: String?

  public init(_ value: String?) { self.value = value }

  public var description: String {
    guard let value else { return "NULL" }
    let quoted = value.doubling("'")
    guard value.unicodeScalars.contains("\\") else { return "'\(quoted)'" }
    return " E'" + quoted.doubling("\\") + "'"
  }
}
