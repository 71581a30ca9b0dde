import Rows
import Testing

@Suite struct RowEncoderTests {
  private func numeric(_ text: String) -> [UInt8]? {
    var encoder = RowEncoder(columns: 1)
    var text = text
    guard text.withUTF8({ encoder.numeric(UnsafeRawBufferPointer($0)) }) else { return nil }
    return encoder.takeBatch().bytes
  }

  private func numeric(_ unscaled: Int128, _ scale: Int) -> [UInt8] {
    var encoder = RowEncoder(columns: 1)
    encoder.numeric(unscaled: unscaled, scale: scale)
    return encoder.takeBatch().bytes
  }

  /// A length, then ndigits, weight, sign, dscale and the digits.
  private func form(_ words: Int...) -> [UInt8] {
    let body = words.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    return [0, 0, 0, UInt8(body.count)] + body
  }

  // The words are what `SELECT numeric_send(...)` of PostgreSQL 15 prints.
  @Test func `decimal texts become the words that the server itself sends`() {
    #expect(numeric("0") == form(0, 0, 0, 0))
    #expect(numeric("-0.00") == form(0, 0, 0, 2))
    #expect(numeric("1") == form(1, 0, 0, 0, 1))
    #expect(numeric("-12.50") == form(2, 0, 0x4000, 2, 12, 5000))
    #expect(numeric("10000") == form(1, 1, 0, 0, 1))
    #expect(numeric("123456789.123") == form(4, 2, 0, 3, 1, 2345, 6789, 1230))
    #expect(numeric(".00001") == form(1, -2, 0, 5, 1000))
    #expect(numeric("1e-7") == form(1, -2, 0, 7, 10))
    #expect(numeric("+1.5E+3") == form(1, 0, 0, 0, 1500))
    #expect(numeric("1.5e9") == form(1, 2, 0, 0, 15))
  }

  @Test func `what is no number or has no end is written as the server sends it`() {
    var encoder = RowEncoder(columns: 3)
    encoder.numericNaN()
    encoder.numericInfinity(isNegative: false)
    encoder.numericInfinity(isNegative: true)
    #expect(encoder.takeBatch().bytes == form(0, 0, 0xC000, 0) + form(0, 0, 0xD000, 0) + form(0, 0, 0xF000, 0))
  }

  @Test(arguments: ["", "-", ".", "1.2.3", "1e", "e5", "0x10", "1 ", "1,5", "1e99999999", "1e-16384"])
  func `what is no decimal number is refused, and nothing is written`(text: String) {
    #expect(numeric(text) == nil)
  }

  @Test func `unscaled numbers give the same words as their text`() {
    for (unscaled, scale, text) in [
      (0, 2, "0.00"), (-1250, 2, "-12.50"), (1, 5, "0.00001"), (123_456_789_123, 3, "123456789.123"), (10_000, 0, "10000"),
      (7, 38, "0.00000000000000000000000000000000000007"),
      (-99_999_999_999_999_999_999_999_999_999_999_999_999, 10, "-9999999999999999999999999999.9999999999"),
    ] as [(Int128, Int, String)] {
      #expect(numeric(unscaled, scale) == numeric(text), "\(text)")
    }
  }

  @Test func `rows and a row taken back make a stream that comes apart again`() {
    var encoder = RowEncoder(columns: 2, capacity: 1)
    for value in 0..<100 {
      encoder.beginRow()
      encoder.int64(Int64(value))
      encoder.text(String(repeating: "ö", count: value))
      encoder.endRow()
    }
    encoder.beginRow()
    encoder.null()
    encoder.cancelRow()
    let batch = encoder.takeBatch(isLast: true)
    var rows = BinaryRows()
    #expect(batch.rows == 100)
    #expect(rows.rows(in: batch.bytes)?.count == 100)
  }

  @Test func `a stream without rows has a header and a trailer`() {
    var encoder = RowEncoder(columns: 3)
    #expect(encoder.takeBatch(isLast: true).bytes == BinaryRows.header + BinaryRows.trailer)
  }
}
