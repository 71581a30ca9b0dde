/// Decimals as Avro stores them: a whole number in two's complement, the highest byte first, times ten to the power of
/// minus the scale.
enum AvroDecimal {
  /// The whole number; nil when it has more than 128 bits.
  static func unscaled(_ bytes: UnsafeRawBufferPointer) -> Int128? {
    guard let first = bytes.first else { return 0 }
    let sign: UInt8 = first >= 0x80 ? 0xFF : 0
    let extra = max(0, bytes.count - 16)
    guard bytes.prefix(extra).allSatisfy({ $0 == sign }) else { return nil }
    var value: Int128 = sign == 0 ? 0 : -1
    for byte in bytes.dropFirst(extra) { value = value << 8 | Int128(byte) }
    // With bytes left out the sign is in them, and must also be in the first that is kept.
    return extra > 0 && (value < 0) != (sign != 0) ? nil : value
  }

  static func append(_ bytes: UnsafeRawBufferPointer, scale: Int, to text: inout [UInt8]) {
    if let value = unscaled(bytes) {
      append(String(value.magnitude), isNegative: value < 0, scale, to: &text)
    } else {
      append(longDigits(bytes), isNegative: bytes[0] >= 0x80, scale, to: &text)
    }
  }

  private static func append(_ digits: String, isNegative: Bool, _ scale: Int, to text: inout [UInt8]) {
    if isNegative { text.append(UInt8(ascii: "-")) }
    let padding = max(0, scale + 1 - digits.utf8.count)
    let start = text.count
    text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: padding))
    text.append(contentsOf: digits.utf8)
    if scale > 0 { text.insert(UInt8(ascii: "."), at: text.count - scale) }
    assert(text.count > start)
  }

  /// The digits of the magnitude of a number of any length.
  private static func longDigits(_ bytes: UnsafeRawBufferPointer) -> String {
    // To the base 1,000,000,000, the lowest group first.
    var groups: [UInt64] = [0]
    var carry = bytes[0] >= 0x80
    // A negative number's magnitude is its complement plus one; the one is added from the lowest byte up.
    var magnitude = bytes.map { carry ? ~$0 : $0 }
    var index = magnitude.count - 1
    while carry, index >= 0 {
      magnitude[index] &+= 1
      carry = magnitude[index] == 0
      index -= 1
    }
    for byte in magnitude {
      var more = UInt64(byte)
      for place in groups.indices {
        let value = groups[place] << 8 + more
        groups[place] = value % 1_000_000_000
        more = value / 1_000_000_000
      }
      if more > 0 { groups.append(more) }
    }
    var digits = String(groups.last ?? 0)
    for group in groups.dropLast().reversed() {
      let part = String(group)
      digits += String(repeating: "0", count: 9 - part.utf8.count) + part
    }
    return digits
  }

  /// More bytes than any decimal of PostgreSQL needs (147,455 digits), which would take long to turn into digits.
  static let longest = 4_096
}
