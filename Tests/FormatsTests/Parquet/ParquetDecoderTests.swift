@testable import Formats
import Testing

/// The encodings on bytes made by hand; examples from `Encodings.md`.
@Suite struct ParquetDecoderTests {
  private func hybrid(_ bytes: [UInt8], width: Int, _ count: Int) throws -> [UInt32] {
    try bytes.withUnsafeBytes { bytes in
      var decoder = try HybridDecoder(bytes, width: width)
      var output = [UInt32](repeating: 99, count: count)
      // In two steps: the place within a run must be kept.
      try output.withUnsafeMutableBufferPointer { output in
        try decoder.decode(count / 3, into: output.baseAddress!)
        try decoder.decode(count - count / 3, into: output.baseAddress! + count / 3)
      }
      return output
    }
  }

  @Test func `bit-packed groups begin with the lowest bit`() throws {
    #expect(try hybrid([3, 0b1000_1000, 0b1100_0110, 0b1111_1010], width: 3, 8) == Array(0..<8))
  }

  @Test func `runs repeat a value of whole bytes`() throws {
    #expect(try hybrid([8, 0x34, 0x12, 2, 1, 0], width: 13, 5) == [0x1234, 0x1234, 0x1234, 0x1234, 1])
    #expect(try hybrid([], width: 0, 4) == [0, 0, 0, 0])
  }

  @Test func `empty runs are passed over`() throws {
    #expect(try hybrid([0, 7, 1, 6, 5], width: 8, 3) == [5, 5, 5])
  }

  @Test func `the bytes that fill up the last group may be missing`() throws {
    #expect(try hybrid([5, 1, 2, 3], width: 8, 3) == [1, 2, 3])
  }

  @Test(arguments: [
    ([], 1), ([2], 9), ([0, 1], 1), ([1], 1), ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], 1), ([2, 1], 1),
  ] as [([UInt8], Int)])
  func `runs that end too early or make no sense are refused`(bytes: [UInt8], width: Int) {
    #expect(throws: FormatError.self) { _ = try hybrid(bytes, width: width, 8) }
  }

  @Test func `a width beyond 32 bits is refused`() {
    #expect(throws: FormatError.self) { _ = try hybrid([2, 1, 1, 1, 1, 1], width: 33, 1) }
  }

  @Test func `the deprecated levels begin with the highest bit`() throws {
    let bytes: [UInt8] = [0b0000_0101, 0b0011_1001, 0b0111_0111]
    try bytes.withUnsafeBytes { bytes in
      var decoder = LevelDecoder.packed(bytes, width: 3, bit: 0)
      var output = [UInt32](repeating: 0, count: 8)
      try decoder.decode(5, into: &output)
      #expect(output[..<5] == [0, 1, 2, 3, 4])
      try decoder.decode(3, into: &output)
      #expect(output[..<3] == [5, 6, 7])
      #expect(throws: FormatError.self) { try decoder.decode(1, into: &output) }
    }
  }

  private func deltas(_ bytes: [UInt8], _ count: Int) throws -> [Int64] {
    try bytes.withUnsafeBytes { bytes in
      var decoder = try DeltaDecoder(bytes)
      var output = [Int64](repeating: 0, count: count)
      try decoder.decode(count, into: &output)
      return output
    }
  }

  @Test func `deltas of zero bits need no bytes`() throws {
    // Blocks of 8 in one part, five values, the first one 1, the least delta 1, zero bits.
    #expect(try deltas([8, 1, 5, 2, 2, 0], 5) == [1, 2, 3, 4, 5])
  }

  @Test func `deltas are counted from the least one`() throws {
    #expect(try deltas([8, 1, 8, 14, 3, 2, 0b1100_0000, 0b1111_1111], 8) == [7, 5, 3, 1, 2, 3, 4, 5])
  }

  @Test func `deltas of 64 bits wrap around`() throws {
    let part = [UInt8](repeating: 0xFF, count: 64)
    #expect(try deltas([8, 1, 3, 2, 0, 64] + part, 3) == [1, 0, -1])
  }

  @Test(arguments: [
    [], [8, 1, 5], [8, 0, 5, 2, 2, 0], [8, 3, 5, 2, 2, 0], [8, 1, 5, 2, 2, 65], [8, 1, 5, 2, 2], [8, 1, 5, 2, 2, 8],
    [0x80, 0x80, 0x80, 0x80, 0x10, 1, 5, 2, 2, 0], [8, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2],
  ] as [[UInt8]])
  func `deltas that end too early or make no sense are refused`(bytes: [UInt8]) {
    #expect(throws: FormatError.self) { _ = try deltas(bytes, 5) }
  }

  @Test func `more values than deltas are refused`() {
    #expect(throws: FormatError.self) { _ = try deltas([8, 1, 5, 2, 2, 0], 6) }
  }

  private func texts(_ bytes: [UInt8], _ encoding: Encoding, _ count: Int) throws -> [String] {
    try bytes.withUnsafeBytes { bytes in
      var decoder = try ValueDecoder(bytes, encoding, .byteArray, count: count)
      var output = [ValueBytes](repeating: ValueBytes(start: nil, count: 0), count: count)
      try decoder.decode(count, into: &output)
      return output.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test func `lengths come before the texts, prefixes before the suffixes`() throws {
    let lengths: [UInt8] = [8, 1, 4, 10, 0, 1, 0b0000_0010]
    #expect(
      try texts(lengths + Array("HelloWorldFoobarABCDEF".utf8), .deltaLengthByteArray, 4) == ["Hello", "World", "Foobar", "ABCDEF"])
    // Prefixes 0, 2, 0, 3 and suffixes 4, 2, 6, 5.
    let prefixes: [UInt8] = [8, 1, 4, 0, 3, 3, 0b01_000_100, 0b0000_0001, 0]
    let suffixes: [UInt8] = [8, 1, 4, 8, 3, 3, 0b01_110_000, 0, 0]
    #expect(
      try texts(prefixes + suffixes + Array("axislebabbleyhood".utf8), .deltaByteArray, 4) == ["axis", "axle", "babble", "babyhood"])
  }

  @Test func `a prefix that is longer than the value before is refused`() {
    #expect(throws: FormatError.self) { _ = try texts([8, 1, 1, 4, 8, 1, 1, 2, 97], .deltaByteArray, 1) }
  }

  @Test func `a length that reaches beyond the page is refused`() {
    #expect(throws: FormatError.self) { _ = try texts([5, 0, 0, 0, 97], .plain, 1) }
    #expect(throws: FormatError.self) { _ = try texts([0xFF, 0xFF, 0xFF, 0xFF, 97], .plain, 1) }
    #expect(throws: FormatError.self) { _ = try texts([8, 1, 1, 5, 97], .deltaLengthByteArray, 1) }
  }

  @Test(arguments: [
    ("", nil), ("plain", nil), ("größe 🌿 日本", nil), ("eight by\0te", 8), ("0123456\u{80}", nil),
  ] as [(String, Int?)])
  func `text is UTF-8 without NUL`(text: String, fault: Int?) {
    #expect(Array(text.utf8).withUnsafeBytes { ParquetTextCheck.firstFault($0) } == fault)
  }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
    [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0xFF], [0xC3, 0x28],
  ] as [[UInt8]])
  func `what breaks UTF-8 is found`(bytes: [UInt8]) {
    #expect((Array("abc".utf8) + bytes).withUnsafeBytes { ParquetTextCheck.firstFault($0) } == 3)
    #expect((Array("12345678".utf8) + bytes + Array("12345678".utf8)).withUnsafeBytes { ParquetTextCheck.firstFault($0) } == 8)
  }

  @Test(arguments: [
    "null", " [1, -2.5e10, {\"a\": \"\\u00e9\\ud83c\\udf3f\"}] ", "{}", "[]", "\"\"", "0", "-0.1", "1E+5", "true",
  ])
  func `JSON is taken`(text: String) {
    #expect(Array(text.utf8).withUnsafeBytes { JSONCheck.isValid($0) })
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\"}", "01", "1.", ".5", "+1", "nul", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\"", "\"a", "\"\t\"", "1 2",
    "1e99999", "NaN", "'a'", "\"\\x\"", "[1}",
  ])
  func `what jsonb would refuse is not`(text: String) {
    #expect(!Array(text.utf8).withUnsafeBytes { JSONCheck.isValid($0) })
    #expect(!Array((String(repeating: "[", count: 600) + text).utf8).withUnsafeBytes { JSONCheck.isValid($0) })
  }
}
