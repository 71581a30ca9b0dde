import JSON
import Rows

/// Reads the schema that a Delta table keeps as JSON within its log.
///
/// Format: the Delta protocol, "Schema Serialization Format".
enum DeltaSchema {
  static func fields(parsing text: String) throws(FormatError) -> [TableField] {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: text, depthLimit: 256)
    } catch {
      throw FormatError(.corrupt, "the table's schema is no JSON: \(error.reason) at its byte \(error.offset)")
    }
    guard json["type"]?.stringValue == "struct" else { throw broken("it is no struct") }
    return try fields(json, depth: 0)
  }

  private static func fields(_ json: JSONValue, depth: Int) throws(FormatError) -> [TableField] {
    guard let list = json["fields"]?.elements else { throw broken("a struct has no list of fields") }
    var fields: [TableField] = []
    for field in list {
      guard let name = field["name"]?.stringValue, let type = field["type"] else {
        throw broken("a field has no name or no type")
      }
      let metadata = field["metadata"]
      fields.append(
        TableField(
          name: name, id: metadata?["delta.columnMapping.id"]?.integerValue.flatMap { Int(exactly: $0) },
          physicalName: metadata?["delta.columnMapping.physicalName"]?.stringValue,
          type: try self.type(type, of: name, depth: depth), isRequired: field["nullable"]?.boolValue == false))
    }
    return fields
  }

  private static func type(_ json: JSONValue, of name: String, depth: Int) throws(FormatError) -> TableType {
    guard depth < 64 else { throw FormatError(.tooLarge, "the table's schema is nested more than 64 levels deep") }
    if let text = json.stringValue { return try single(text, of: name) }
    switch json["type"]?.stringValue {
    case "struct": return .structure(try fields(json, depth: depth + 1))
    case "array":
      guard let element = json["elementType"] else { throw broken("an array has no type of elements") }
      return .list(try type(element, of: name, depth: depth + 1), id: nil)
    case "map":
      guard let key = json["keyType"], let value = json["valueType"] else {
        throw broken("a map has no type of keys or values")
      }
      return .map(
        key: try type(key, of: name, depth: depth + 1), value: try type(value, of: name, depth: depth + 1), keyID: nil,
        valueID: nil)
    case let other: throw unknown(other ?? "?", name)
    }
  }

  private static func single(_ text: String, of name: String) throws(FormatError) -> TableType {
    guard let known = types[text] ?? decimal(text) else { throw unknown(text, name) }
    return .single(
      ColumnType(known), fileType: text, note: text == "void" ? "the table says that it is always null" : nil)
  }

  private static let types = [
    "string": "text", "long": "bigint", "integer": "integer", "short": "smallint", "byte": "smallint", "float": "real",
    "double": "double precision", "boolean": "boolean", "binary": "bytea", "date": "date",
    "timestamp": "timestamp with time zone", "timestamp_ntz": "timestamp without time zone", "void": "text",
  ]

  /// `decimal(12,2)`; `decimal` alone has ten digits and no fraction.
  private static func decimal(_ text: String) -> String? {
    if text == "decimal" { return "numeric(10,0)" }
    guard text.hasPrefix("decimal("), text.hasSuffix(")") else { return nil }
    let numbers = text.dropFirst(8).dropLast().split(separator: ",").map { Int($0.filter { $0 != " " }) }
    guard numbers.count == 2, let precision = numbers[0], let scale = numbers[1], (1...38).contains(precision),
      (0...precision).contains(scale)
    else { return nil }
    return "numeric(\(precision),\(scale))"
  }

  private static func unknown(_ type: String, _ name: String) -> FormatError {
    FormatError(
      .unsupported, "the column \"\(name.prefix(80))\" has the type \"\(type.prefix(40))\", which is not read")
  }

  private static func broken(_ why: String) -> FormatError {
    FormatError(.corrupt, "the table's schema is broken: \(why)")
  }
}
