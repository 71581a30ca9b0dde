import JSON

/// Writes Avro files for tests: rows as JSON, by a schema that is given as JSON.
///
/// Unions take a value's branch by its kind, or `{"branch": n, "value": v}`; bytes and fixed types are texts of
/// hexadecimal digits.
struct AvroWriter {
  let schema: JSONValue
  private var named: [String: JSONValue] = [:]

  static let sync: [UInt8] = Array("0123456789abcdef".utf8)

  init(_ schema: String) throws {
    self.schema = try JSONValue(parsing: schema)
    note(self.schema)
  }

  /// A file of one block, or of one for each `blockSize` rows.
  func file(_ rows: [JSONValue], blockSize: Int = .max, codec: String? = nil) -> [UInt8] {
    var bytes = Array("Obj\u{1}".utf8) + Self.long(codec == nil ? 1 : 2)
    bytes += Self.string("avro.schema") + Self.string(schema.text())
    if let codec { bytes += Self.string("avro.codec") + Self.string(codec) }
    bytes += [0] + Self.sync
    var rest = rows[...]
    while !rest.isEmpty {
      let data = rest.prefix(blockSize).flatMap { value($0, schema) }
      bytes += Self.block(rows: min(rest.count, blockSize), data)
      rest = rest.dropFirst(blockSize)
    }
    return bytes
  }

  static func block(rows: Int, _ data: [UInt8]) -> [UInt8] { long(Int64(rows)) + long(Int64(data.count)) + data + sync }

  static func long(_ value: Int64) -> [UInt8] {
    var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  static func string(_ text: String) -> [UInt8] { long(Int64(text.utf8.count)) + Array(text.utf8) }

  private mutating func note(_ type: JSONValue) {
    if let name = type["name"]?.stringValue, type["type"] != nil,
      type["fields"] != nil || type["size"] != nil || type["symbols"] != nil
    {
      named[name] = type
    }
    for member in type.members ?? [] { note(member.value) }
    for element in type.elements ?? [] { note(element) }
  }

  private func value(_ value: JSONValue, _ type: JSONValue) -> [UInt8] {
    if let branches = type.elements { return union(value, branches) }
    switch type.stringValue ?? type["type"]?.stringValue ?? "" {
    case "null": return []
    case "boolean": return [value.boolValue == true ? 1 : 0]
    case "int", "long": return Self.long(value.integerValue ?? 0)
    case "float": return Self.little(UInt64(Float(value.doubleValue ?? 0).bitPattern), 4)
    case "double": return Self.little((value.doubleValue ?? .nan).bitPattern, 8)
    case "string": return Self.string(value.stringValue ?? "")
    case "bytes":
      let bytes = Self.bytes(value)
      return Self.long(Int64(bytes.count)) + bytes
    case "fixed": return Self.bytes(value)
    case "enum": return Self.long(Int64(type["symbols"]?.elements?.firstIndex(of: value) ?? 0))
    case "array": return items(value.elements ?? []) { self.value($0, type["items"] ?? .null) }
    case "map":
      return items(value.members ?? []) { Self.string($0.key) + self.value($0.value, type["values"] ?? .null) }
    case "record":
      return (type["fields"]?.elements ?? []).flatMap { field in
        self.value(value[field["name"]?.stringValue ?? ""] ?? .null, field["type"] ?? .null)
      }
    case let name: return named[name].map { self.value(value, $0) } ?? self.value(value, type["type"] ?? .null)
    }
  }

  private func items<Item>(_ items: [Item], _ each: (Item) -> [UInt8]) -> [UInt8] {
    (items.isEmpty ? [] : Self.long(Int64(items.count)) + items.flatMap(each)) + [0]
  }

  private func union(_ value: JSONValue, _ branches: [JSONValue]) -> [UInt8] {
    if let branch = value["branch"]?.integerValue {
      return Self.long(branch) + self.value(value["value"] ?? .null, branches[Int(branch)])
    }
    let branch = branches.firstIndex { ($0 == "null") == value.isNull } ?? 0
    return Self.long(Int64(branch)) + self.value(value, branches[branch])
  }

  private static func bytes(_ value: JSONValue) -> [UInt8] {
    let digits = Array(value.stringValue ?? "")
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
  }

  private static func little(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}
