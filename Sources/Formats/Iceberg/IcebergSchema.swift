import JSON
import Rows

/// Reads the schemas that an Iceberg table keeps in its metadata.
///
/// Format: the Iceberg table specification, "Schemas and Data Types" and "Appendix C".
enum IcebergSchema {
  static func fields(_ json: JSONValue, depth: Int = 0) throws(FormatError) -> [TableField] {
    guard let list = json["fields"]?.elements else { throw broken("a struct has no list of fields") }
    var fields: [TableField] = []
    for field in list {
      guard let id = field["id"]?.integerValue, let name = field["name"]?.stringValue, let type = field["type"] else {
        throw broken("a field has no number, no name or no type")
      }
      var result = TableField(
        name: name, id: Int(truncatingIfNeeded: id), type: try self.type(type, of: name, depth: depth),
        isRequired: field["required"]?.boolValue ?? false)
      if let value = field["initial-default"], !value.isNull {
        result.initialDefault = text(value, result.type)
        result.hasUnreadDefault = result.initialDefault == nil
      }
      fields.append(result)
    }
    return fields
  }

  private static func type(_ json: JSONValue, of name: String, depth: Int) throws(FormatError) -> TableType {
    guard depth < 64 else { throw FormatError(.tooLarge, "the table's schema is nested more than 64 levels deep") }
    if let text = json.stringValue { return try single(text, of: name) }
    func id(_ key: String) -> Int? { json[key]?.integerValue.map { Int(truncatingIfNeeded: $0) } }
    switch json["type"]?.stringValue {
    case "struct": return .structure(try fields(json, depth: depth + 1))
    case "list":
      guard let element = json["element"] else { throw broken("a list has no type of elements") }
      return .list(try type(element, of: name, depth: depth + 1), id: id("element-id"))
    case "map":
      guard let key = json["key"], let value = json["value"] else {
        throw broken("a map has no type of keys or values")
      }
      return .map(
        key: try type(key, of: name, depth: depth + 1), value: try type(value, of: name, depth: depth + 1),
        keyID: id("key-id"),
        valueID: id("value-id"))
    case let other: throw unknown(other ?? "?", name)
    }
  }

  private static func single(_ text: String, of name: String) throws(FormatError) -> TableType {
    guard let type = types[text] ?? parameterised(text) else { throw unknown(text, name) }
    let note: String? =
      switch text {
      case "unknown": "the table says that it is always null"
      case "timestamp_ns", "timestamptz_ns": "nanoseconds are cut to microseconds"
      default: nil
      }
    return .single(ColumnType(type), fileType: text, note: note)
  }

  private static let types = [
    "boolean": "boolean", "int": "integer", "long": "bigint", "float": "real", "double": "double precision",
    "date": "date",
    "time": "time without time zone", "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "timestamp_ns": "timestamp without time zone", "timestamptz_ns": "timestamp with time zone", "string": "text",
    "uuid": "uuid", "binary": "bytea", "unknown": "text",
  ]

  /// `decimal(12, 2)` or `fixed[16]`.
  private static func parameterised(_ text: String) -> String? {
    if text.hasPrefix("fixed["), text.hasSuffix("]") { return "bytea" }
    guard text.hasPrefix("decimal("), text.hasSuffix(")") else { return nil }
    let numbers = text.dropFirst(8).dropLast().split(separator: ",").map { Int($0.filter { $0 != " " }) }
    guard numbers.count == 2, let precision = numbers[0], let scale = numbers[1], (1...38).contains(precision),
      (0...precision).contains(scale)
    else { return nil }
    return "numeric(\(precision),\(scale))"
  }

  /// A value as PostgreSQL writes it; nil where it is none that stands alone.
  private static func text(_ json: JSONValue, _ type: TableType) -> String? {
    guard type.isSingle else { return nil }
    switch json {
    case .string(let text): return type.columnType.name == "bytea" ? #"\x"# + text : text
    case .integer(let value): return String(value)
    case .number(let text): return text
    case .bool(let value): return value ? "true" : "false"
    default: return nil
    }
  }

  private static func unknown(_ type: String, _ name: String) -> FormatError {
    FormatError(
      .unsupported, "the column \"\(name.prefix(80))\" has the type \"\(type.prefix(40))\", which is not read")
  }

  static func broken(_ why: String) -> FormatError { FormatError(.corrupt, "the table's metadata is broken: \(why)") }
}
