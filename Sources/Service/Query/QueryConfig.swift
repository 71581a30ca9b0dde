public import Catalogue
import JSON
import Terminal

/// A file that says what HogQL knows, in the place of the catalogue: names, links and how the project reads times.
public struct QueryConfig: Sendable {
  public var timeZone = "UTC"
  public var weekStartsOnSunday = true
  /// For a query without LIMIT.
  public var defaultLimit: Int64?
  /// Tables whose NOT NULL columns are never NULL for HogQL either.
  public var coreTables: Set<String> = []
  /// Dotted names, and the tables that they stand for.
  public var tables: [String: String] = [:]
  public var joins: [StoredJoin] = []

  /// Reads the JSON of such a file.
  ///
  /// - Throws: ``QueryConfigError`` for what is no such JSON, naming the member.
  public init(json text: String) throws(QueryConfigError) {
    let value: JSONValue
    do { value = try JSONValue(parsing: text) } catch { throw QueryConfigError("it is not JSON: \(error)") }
    guard let members = value.members else { throw QueryConfigError("it is not a JSON object") }
    for (key, value) in members { try take(key, value) }
  }

  private mutating func take(_ key: String, _ value: JSONValue) throws(QueryConfigError) {
    switch key {
    case "timezone": timeZone = try text(value, key)
    case "week_start":
      let day = try text(value, key)
      guard ["sunday", "monday"].contains(day) else { throw QueryConfigError("week_start is sunday or monday, not \(day)") }
      weekStartsOnSunday = day == "sunday"
    case "default_limit":
      guard let limit = value.integerValue, limit > 0 else { throw QueryConfigError("default_limit is not a positive number") }
      defaultLimit = limit
    case "core_tables":
      guard let names = value.elements else { throw QueryConfigError("core_tables is not a list") }
      for name in names { coreTables.insert(try text(name, key)) }
    case "tables":
      guard let names = value.members else { throw QueryConfigError("tables is not an object") }
      for (dotted, table) in names { tables[dotted] = try text(table, "tables.\(dotted)") }
    case "joins":
      guard let list = value.elements else { throw QueryConfigError("joins is not a list") }
      for join in list {
        func member(_ name: String) throws(QueryConfigError) -> String { try text(join[name] ?? .null, "joins[].\(name)") }
        joins.append(
          StoredJoin(
            table: try member("table"), field: try member("field"), key: try member("key"), target: try member("to"),
            targetKey: try member("to_key")))
      }
    default: throw QueryConfigError("it has no setting \(key)")
    }
  }

  private func text(_ value: JSONValue, _ key: String) throws(QueryConfigError) -> String {
    guard let text = value.stringValue, !text.isEmpty else { throw QueryConfigError("\(key) is not a text") }
    return text
  }
}

/// What is wrong with a configuration file.
public struct QueryConfigError: Error, Sendable {
  public var message: String
  init(_ message: String) { self.message = message }
}
