/// Whole numbers in decimal digits.
enum IntegerText {
  /// - Returns: nil where the text is no whole number, or none of 64 bits.
  @inline(__always)
  static func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
    var at = 0
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      at = 1
    }
    let digits = text.count - at
    guard digits > 0 else { return nil }
    if digits > 18 { return parseLong(text, at, isNegative) }
    var value: UInt64 = 0
    if text.count - at >= 8 {
      guard let eight = EightDigits.parse(text.loadUnaligned(fromByteOffset: at, as: UInt64.self)) else { return nil }
      value = UInt64(eight)
      at += 8
    }
    while at < text.count {
      let digit = text[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ UInt64(digit)
      at += 1
    }
    return isNegative ? -Int64(bitPattern: value) : Int64(bitPattern: value)
  }

  private static func parseLong(_ text: UnsafeRawBufferPointer, _ start: Int, _ isNegative: Bool) -> Int64? {
    var value: Int64 = 0
    for byte in text[start...] {
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
      let (next, overflowsToo) =
        isNegative ? tenfold.subtractingReportingOverflow(Int64(digit)) : tenfold.addingReportingOverflow(Int64(digit))
      if overflows || overflowsToo { return nil }
      value = next
    }
    return value
  }

  /// Whether the text is a whole number of any size.
  static func isInteger(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return digits.count >= text.count - 1 && !digits.isEmpty && digits.allSatisfy { $0 &- UInt8(ascii: "0") <= 9 }
  }
}

/// Eight digits in one word, the first in the lowest byte, as memory has them on the machines that Swift runs on.
enum EightDigits {
  /// - Returns: nil unless all eight bytes are digits.
  @inline(__always)
  static func parse(_ word: UInt64) -> UInt32? {
    let word = UInt64(littleEndian: word)
    // Each byte's upper half is 3, and stays 3 when 6 is added: only for 0x30 to 0x39.
    guard word & (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030 else { return nil }
    let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) >> 8
    let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
    return UInt32(truncatingIfNeeded: ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32)
  }
}
