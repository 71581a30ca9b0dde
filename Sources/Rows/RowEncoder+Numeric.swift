import Glibc

/// Exact decimals in PostgreSQL's binary form: digits to the base 10,000, the weight of the first one, a sign and the
/// number of decimal digits after the point (`numeric_recv` in `src/backend/utils/adt/numeric.c`).
extension RowEncoder {
  static let negative: UInt16 = 0x4000
  static let notANumber: UInt16 = 0xC000

  /// For `numeric`: a whole number times ten to the power of minus `scale`, every digit of the scale kept.
  ///
  /// - Parameter scale: 0 to 16,383.
  public mutating func numeric(unscaled value: Int128, scale: Int) {
    reserve(Self.numericHead + 2 * 16)
    // The groups are put where they will stand, the lowest first, and turned round at the end: without an array.
    let groups = base + used + Self.numericHead
    var rest = value.magnitude
    var count = 0
    // The first group below the point's last multiple of four digits is filled up with zeros.
    let partial = scale % 4
    if partial > 0, rest > 0 {
      let divisor: UInt128 = partial == 1 ? 10 : partial == 2 ? 100 : 1_000
      let (quotient, remainder) = Self.divide(rest, by: divisor)
      groups.storeBytes(of: UInt16(truncatingIfNeeded: remainder * (10_000 / divisor)), as: UInt16.self)
      rest = quotient
      count = 1
    }
    while rest > UInt128(UInt64.max) {
      groups.storeBytes(of: UInt16(rest % 10_000), toByteOffset: 2 * count, as: UInt16.self)
      rest /= 10_000
      count += 1
    }
    var small = UInt64(rest)
    while small > 0 {
      groups.storeBytes(of: UInt16(small % 10_000), toByteOffset: 2 * count, as: UInt16.self)
      small /= 10_000
      count += 1
    }
    finishNumeric(count, lowest: -((scale + 3) / 4), isNegative: value < 0, scale: scale)
  }

  /// For `numeric`: as with 128 bits, and faster.
  ///
  /// - Parameter scale: 0 to 16,383.
  public mutating func numeric(unscaled value: Int64, scale: Int) {
    let partial = scale & 3
    var rest = value.magnitude
    // Twenty digits, and up to three zeros, make at most six groups; the lowest comes first.
    var groups = SIMD8<UInt16>()
    var count = 0
    if partial > 0 {
      let divisor: UInt64 = partial == 1 ? 10 : partial == 2 ? 100 : 1_000
      groups[0] = UInt16(truncatingIfNeeded: rest % divisor * (10_000 / divisor))
      rest /= divisor
      count = 1
    }
    while rest > 0 {
      groups[count] = UInt16(truncatingIfNeeded: rest % 10_000)
      rest /= 10_000
      count += 1
    }
    var bottom = 0
    while count > 0, groups[count - 1] == 0 { count -= 1 }
    while bottom < count, groups[bottom] == 0 { bottom += 1 }
    let digits = count - bottom
    let weight = digits == 0 ? 0 : count - 1 - (scale + 3) / 4
    put(UInt32(truncatingIfNeeded: 8 + 2 * digits))
    put(UInt64(digits) << 48 | UInt64(UInt16(truncatingIfNeeded: weight)) << 32
      | UInt64(value < 0 ? Self.negative : 0) << 16 | UInt64(truncatingIfNeeded: scale))
    var index = count
    while index > bottom {
      index -= 1
      put(groups[index])
    }
  }

  /// Division of 128 bits is a call that takes longer than all the rest, and is seldom needed.
  private static func divide(_ value: UInt128, by divisor: UInt128) -> (UInt128, UInt128) {
    if value <= UInt128(UInt64.max) {
      let (quotient, remainder) = UInt64(value).quotientAndRemainder(dividingBy: UInt64(divisor))
      return (UInt128(quotient), UInt128(remainder))
    }
    return value.quotientAndRemainder(dividingBy: divisor)
  }

  /// For `numeric`: NaN.
  public mutating func numericNaN() { putSpecial(Self.notANumber) }

  /// For `numeric` without a precision, since PostgreSQL 14: infinity.
  public mutating func numericInfinity(isNegative: Bool) { putSpecial(isNegative ? 0xF000 : 0xD000) }

  private mutating func putSpecial(_ sign: UInt16) {
    put(UInt32(8))
    put(UInt16(0))
    put(UInt16(0))
    put(sign)
    put(UInt16(0))
  }

  /// For `numeric`: decimal text such as `-12.50`, `+7`, `.5` or `1e-7`, every digit kept.
  ///
  /// - Returns: false, with nothing written, when the text is no such number or has more digits than PostgreSQL takes
  ///   (131,072 before the point, 16,383 after it).
  public mutating func numeric(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let number = DecimalText(text) else { return false }
    let lowest = Self.floorDivide(number.lowestPower, 4)
    let highest = number.lowestPower + number.count
    let room = number.count == 0 ? 0 : Self.floorDivide(highest + 3, 4) - lowest
    reserve(Self.numericHead + 2 * room)
    let groups = base + used + Self.numericHead
    // Groups from the lowest to the highest; `position` is the power of ten of the group's last digit.
    var position = lowest * 4
    for index in 0..<room {
      var group: UInt16 = 0
      for power in stride(from: position + 3, through: position, by: -1) {
        group = group * 10 + UInt16(number.digit(atPower: power, in: text))
      }
      groups.storeBytes(of: group, toByteOffset: 2 * index, as: UInt16.self)
      position += 4
    }
    finishNumeric(room, lowest: lowest, isNegative: number.isNegative, scale: number.scale)
    return true
  }

  /// The length, the number of groups, the weight, the sign and the scale.
  private static var numericHead: Int { 12 }

  /// Ends a value whose groups are in place after its head, the lowest first: takes off zeros at both ends, turns the
  /// groups round and writes the head.
  ///
  /// - Parameters:
  ///   - groups: how many digits to the base 10,000 there are.
  ///   - lowest: the power of 10,000 of the first one.
  private mutating func finishNumeric(_ groups: Int, lowest: Int, isNegative: Bool, scale: Int) {
    let start = base + used + Self.numericHead
    func group(_ index: Int) -> UInt16 { start.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self) }
    var top = groups
    while top > 0, group(top - 1) == 0 { top -= 1 }
    var bottom = 0
    while bottom < top, group(bottom) == 0 { bottom += 1 }
    let count = top - bottom
    let head = used
    put(UInt32(8 + 2 * count))
    put(UInt16(count))
    put(UInt16(bitPattern: Int16(truncatingIfNeeded: count == 0 ? 0 : lowest + top - 1)))
    put(isNegative && count > 0 ? Self.negative : UInt16(0))
    put(UInt16(scale))
    turn(head + Self.numericHead, bottom, top)
    used += 2 * count
  }

  /// Turns the groups from `bottom` to `top` round, and their bytes, to begin at `place`.
  private mutating func turn(_ place: Int, _ bottom: Int, _ top: Int) {
    var (low, high) = (bottom, top - 1)
    let start = base + place
    while low <= high {
      let (first, last) = (
        start.loadUnaligned(fromByteOffset: 2 * low, as: UInt16.self), start.loadUnaligned(fromByteOffset: 2 * high, as: UInt16.self)
      )
      start.storeBytes(of: last.bigEndian, toByteOffset: 2 * low, as: UInt16.self)
      start.storeBytes(of: first.bigEndian, toByteOffset: 2 * high, as: UInt16.self)
      (low, high) = (low + 1, high - 1)
    }
    if bottom > 0, top > bottom { memmove(start, start + 2 * bottom, 2 * (top - bottom)) }
  }

  private static func floorDivide(_ value: Int, _ by: Int) -> Int {
    value >= 0 ? value / by : -((-value + by - 1) / by)
  }
}

/// Where the digits of a decimal number stand in its text.
private struct DecimalText {
  var isNegative = false
  /// Digits from the first one that is not 0, before and after the point.
  private var start = 0
  private var point: Int
  private var end: Int
  private var exponent = 0
  /// How many digits the number has from its first to its last.
  var count: Int { (end - start) - (point >= start && point < end ? 1 : 0) }
  /// The power of ten of the last digit.
  var lowestPower: Int { exponent - (point < end ? end - point - 1 : 0) }
  /// How many digits are after the point when it is written out.
  var scale: Int { max(0, -lowestPower) }

  init?(_ text: UnsafeRawBufferPointer) {
    var at = 0
    if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
      isNegative = text[at] == UInt8(ascii: "-")
      at += 1
    }
    let first = at
    point = -1
    while at < text.count {
      if text[at] == UInt8(ascii: "."), point < 0 {
        point = at
      } else if !(text[at] >= UInt8(ascii: "0") && text[at] <= UInt8(ascii: "9")) {
        break
      }
      at += 1
    }
    end = at
    if point < 0 { point = end }
    guard end - first > (point < end ? 1 : 0), end - first < 160_000 else { return nil }
    if at < text.count {
      guard text[at] | 0x20 == UInt8(ascii: "e"), let power = Self.exponent(text, at + 1) else { return nil }
      exponent = power
    }
    start = first
    while start < end, text[start] == UInt8(ascii: "0") || start == point { start += 1 }
    guard scale <= 16_383, lowestPower + count <= 131_072 else { return nil }
  }

  private static func exponent(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int? {
    var at = start
    var sign = 1
    if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
      sign = text[at] == UInt8(ascii: "-") ? -1 : 1
      at += 1
    }
    guard at < text.count, text.count - at <= 6 else { return nil }
    var value = 0
    while at < text.count {
      guard text[at] >= UInt8(ascii: "0"), text[at] <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(text[at] - UInt8(ascii: "0"))
      at += 1
    }
    return sign * value
  }

  func digit(atPower power: Int, in text: UnsafeRawBufferPointer) -> UInt8 {
    let fromEnd = power - lowestPower
    guard fromEnd >= 0 else { return 0 }
    var index = end - 1 - fromEnd
    // The point itself is no digit: those before it are one place further to the left.
    if point < end, index <= point { index -= 1 }
    guard index >= start else { return 0 }
    return text[index] - UInt8(ascii: "0")
  }
}
