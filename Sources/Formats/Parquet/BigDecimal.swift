/// Whole numbers of any length as decimal text.
enum BigDecimal {
  /// - Parameter bytes: two's complement, the highest byte first. Nil for more than 600 bytes that count, about 1,440 digits:
  ///   PostgreSQL's precision ends at 1,000.
  static func text(_ bytes: ValueBytes, scale: Int) -> [UInt8]? {
    let isNegative = (bytes.first ?? 0) >= 0x80
    var magnitude = Array(bytes.drop { $0 == (isNegative ? 0xFF : 0) })
    guard magnitude.count <= 600 else { return nil }
    if isNegative {
      magnitude.insert(0xFF, at: 0)
      negate(&magnitude)
    }
    var digits: [UInt8] = []
    while magnitude.contains(where: { $0 != 0 }) {
      var rest: UInt32 = 0
      for index in magnitude.indices {
        let value = rest << 8 | UInt32(magnitude[index])
        magnitude[index] = UInt8(truncatingIfNeeded: value / 10)
        rest = value % 10
      }
      digits.append(UInt8(ascii: "0") + UInt8(rest))
    }
    while digits.count <= scale { digits.append(UInt8(ascii: "0")) }
    if scale > 0 { digits.insert(UInt8(ascii: "."), at: scale) }
    if isNegative { digits.append(UInt8(ascii: "-")) }
    return digits.reversed()
  }

  private static func negate(_ bytes: inout [UInt8]) {
    var carry: UInt16 = 1
    for index in bytes.indices.reversed() {
      let value = UInt16(~bytes[index]) + carry
      bytes[index] = UInt8(truncatingIfNeeded: value)
      carry = value >> 8
    }
  }
}

extension Int64 {
  /// Division that rounds down, also below zero.
  @inline(__always)
  func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
