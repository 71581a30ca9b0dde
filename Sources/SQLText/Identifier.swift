/// A name in SQL, such as a column's. It is always sent quoted, so that no name is a reserved word, folded
/// to lower case or able to end the statement.
public struct Identifier: Hashable, Sendable, CustomStringConvertible {
  public let name: String

  public init(_ name: String) { self.name = name }

  /// The name as PostgreSQL reads it, for instance `"order"`.
  public var description: String { "\"" + name.doubling("\"") + "\"" }
}

/// A table, view or function with its namespace, such as `"warehouse"."postgres_orders"`.
public struct QualifiedName: Hashable, Sendable, CustomStringConvertible {
  public let namespace: String
  public let name: String

  public init(_ namespace: String, _ name: String) {
    self.namespace = namespace
    self.name = name
  }

  public var description: String { "\(Identifier(namespace)).\(Identifier(name))" }

  /// As a person writes it where no quotes are needed: `warehouse.postgres_orders`.
  public var plain: String { "\(namespace).\(name)" }
}

extension String {
  /// The text with each `mark` twice, as SQL escapes its quotes. Looks at scalars: a quote with a combining accent
  /// is another character to Swift, and still a quote to PostgreSQL.
  func doubling(_ mark: Unicode.Scalar) -> String {
    var result = UnicodeScalarView()
    result.reserveCapacity(utf8.count + 2)
    for scalar in unicodeScalars {
      result.append(scalar)
      if scalar == mark { result.append(scalar) }
    }
    return String(result)
  }
}
