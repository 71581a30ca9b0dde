/// One row of a result, each value as PostgreSQL's text, NULL as nil.
public struct Row: Sendable {
  let names: [String: Int]
  public let values: [String?]

  /// The value of the column `name`.
  ///
  /// Naming a column that the query does not have is a programmer's error.
  public subscript(_ name: String) -> String? {
    guard let index = names[name] else {
      preconditionFailure("the query has no column named \(name)")
    }
    return values[index]
  }

  /// A value that the query promises never to be NULL.
  public func text(_ name: String) throws(PostgresError) -> String {
    guard let value = self[name] else {
      throw PostgresError(.unexpected, "the query gave NULL for \(name), which it promises never to do")
    }
    return value
  }

  public func integer(_ name: String) -> Int64? { self[name].flatMap { Int64($0) } }
  public func double(_ name: String) -> Double? { self[name].flatMap { Double($0) } }
  public func bool(_ name: String) -> Bool { self[name] == "t" }
}
