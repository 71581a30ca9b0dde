/// Finds bytes eight at a time.
enum ByteScan {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let high: UInt64 = 0x8080_8080_8080_8080

  /// Each byte's highest bit set where the byte is zero, exactly.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    ~((word & ~high &+ ~high) | word | ~high)
  }

  @inline(__always)
  static func word(_ text: UnsafeRawBufferPointer, _ at: Int) -> UInt64 {
    UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// The first quote, backslash or control character from `at` on, or the end.
  @inline(__always)
  static func stringEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start
    while at + 8 <= text.count {
      let word = word(text, at)
      let found =
        zeros(word ^ ones &* UInt64(UInt8(ascii: "\""))) | zeros(word ^ ones &* UInt64(UInt8(ascii: "\\")))
        | zeros(word & 0xE0E0_E0E0_E0E0_E0E0)
      if found != 0 { return at + found.trailingZeroBitCount >> 3 }
      at += 8
    }
    while at < text.count, text[at] != UInt8(ascii: "\""), text[at] != UInt8(ascii: "\\"), text[at] >= 0x20 { at += 1 }
    return at
  }

  /// The first of a byte from `at` on, or the end.
  @inline(__always)
  static func first(_ byte: UInt8, in text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    let pattern = ones &* UInt64(byte)
    while at + 8 <= text.count {
      let found = zeros(word(text, at) ^ pattern)
      if found != 0 { return at + found.trailingZeroBitCount >> 3 }
      at += 8
    }
    while at < text.count, text[at] != byte { at += 1 }
    return at
  }
}
