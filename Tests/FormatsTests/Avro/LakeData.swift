import Formats
import JSON
import Rows
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif

/// The files beside the tests.
enum LakeData {
  static let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Data/"

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder + path)))
  }

  /// A file with a JSON value on each line.
  static func lines(_ path: String) throws -> [JSONValue] {
    try bytes(path).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
  }

  /// Every file under a folder of the data, by its path from there.
  static func files(under path: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder + path).filter { name in
      var isFolder = false
      return FileManager.default.fileExists(atPath: folder + path + "/" + name, isDirectory: &isFolder) && !isFolder
    }
  }
}

/// Bytes as a stream of small pieces.
actor PieceStream: ByteStream {
  private var rest: ArraySlice<UInt8>
  private let size: Int

  init(_ bytes: [UInt8], size: Int = 1_000) {
    rest = bytes[...]
    self.size = size
  }

  func next() -> [UInt8]? {
    guard !rest.isEmpty else { return nil }
    defer { rest = rest.dropFirst(size) }
    return Array(rest.prefix(size))
  }
}

/// The rows of a binary `COPY` stream as JSON, in the forms of the expected values beside the data.
struct CopiedRows {
  var rows: [[JSONValue]] = []
  var rejects: [RejectedRow] = []

  init(_ source: any FileRows, _ types: [ColumnType]) async throws {
    var parts = BinaryRows()
    var bytes: [UInt8] = []
    while let next = try await source.next() {
      let found = parts.rows(in: next.batch.bytes)
      let ranges = try #require(found)
      #expect(ranges.count == next.batch.rows)
      for range in ranges { rows.append(try Self.row(next.batch.bytes[range], types)) }
      rejects += next.rejects
      bytes += next.batch.bytes
    }
    #expect(bytes.starts(with: BinaryRows.header))
    #expect(bytes.suffix(2) == BinaryRows.trailer[...])
  }

  private static func row(_ bytes: ArraySlice<UInt8>, _ types: [ColumnType]) throws -> [JSONValue] {
    var rest = bytes
    let count = Int(integer(&rest, 2))
    try #require(count == types.count)
    return try types.map { type in
      let length = Int32(truncatingIfNeeded: integer(&rest, 4))
      if length < 0 { return .null }
      defer { rest = rest.dropFirst(Int(length)) }
      return try value(rest.prefix(Int(length)), type)
    }
  }

  private static func integer(_ bytes: inout ArraySlice<UInt8>, _ width: Int) -> Int64 {
    defer { bytes = bytes.dropFirst(width) }
    let isNegative = width > 1 && (bytes.first ?? 0) >= 0x80
    return bytes.prefix(width).reduce(isNegative ? -1 : 0) { $0 << 8 | Int64($1) }
  }

  private static func value(_ bytes: ArraySlice<UInt8>, _ type: ColumnType) throws -> JSONValue {
    var rest = bytes
    switch type.name {
    case "boolean": return .bool(integer(&rest, 1) == 1)
    case "smallint", "integer", "bigint": return .integer(integer(&rest, bytes.count))
    case "real": return number(Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(&rest, 4)))))
    case "double precision": return number(Double(bitPattern: UInt64(bitPattern: integer(&rest, 8))))
    case "bytea": return ["hex": .string(hex(bytes))]
    case "uuid": return .string(uuid(hex(bytes)))
    case "date": return .string(civil(integer(&rest, 4) * 86_400_000_000).prefix(10).description)
    case "time without time zone": return .string(String(civil(integer(&rest, 8)).dropFirst(11)))
    case "timestamp without time zone": return .string(civil(integer(&rest, 8)))
    case "timestamp with time zone": return .string(civil(integer(&rest, 8)) + "Z")
    case "interval":
      let microseconds = integer(&rest, 8)
      let days = integer(&rest, 4)
      return [.integer(integer(&rest, 4)), .integer(days), .integer(microseconds)]
    case "jsonb": return try JSONValue(parsing: Array(bytes.dropFirst()))
    case let name where name.hasPrefix("numeric"): return .string(numeric(&rest))
    default: return .string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func number(_ value: Double) -> JSONValue {
    value.isFinite ? JSONValue(value) : .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func uuid(_ hex: String) -> String {
    let digits = Array(hex)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
  }

  /// Of microseconds since 2000, as ISO 8601.
  private static func civil(_ microseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: 946_684_800 + (Double(microseconds) / 1_000_000).rounded(.down))
    let fraction = ((microseconds % 1_000_000) + 1_000_000) % 1_000_000
    let seconds = date.formatted(.iso8601).dropLast()
    return "\(seconds).\(String(String(fraction + 1_000_000).dropFirst()))"
  }

  private static func numeric(_ bytes: inout ArraySlice<UInt8>) -> String {
    let count = Int(integer(&bytes, 2))
    let weight = Int(integer(&bytes, 2))
    let sign = integer(&bytes, 2)
    let scale = Int(integer(&bytes, 2))
    if sign == Int64(Int16(bitPattern: 0xC000)) { return "NaN" }
    let groups = (0..<count).map { _ in Int(integer(&bytes, 2)) }
    func group(_ power: Int) -> String {
      let index = weight - power
      return String(String(10_000 + (groups.indices.contains(index) ? groups[index] : 0)).dropFirst())
    }
    let whole = stride(from: max(weight, 0), through: 0, by: -1).map(group).joined().drop { $0 == "0" }
    let fraction = stride(from: -1, to: -1 - (scale + 3) / 4, by: -1).map(group).joined().prefix(scale)
    return (sign == 0x4000 ? "-" : "") + (whole.isEmpty ? "0" : whole) + (scale > 0 ? "." + fraction : "")
  }
}

/// Compares values where numbers may be written in several ways.
func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
  switch (left, right) {
  case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy(isSame)
  case (.object(let a), .object(let b)):
    a.count == b.count && a.allSatisfy { member in right[member.key].map { isSame(member.value, $0) } ?? false }
  case (.number, _), (_, .number): left.doubleValue == right.doubleValue
  default: left == right
  }
}
