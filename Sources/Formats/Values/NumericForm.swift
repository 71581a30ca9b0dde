import Rows

/// `numeric` with or without a precision.
struct NumericForm: Sendable {
  /// Nil for `numeric` alone.
  var precision: Int?
  var scale: Int
  /// Ten to the power of the precision, where that fits.
  private let bound: Int64

  init(precision: Int?, scale: Int) {
    self.precision = precision
    self.scale = scale
    bound = precision.map { $0 <= 18 ? Self.power($0) : .max } ?? .max
  }

  /// Ten to the power of 0 to 18.
  @inline(__always)
  private static func power(_ exponent: Int) -> Int64 {
    var result: Int64 = 1
    var left = exponent
    while left > 0 {
      result &*= 10
      left -= 1
    }
    return result
  }

  @inline(__always)
  func write(_ text: UnsafeRawBufferPointer, to encoder: inout RowEncoder) -> ValueProblem? {
    guard let (value, digits) = Self.short(text) else { return writeLong(text, to: &encoder) }
    guard precision != nil else {
      encoder.numeric(unscaled: Int128(value), scale: digits)
      return nil
    }
    guard scale >= digits, scale - digits <= 18 else { return writeLong(text, to: &encoder) }
    let (scaled, overflows) = value.multipliedReportingOverflow(by: Self.power(scale - digits))
    guard !overflows, scaled.magnitude < bound.magnitude else { return writeLong(text, to: &encoder) }
    encoder.numeric(unscaled: Int128(scaled), scale: scale)
    return nil
  }

  /// A number of at most 18 digits, without an exponent.
  ///
  /// - Returns: the digits, and how many of them stand after the point.
  @inline(__always)
  private static func short(_ text: UnsafeRawBufferPointer) -> (value: Int64, scale: Int)? {
    guard text.count <= 19, !text.isEmpty else { return nil }
    var at = 0
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") { at = 1 }
    var point = -1
    var value: Int64 = 0
    var digits = 0
    while at < text.count {
      let digit = text[at] &- UInt8(ascii: "0")
      if digit <= 9 {
        value = value &* 10 &+ Int64(digit)
        digits += 1
      } else if text[at] == UInt8(ascii: "."), point < 0 {
        point = at
      } else {
        return nil
      }
      at += 1
    }
    guard digits > 0, digits <= 18 else { return nil }
    return (isNegative ? -value : value, point < 0 ? 0 : text.count - point - 1)
  }

  /// Numbers of any length, those with an exponent, and what is no number.
  @inline(never)
  private func writeLong(_ text: UnsafeRawBufferPointer, to encoder: inout RowEncoder) -> ValueProblem? {
    if let special = WordText.special(text) { return write(special, to: &encoder) }
    guard let number = DecimalDigits(text) else { return .number }
    guard let precision else {
      return encoder.numeric(text) ? nil : .outOfRange
    }
    guard number.digits.isEmpty || -number.power <= scale else { return .tooManyDigits(kept: scale) }
    guard number.wholeDigits <= precision - scale else { return .tooManyWholeDigits(room: precision - scale) }
    // Fits now, and has at most 1,000 digits: written out with exactly the digits of the scale.
    return encoder.numeric(number.written(scale: max(scale, 0))) ? nil : .outOfRange
  }

  private func write(_ special: WordText.Special, to encoder: inout RowEncoder) -> ValueProblem? {
    switch special {
    case .notANumber: encoder.numericNaN()
    case .infinity where precision == nil: encoder.numericInfinity(isNegative: false)
    case .negativeInfinity where precision == nil: encoder.numericInfinity(isNegative: true)
    default: return .noInfinity
    }
    return nil
  }
}

extension RowEncoder {
  mutating func numeric(_ digits: [UInt8]) -> Bool { digits.withUnsafeBytes { numeric($0) } }
}

/// A decimal number's digits without zeros at both ends, and where the point is.
struct DecimalDigits {
  private(set) var isNegative = false
  /// From the first digit that is not 0 to the last; empty for zero.
  private(set) var digits: [UInt8] = []
  /// The power of ten of the last digit.
  private(set) var power = 0

  /// How many digits after the point count.
  var scale: Int { max(0, -power) }
  /// How many digits before the point count.
  var wholeDigits: Int { digits.isEmpty ? 0 : max(0, digits.count + power) }

  init?(_ text: UnsafeRawBufferPointer) {
    var rest = text[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest.removeFirst()
    }
    let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
    if mantissa.count < rest.count {
      guard let exponent = Self.exponent(rest.dropFirst(mantissa.count + 1)) else { return nil }
      power = exponent
    }
    guard read(mantissa) else { return nil }
  }

  private mutating func read(_ mantissa: Slice<UnsafeRawBufferPointer>) -> Bool {
    var hasPoint = false
    var hasDigit = false
    for byte in mantissa {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        guard byte &- UInt8(ascii: "0") <= 9 else { return false }
        hasDigit = true
        if hasPoint { power -= 1 }
        if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
      }
    }
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      power += 1
    }
    if digits.isEmpty { power = 0 }
    return hasDigit
  }

  private static func exponent(_ text: Slice<UnsafeRawBufferPointer>) -> Int? {
    let digits = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    guard !digits.isEmpty, digits.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else { return nil }
    // A larger exponent is out of every type's range.
    let value = digits.reduce(0) { min($0 * 10 + Int($1 - UInt8(ascii: "0")), 1_000_000) }
    return text.first == UInt8(ascii: "-") ? -value : value
  }

  /// The number without an exponent, with so many digits after the point. Only for numbers that are known to be short.
  func written(scale: Int) -> [UInt8] {
    let zero = UInt8(ascii: "0")
    var all = digits + [UInt8](repeating: zero, count: digits.isEmpty ? scale : scale + power)
    if all.count <= scale { all = [UInt8](repeating: zero, count: scale - all.count + 1) + all }
    let whole = all.count - scale
    return (isNegative ? [UInt8(ascii: "-")] : []) + all[..<whole] + (scale > 0 ? [UInt8(ascii: ".")] + all[whole...] : [])
  }
}
