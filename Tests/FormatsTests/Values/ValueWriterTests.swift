import Formats
import Rows
import Testing

@Suite struct ValueWriterTests {
  /// The value's bytes, or why there are none.
  private func write(_ text: String, _ type: String) throws -> Result<[UInt8], ValueProblem> {
    let writer = try ValueWriter(ColumnType(type))
    var encoder = RowEncoder(columns: 1)
    encoder.beginRow()
    var text = text
    if let problem = text.withUTF8({ writer.write(UnsafeRawBufferPointer($0), to: &encoder) }) { return .failure(problem) }
    encoder.endRow()
    return .success(Array(encoder.takeBatch().bytes.dropFirst(BinaryRows.header.count + 6)))
  }

  private func integer(_ text: String, _ type: String) throws -> Int64? {
    guard case .success(let bytes) = try write(text, type) else { return nil }
    let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return bytes.count == 8 ? Int64(bitPattern: value) : bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(Int16(truncatingIfNeeded: value))
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("+7", 7), ("12345678", 12_345_678), ("-123456789", -123_456_789), ("007", 7), (" 42 ", 42),
    ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("123456789012345678", 123_456_789_012_345_678),
    ("00000000000000000000012", 12),
  ] as [(String, Int64)])
  func `whole numbers are exact`(text: String, expected: Int64) throws {
    #expect(try integer(text, "bigint") == expected)
  }

  @Test(arguments: [
    ("9223372036854775808", "bigint", ValueProblem.outOfRange), ("-9223372036854775809", "bigint", .outOfRange),
    ("2147483648", "integer", .outOfRange), ("32768", "smallint", .outOfRange), ("99999999999999999999", "integer", .outOfRange),
    ("1.0", "bigint", .number), ("", "bigint", .number), ("-", "bigint", .number), ("1 2", "bigint", .number),
    ("0x10", "integer", .number), ("1234567a", "bigint", .number), ("１", "bigint", .number),
    ("1.234", "numeric(12,2)", .tooManyDigits(kept: 2)), ("12345678901.00", "numeric(12,2)", .tooManyWholeDigits(room: 10)),
    ("9999999999.995", "numeric(12,2)", .tooManyDigits(kept: 2)), ("abc", "numeric", .number), ("1e", "numeric", .number),
    ("1e200000", "numeric", .outOfRange), ("Infinity", "numeric(12,2)", .noInfinity), ("1.2.3", "numeric", .number),
    ("1,5", "numeric", .number), (".", "numeric", .number),
    ("0x1p3", "double precision", .number), ("1e400", "double precision", .outOfRange), ("1e-400", "double precision", .outOfRange),
    ("1.5x", "real", .number), ("1e39", "real", .outOfRange),
    ("maybe", "boolean", .notBool), ("2", "boolean", .notBool), ("", "boolean", .notBool),
    ("2023-02-29", "date", .notDate), ("2024-13-01", "date", .notDate), ("2024-00-10", "date", .notDate),
    ("29/02/2024", "date", .notDate), ("2024-2-9", "date", .notDate), ("0000-01-01", "date", .notDate),
    ("9999999-01-01", "date", .outOfRange), ("2024-01-01 00:00:00", "date", .notDate),
    ("25:00:00", "time", .notTime), ("12:60:00", "time", .notTime), ("12:30:60", "time", .notTime), ("24:00:01", "time", .notTime),
    ("12:30:00Z", "time", .hasZone), ("12:30:00.1234567", "time", .tooManyDigits(kept: 6)),
    ("2024-02-29T12:00:00Z", "timestamp", .hasZone), ("2024-02-29 12:00:00.1234567", "timestamp", .tooManyDigits(kept: 6)),
    ("2024-02-29 12:00:00.1234", "timestamp(3) with time zone", .tooManyDigits(kept: 3)),
    ("2024-02-30 12:00:00", "timestamp", .notTimestamp), ("2024-02-29 12:00:00 CET", "timestamptz", .notTimestamp),
    ("2024-02-29 12", "timestamp", .notTimestamp), ("300000-01-01 00:00:00", "timestamp", .outOfRange),
    ("1709208000", "timestamptz", .notTimestamp), ("2024-02-29T12:00:00+25", "timestamptz", .notTimestamp), ("2024-02-29 12:00:00 ", "date", .notDate),
    ("abc", "uuid", .notUUID), ("26d73cde-7eb1-4e1e-b7db-a4c03b4cf20g", "uuid", .notUUID),
    ("26d73cde7-eb1-4e1e-b7db-a4c03b4cf206", "uuid", .notUUID), ("xyz", "bytea", .notBytea), (#"\x0"#, "bytea", .notBytea),
    ("abcd", "varchar(3)", .tooLong(3)), ("a\0b", "text", .nul), ("{", "jsonb", .json(.endsTooEarly)),
    (#"{"a":1} x"#, "jsonb", .json(.expected(.end, at: 8))), (#""\u0000""#, "jsonb", .json(.nulEscape)), ("", "jsonb", .json(.endsTooEarly)),
  ] as [(String, String, ValueProblem)])
  func `a value that would change is not taken, and the reason is told`(text: String, type: String, problem: ValueProblem) throws {
    #expect(try write(text, type) == .failure(problem))
    #expect(!problem.reason.isEmpty)
  }

  @Test(arguments: [
    ("0", [0, 0, 0, 0]), ("1.5", [0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0x13, 0x88]), ("NaN", [0, 0, 0, 0, 0xC0, 0, 0, 0]),
    ("-Infinity", [0, 0, 0, 0, 0xF0, 0, 0, 0]), ("1.10", nil),
  ] as [(String, [UInt8]?)])
  func `numbers of any size are written`(text: String, expected: [UInt8]?) throws {
    guard case .success(let bytes) = try write(text, "numeric") else {
      Issue.record("\(text) was refused")
      return
    }
    #expect(bytes.count % 2 == 0 && bytes.count >= 8)
    if text == "NaN" || text == "-Infinity" { #expect(bytes == expected) }
    if text == "1.10" { #expect(bytes == [0, 2, 0, 0, 0, 0, 0, 2, 0, 1, 0x03, 0xE8]) }
  }

  @Test func `a number takes the scale of its column, in whatever way it is written`() throws {
    let expected: [UInt8] = [0, 2, 0, 0, 0, 0, 0, 2, 0, 12, 0x13, 0x88]
    for text in ["12.5", "12.50", "+12.500000", "1.25e1", "0012.50", "125E-1", " 12.5", "12.5000000000000000000000"] {
      #expect(try write(text, "numeric(12,2)") == .success(expected), "\(text)")
    }
    #expect(try write("9999999999.99", "numeric(12,2)") == .success([0, 4, 0, 2, 0, 0, 0, 2, 0, 99, 0x27, 0x0F, 0x27, 0x0F, 0x26, 0xAC]))
    #expect(try write("-0.00", "numeric(12,2)") == .success([0, 0, 0, 0, 0, 0, 0, 2]))
    #expect(try write("1200", "numeric(5,-2)") == .success([0, 1, 0, 0, 0, 0, 0, 0, 0x04, 0xB0]))
    #expect(try write("1250", "numeric(5,-2)") == .failure(.tooManyDigits(kept: -2)))
  }

  @Test(arguments: [
    ("2000-01-01", 0), ("1970-01-01", -10957), ("2024-02-29", 8825), ("20240229", 8825), ("0001-01-01", -730_119),
    ("9999-12-31", 2_921_939), ("0044-03-15 BC", -746_117), ("infinity", Int64(Int32.max)), ("-infinity", Int64(Int32.min)),
    ("5874897-12-31", 2_145_031_948),
  ] as [(String, Int64)])
  func `dates are counted as PostgreSQL counts them`(text: String, expected: Int64) throws {
    #expect(try integer(text, "date") == expected)
  }

  @Test(arguments: [
    ("2000-01-01 00:00:00", 0), ("2000-01-01", 0), ("2000-01-01T00:00", 0), ("2000-01-02 24:00:00", 172_800_000_000),
    ("2000-01-01 00:00:00.5", 500_000), ("2000-01-01 00:00:00,000001", 1), ("1999-12-31 23:59:59.999999", -1),
    ("2000-01-01 00:00:00.1234560000", 123_456), ("infinity", Int64.max), ("-Infinity", Int64.min),
    ("0001-01-01 00:00:00 BC", -63_113_904_000_000_000), ("10000-01-01 00:00:00", 252_455_616_000_000_000),
  ] as [(String, Int64)])
  func `times are counted as PostgreSQL counts them`(text: String, expected: Int64) throws {
    #expect(try integer(text, "timestamp without time zone") == expected)
    #expect(try integer(text, "timestamp with time zone") == expected)
  }

  @Test(arguments: [
    ("2000-01-01 00:00:00Z", 0), ("2000-01-01T01:00:00+01", 0), ("2000-01-01T01:00:00+01:00", 0), ("2000-01-01 00:00:00 UTC", 0),
    ("2000-01-01 05:30:00 +0530", 0), ("1999-12-31T16:00:00.25-08:00", 250_000), ("2000-01-01 00:00:00+00:00:01", -1_000_000),
    ("2000-01-01t00:00:00z", 0), ("2000-01-01", 0),
  ] as [(String, Int64)])
  func `zones move a time to UTC`(text: String, expected: Int64) throws {
    #expect(try integer(text, "timestamp with time zone") == expected)
  }

  @Test func `words, identifiers and bytes are read in every form that PostgreSQL prints`() throws {
    for text in ["t", "TRUE", "yes", "On", "1"] { #expect(try write(text, "boolean") == .success([1])) }
    for text in ["f", "False", "no", "off", "0"] { #expect(try write(text, "boolean") == .success([0])) }
    let uuid = (1...16).map { UInt8($0) }
    for text in ["01020304-0506-0708-090a-0b0c0d0e0f10", "0102030405060708090A0B0C0D0E0F10", "{01020304-0506-0708-090a-0b0c0d0e0f10}"] {
      #expect(try write(text, "uuid") == .success(uuid))
    }
    #expect(try write(#"\x00FFa0"#, "bytea") == .success([0, 255, 160]))
    #expect(try write(#"\x"#, "bytea") == .success([]))
    #expect(try write("äöü", "character varying(3)") == .success(Array("äöü".utf8)))
    #expect(try write(#" {"a":[1, 2]} "#, "jsonb") == .success([1] + Array(#" {"a":[1, 2]} "#.utf8)))
    #expect(try write("null", "json") == .success(Array("null".utf8)))
  }

  @Test func `floating point is the nearest value`() throws {
    for text in ["0.1", "1e22", "-2.5e-3", "1.7976931348623157e308", "5e-324", "123456789012345678901234567890"] {
      let bits = Double(text)!.bitPattern
      #expect(try write(text, "double precision") == .success((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }))
    }
    let bits = Float("16777217.5")!.bitPattern
    #expect(try write("16777217.5", "real") == .success((0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * $0)) }))
    #expect(try write("nan", "real") == .success([0x7F, 0xC0, 0, 0]))
  }

  @Test func `text is UTF-8, and its first bad byte is told`() throws {
    let writer = try ValueWriter(.text)
    let bad: [([UInt8], Int)] = [
      ([0x80], 0), ([0x61, 0xC3], 1), ([0xC0, 0x80], 0), ([0xE0, 0x9F, 0x80], 0), ([0xED, 0xA0, 0x80], 0),
      ([0xF0, 0x8F, 0x80, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0),
      (Array(repeating: 0x61, count: 37) + [0xFF], 37), (Array("ééé".utf8) + [0xE2, 0x82], 6),
    ]
    for (bytes, place) in bad {
      var encoder = RowEncoder(columns: 1)
      let problem = bytes.withUnsafeBytes { writer.write($0, to: &encoder) }
      #expect(problem == .notUTF8(at: place), "\(bytes)")
    }
    let good = "é€🌿" + String(repeating: "a", count: 33) + "\u{7FF}\u{800}\u{FFFF}\u{10FFFF}\u{1}\u{7F}"
    #expect(try write(good, "text") == .success(Array(good.utf8)))
  }
}
