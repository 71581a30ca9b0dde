import Formats
import Foundation
import JSON
import Rows

/// The files that these tests read.
enum ParquetTestFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Data/parquet").standardized

  static func bytes(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: folder.appending(path: name + ".parquet")))
  }

  /// One array of values for each row.
  static func expected(_ name: String) throws -> [JSONValue] {
    try lines(Data(contentsOf: folder.appending(path: name + ".expected.jsonl")))
  }

  static func lines(_ data: Data) throws -> [JSONValue] {
    try data.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: [UInt8]($0)) }
  }
}

/// A file in memory that remembers what was asked of it.
final class MemoryRanges: ByteRanges {
  let bytes: [UInt8]
  var size: Int64 { Int64(bytes.count) }
  // SAFETY: only touched under the lock.
  private nonisolated(unsafe) var asked: [Range<Int64>] = []
  private let lock = NSLock()

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var requests: [Range<Int64>] { lock.withLock { asked } }

  func read(_ range: Range<Int64>) async throws -> [UInt8] {
    lock.withLock { asked.append(range) }
    guard range.lowerBound >= 0, range.upperBound <= size else { throw OutOfBounds(range: range, size: size) }
    return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
  }

  struct OutOfBounds: Error {
    var range: Range<Int64>
    var size: Int64
  }
}

/// All rows of a file, as JSON arrays, and those that were rejected.
struct ReadRows {
  var columns: [FileColumn]
  var rows: [[JSONValue]] = []
  var rejects: [RejectedRow] = []
  var batches = 0

  /// - Parameter wanted: nil for every column with the type that the file suggests.
  init(_ ranges: any ByteRanges, _ wanted: [WantedColumn]? = nil) async throws {
    let file = try await ParquetFile.open(ranges)
    columns = file.columns
    let wanted = wanted ?? file.columns.map { WantedColumn(.field($0.name), type: $0.type) }
    let reader = try file.rows(wanted)
    var stream: [UInt8] = []
    var count = 0
    while let batch = try await reader.next() {
      batches += 1
      stream += batch.batch.bytes
      count += batch.batch.rows
      rejects += batch.rejects
    }
    rows = try CopyStream(stream, wanted.map(\.type.name)).rows()
    guard rows.count == count else { throw CopyStream.Broken(at: -1) }
  }

  init(_ name: String, _ wanted: [WantedColumn]? = nil) async throws {
    try await self.init(MemoryRanges(ParquetTestFiles.bytes(name)), wanted)
  }
}

/// Takes a binary `COPY` stream apart again, by PostgreSQL's rules.
struct CopyStream {
  struct Broken: Error { var at: Int }

  private let bytes: [UInt8]
  private let types: [String]
  private var at = BinaryRows.header.count

  init(_ bytes: [UInt8], _ types: [String]) {
    self.bytes = bytes
    self.types = types
  }

  consuming func rows() throws -> [[JSONValue]] {
    guard bytes.starts(with: BinaryRows.header) else { throw Broken(at: 0) }
    var rows: [[JSONValue]] = []
    while true {
      let fields = try integer(2)
      if fields == 0xFFFF { break }
      guard fields == types.count else { throw Broken(at: at) }
      var row: [JSONValue] = []
      for type in types { row.append(try field(type)) }
      rows.append(row)
    }
    guard at == bytes.count else { throw Broken(at: at) }
    return rows
  }

  private mutating func integer(_ width: Int) throws -> UInt64 {
    guard at + width <= bytes.count else { throw Broken(at: at) }
    defer { at += width }
    return bytes[at..<at + width].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func field(_ type: String) throws -> JSONValue {
    let length = try integer(4)
    if length == 0xFFFF_FFFF { return .null }
    let end = at + Int(length)
    guard end <= bytes.count else { throw Broken(at: at) }
    let value = try value(type.prefix { $0 != "(" } + type.drop { $0 != ")" }.dropFirst(), Int(length))
    guard at == end else { throw Broken(at: at) }
    return value
  }

  private mutating func value(_ type: Substring, _ length: Int) throws -> JSONValue {
    switch type {
    case "boolean": return .bool(try integer(1) == 1)
    case "smallint": return .integer(Int64(Int16(truncatingIfNeeded: try integer(2))))
    case "integer": return .integer(Int64(Int32(truncatingIfNeeded: try integer(4))))
    case "bigint": return .integer(Int64(bitPattern: try integer(8)))
    case "real": return Self.floating(Double(Float(bitPattern: UInt32(try integer(4)))))
    case "double precision": return Self.floating(Double(bitPattern: try integer(8)))
    case "numeric": return .string(try numeric())
    case "date": return .string(Self.date(Int64(Int32(truncatingIfNeeded: try integer(4))) + 10_957))
    case "time without time zone": return .string(Self.clock(Int64(bitPattern: try integer(8))))
    case "timestamp without time zone": return .string(Self.timestamp(Int64(bitPattern: try integer(8))))
    case "timestamp with time zone": return .string(Self.timestamp(Int64(bitPattern: try integer(8))) + "Z")
    case "interval":
      let (microseconds, days, months) = (try integer(8), try integer(4), try integer(4))
      return .string("\(months) \(days) \(microseconds)")
    default: break
    }
    defer { at += length }
    let raw = Array(bytes[at..<at + length])
    let hex = { raw.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    switch type {
    case "text", "character varying": return .string(String(decoding: raw, as: UTF8.self))
    case "bytea": return .object([("hex", .string(hex()))])
    case "uuid":
      let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(Array(hex())[$0]) }
      return .string(parts.joined(separator: "-"))
    case "jsonb":
      guard raw.first == 1 else { throw Broken(at: at) }
      return try JSONValue(parsing: Array(raw.dropFirst()))
    case "json": return try JSONValue(parsing: raw)
    default: throw Broken(at: at)
    }
  }

  private static func floating(_ value: Double) -> JSONValue {
    value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "Infinity" : "-Infinity") : JSONValue(value)
  }

  private mutating func numeric() throws -> String {
    let count = Int(try integer(2))
    let weight = Int(Int16(truncatingIfNeeded: try integer(2)))
    let sign = try integer(2)
    let scale = Int(try integer(2))
    var groups: [Int] = []
    for _ in 0..<count { groups.append(Int(try integer(2))) }
    guard groups.allSatisfy({ $0 < 10_000 }), groups.first != 0, groups.last != 0 || groups.isEmpty else { throw Broken(at: at) }
    if sign == 0xC000 { return "NaN" }
    let group = { (power: Int) in
      let text = groups.indices.contains(weight - power) ? String(groups[weight - power]) : "0"
      return String(repeating: "0", count: 4 - text.count) + text
    }
    var whole = (0...max(0, weight)).reversed().map(group).joined()
    whole = String(whole.drop { $0 == "0" })
    let fraction = (1..<max(2, scale / 4 + 2)).map { group(-$0) }.joined().prefix(scale)
    return (sign == 0x4000 ? "-" : "") + (whole.isEmpty ? "0" : whole) + (scale > 0 ? ".\(fraction)" : "")
  }

  private static func date(_ days: Int64) -> String {
    var (time, parts) = (time_t(days * 86_400), tm())
    gmtime_r(&time, &parts)
    return "\(pad(Int64(parts.tm_year) + 1900, 4))-\(pad(Int64(parts.tm_mon) + 1, 2))-\(pad(Int64(parts.tm_mday), 2))"
  }

  private static func clock(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    return "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2)).\(pad(microseconds % 1_000_000, 6))"
  }

  static func timestamp(_ since2000: Int64) -> String {
    let microseconds = since2000 + 946_684_800_000_000
    let perDay: Int64 = 86_400_000_000
    let time = (microseconds % perDay + perDay) % perDay
    return "\(date((microseconds - time) / perDay))T\(clock(time))"
  }

  private static func pad(_ value: Int64, _ digits: Int) -> String {
    let text = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

/// Compares a value that was read with the one in an expected file.
enum Expectation {
  /// What differs; nil when nothing does.
  static func difference(_ rows: [[JSONValue]], _ expected: [JSONValue], _ columns: [FileColumn]) -> String? {
    guard rows.count == expected.count else { return "\(rows.count) rows, \(expected.count) expected" }
    for (index, (row, wanted)) in zip(rows, expected).enumerated() {
      guard let values = wanted.elements, values.count == row.count else { return "row \(index + 1) has \(row.count) values" }
      for (column, (left, right)) in zip(columns, zip(row, values)) where !matches(left, right, column.fileType) {
        return "row \(index + 1), \(column.name): \(left.text().prefix(300)), expected \(right.text().prefix(300))"
      }
    }
    return nil
  }

  static func matches(_ value: JSONValue, _ expected: JSONValue, _ type: String) -> Bool {
    switch (value, expected) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    // Numeric: every digit counts, whether the expected value is written as a number or as text.
    case (.string(let left), .integer(let right)): return left == String(right)
    case (.string(let left), .number(let right)): return left == right
    case (.integer, .string(let right)), (.number, .string(let right)): return value.text() == right
    case (.string(let left), .string(let right)): return left == right || left == moment(right)
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { matches($0, $1, type) }
    // Years that the tool behind the expected values could not print.
    case (.string(let left), .object(let right)) where right.first?.key == "epoch_us":
      return right[0].value.integerValue.map { CopyStream.timestamp($0 - 946_684_800_000_000) } == left
    case (.object(let left), .array(let right)): return matchesMap(left, right, type)
    case (.object(let left), .object(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.key == $1.key && matches($0.value, $1.value, type) }
    default:
      // In nested values the sign of a zero is kept by neither side in the same way.
      guard let left = value.doubleValue, let right = expected.doubleValue else { return false }
      return left == right || Float(left) == Float(right) && type.contains("float")
    }
  }

  /// A map is an object here, with its keys as text, and a list of pairs there.
  private static func matchesMap(_ members: [(key: String, value: JSONValue)], _ pairs: [JSONValue], _ type: String) -> Bool {
    members.count == pairs.count
      && zip(members, pairs).allSatisfy { member, pair in
        guard let key = pair[0], let value = pair[1] else { return false }
        return (key.stringValue ?? key.text()) == member.key && matches(member.value, value, type)
      }
  }

  /// A time of the expected file with the six digits that PostgreSQL has.
  private static func moment(_ text: String) -> String {
    let zone = text.hasSuffix("Z") ? "Z" : ""
    let parts = text.dropLast(zone.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts[0].contains(":") else { return text }
    let fraction = (parts.count == 2 ? String(parts[1]) : "") + "000000"
    return parts[0] + "." + fraction.prefix(6) + zone
  }
}
