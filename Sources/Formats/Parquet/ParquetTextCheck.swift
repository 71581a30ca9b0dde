/// Whether bytes are text that PostgreSQL takes: UTF-8 without NUL.
enum ParquetTextCheck {
  /// Where the first byte is that is NUL or breaks UTF-8; nil when all is well.
  static func firstFault(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var at = 0
    while at < bytes.count {
      if at + 8 <= bytes.count {
        let word = (base + at).loadUnaligned(as: UInt64.self)
        // No byte has its highest bit set, and none is 0.
        if word & 0x8080_8080_8080_8080 == 0, (word &- 0x0101_0101_0101_0101) & 0x8080_8080_8080_8080 == 0 {
          at += 8
          continue
        }
      }
      let byte = bytes[at]
      if byte < 0x80 {
        if byte == 0 { return at }
        at += 1
      } else {
        let length = sequence(bytes, at)
        if length == 0 { return at }
        at += length
      }
    }
    return nil
  }

  /// How many bytes the character at `at` has, of those beyond ASCII; 0 when it is none.
  private static func sequence(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
    let lead = bytes[at]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, at + length <= bytes.count else { return 0 }
    for index in 1..<length where bytes[at + index] & 0xC0 != 0x80 { return 0 }
    let second = bytes[at + 1]
    switch lead {
    case 0xE0: return second >= 0xA0 ? length : 0
    case 0xED: return second < 0xA0 ? length : 0
    case 0xF0: return second >= 0x90 ? length : 0
    case 0xF4: return second < 0x90 ? length : 0
    default: return length
    }
  }

  /// What is wrong at a fault.
  static func reason(_ bytes: UnsafeRawBufferPointer, _ fault: Int) -> String {
    bytes[fault] == 0
      ? "byte \(fault) of the text is NUL, which PostgreSQL cannot hold"
      : "the text is not UTF-8 at its byte \(fault)"
  }
}
