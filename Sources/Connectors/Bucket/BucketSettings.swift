import ConnectorKit
import Formats

/// What a file of a bucket is written as.
enum FileFormat: String, CaseIterable {
  case csv, tsv, jsonl, json, parquet, avro, delta, iceberg

  var isText: Bool { self == .csv || self == .tsv }
  var isJSON: Bool { self == .jsonl || self == .json }
  /// A table of files with a log of its own, which says which of them count.
  var isTable: Bool { self == .delta || self == .iceberg }

  /// By the name without the ending of its compression; nil where it says nothing.
  init?(name: String) {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    switch name[name.index(after: dot)...].lowercased() {
    case "csv", "txt": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson", "jsonlines": self = .jsonl
    case "json": self = .json
    case "parquet", "parq", "pq": self = .parquet
    case "avro": self = .avro
    default: return nil
    }
  }

  /// By its first bytes, unpacked.
  init(head: [UInt8]) {
    let text = head.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if head.starts(with: Array("PAR1".utf8)) {
      self = .parquet
    } else if head.starts(with: Array("Obj\u{1}".utf8)) {
      self = .avro
    } else if text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") {
      self = .jsonl
    } else {
      self = .csv
    }
  }
}

/// What the user said of a bucket's files. What is nil is found out.
struct BucketSettings {
  /// What becomes of a file that was loaded and is another one now, or gone.
  enum Changed: String, CaseIterable { case reload, append, error }
  enum Deleted: String, CaseIterable { case keep, remove }
  /// The tool that wrote the files.
  enum Tool: String, CaseIterable { case auto, airbyte, stitch, fivetran, posthog, none }

  var url: String
  var table: String
  var format: FileFormat?
  var compression: Compression?
  var primaryKey: [String]
  /// Types in the warehouse, by column.
  var types: [String: String]
  var changed: Changed
  var deleted: Deleted
  var layout: Tool
  var hasProvenance: Bool
  var maxLine: Int
  /// The fields `delimiter`, `quote`, `escape`, `header`, `null`, `comment`, `encoding`, `missing_fields`, as they were given.
  var dialect: [String: String]

  static let dialectFields = ["delimiter", "quote", "escape", "header", "null", "comment", "encoding", "missing_fields"]

  init(_ fields: [String: String]) throws(ConnectorError) {
    func given(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty || $0 == "auto" ? nil : $0 } }
    guard let url = given("url") else { throw ConnectorError(.unusable, "url= is missing", hint: "It names the files, such as url=s3://bucket/orders/*.csv") }
    self.url = url
    table = given("table") ?? "files"
    format = try Self.choice("format", given("format"))
    compression = try Self.choice("compression", given("compression"))
    changed = try Self.choice("changed", given("changed")) ?? .reload
    deleted = try Self.choice("deleted", given("deleted")) ?? .keep
    layout = try Self.choice("layout", given("layout")) ?? .auto
    hasProvenance = try Self.flag("provenance", given("provenance")) ?? false
    primaryKey = given("primary_key")?.split(separator: ",").map { String($0).trimmingSpaces } ?? []
    types = try Self.types(given("types") ?? "")
    maxLine = try Self.bytes(given("max_line_size")) ?? TextLimits().line
    dialect = fields.filter { Self.dialectFields.contains($0.key) && !$0.value.isEmpty }
    _ = try dialect(knownTo: CSVDialect())
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ text: String?) throws(ConnectorError) -> Choice?
  where Choice.RawValue == String {
    guard let text else { return nil }
    if let choice = Choice(rawValue: text.lowercased()) { return choice }
    throw ConnectorError(.unusable, "\(name)=\(text) is not known", hint: "It is one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
  }

  private static func flag(_ name: String, _ text: String?) throws(ConnectorError) -> Bool? {
    guard let text else { return nil }
    switch text.lowercased() {
    case "on", "true", "yes", "1": return true
    case "off", "false", "no", "0": return false
    default: throw ConnectorError(.unusable, "\(name)=\(text) is neither on nor off", hint: "Write \(name)=on or \(name)=off.")
    }
  }

  /// `64MB`, `1GB` or a number of bytes.
  private static func bytes(_ text: String?) throws(ConnectorError) -> Int? {
    guard let text else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = ["": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30][text[digits.endIndex...].uppercased().trimmingSpaces]
    guard let number = Int(digits), let unit, (1...1023).contains(number * unit >> 20) || number * unit < 1 << 20, number > 0 else {
      throw ConnectorError(.unusable, "max_line_size=\(text) is not a size below 1 GB", hint: "Write it as 64MB, which is the default.")
    }
    return number * unit
  }

  /// `amount:numeric(12,2),placed:date`: a comma within parentheses separates nothing.
  static func types(_ text: String) throws(ConnectorError) -> [String: String] {
    var parts: [String] = [""]
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == ",", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    var types: [String: String] = [:]
    for part in parts where !part.trimmingSpaces.isEmpty {
      guard let colon = part.lastIndex(of: ":") else {
        throw ConnectorError(.unusable, "types= has \(part) without a type", hint: "Write types=COLUMN:TYPE,COLUMN:TYPE, such as types=amount:numeric(12,2).")
      }
      types[String(part[..<colon]).trimmingSpaces] = String(part[part.index(after: colon)...]).trimmingSpaces
    }
    return types
  }
}

extension String {
  var trimmingSpaces: String { self[...].trimmed }
}
