import Rows

extension Scalar {
  /// The value as JSON text: numbers exact, what JSON has no form for as strings. Times are in ISO 8601, bytes in
  /// hexadecimal digits behind `\x`, as PostgreSQL writes `bytea`.
  ///
  /// - Returns: false when the value is no valid text or JSON; then nothing may be made of what was written.
  func putJSON(_ encoder: inout RowEncoder) -> Bool {
    switch self {
    case .text(let bytes):
      guard ParquetTextCheck.firstFault(bytes) == nil else { return false }
      ParquetJSONText.string(bytes, &encoder)
      return true
    case .json(let bytes):
      guard JSONCheck.isValid(bytes) else { return false }
      encoder.append(bytes)
      return true
    case .bytes(let bytes):
      encoder.put(UInt8(ascii: "\""))
      encoder.put(UInt16(0x5C5C))
      encoder.put(UInt8(ascii: "x"))
      ParquetJSONText.hex(bytes, &encoder)
      encoder.put(UInt8(ascii: "\""))
      return true
    default: break
    }
    var text = plainText(isISO: true)
    let isQuoted: Bool
    switch self {
    case .bool, .decimal, .digits: isQuoted = false
    case .float(let value): isQuoted = !value.isFinite
    case .double(let value): isQuoted = !value.isFinite
    default: isQuoted = true
    }
    if isQuoted { text = "\"\(text)\"" }
    text.withUTF8 { encoder.append(UnsafeRawBufferPointer($0)) }
    return true
  }

  /// The value as PostgreSQL's own text; with `isISO` as other tools write it, for JSON.
  func plainText(isISO: Bool = false) -> String {
    switch self {
    case .bool(let value): value ? "true" : "false"
    case .decimal(let value, let scale): Self.decimalText(value, scale)
    case .digits(let text): String(decoding: text, as: UTF8.self)
    case .float(let value): Self.floatingText("\(value)")
    case .double(let value): Self.floatingText("\(value)")
    case .date(let days): MomentText.date(days)
    case .time(let value, let unit): MomentText.time(value, unit)
    case .timestamp(let value, let unit, let isUTC): MomentText.timestamp(value, unit, isUTC: isUTC, isISO: isISO)
    case .text(let bytes), .json(let bytes): String(decoding: bytes, as: UTF8.self)
    case .bytes(let bytes): "\\x" + bytes.map { Self.hex(UInt64($0), digits: 2) }.joined()
    case .uuid(let high, let low): Self.uuidText(high, low)
    case .interval(let months, let days, let milliseconds): Self.intervalText(months, days, milliseconds, isISO)
    }
  }

  /// `inf` is how Swift says it.
  private static func floatingText(_ text: String) -> String {
    switch text {
    case "inf": "Infinity"
    case "-inf": "-Infinity"
    case _ where text.hasPrefix("nan") || text.hasPrefix("-nan") || text.hasPrefix("snan"): "NaN"
    case _ where text.hasSuffix(".0"): String(text.dropLast(2))
    default: text
    }
  }

  static func decimalText(_ value: Int128, _ scale: Int) -> String {
    guard scale > 0 else { return String(value) }
    var digits = String(value.magnitude)
    if digits.utf8.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits }
    let point = digits.index(digits.endIndex, offsetBy: -scale)
    return (value < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
  }

  /// A decimal text such as `-1.5e-7` as a whole number and a scale; nil when it is none, or 128 bits are not enough.
  static func parseDecimal(_ text: String) -> (Int128, Int)? {
    var (value, scale, digits, seenPoint): (Int128, Int, Int, Bool) = (0, 0, 0, false)
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    var rest = Substring(text).utf8.dropFirst(isNegative ? 1 : 0)
    while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
      rest.removeFirst()
      if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
        continue
      }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), !overflows, product <= .max - 9 else { return nil }
      value = product + Int128(byte - UInt8(ascii: "0"))
      digits += 1
      scale += seenPoint ? 1 : 0
    }
    guard digits > 0 else { return nil }
    if !rest.isEmpty {
      guard let exponent = Int(Substring(rest.dropFirst())), (-20_000...20_000).contains(exponent) else { return nil }
      scale -= exponent
    }
    if isNegative { value = -value }
    return scale >= 0 ? (value, scale) : rescale(value, from: scale, to: 0).map { ($0, 0) }
  }

  static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  private static func uuidText(_ high: UInt64, _ low: UInt64) -> String {
    "\(hex(high >> 32, digits: 8))-\(hex(high >> 16 & 0xFFFF, digits: 4))-\(hex(high & 0xFFFF, digits: 4))"
      + "-\(hex(low >> 48, digits: 4))-\(hex(low & 0xFFFF_FFFF_FFFF, digits: 12))"
  }

  private static func intervalText(_ months: UInt32, _ days: UInt32, _ milliseconds: UInt32, _ isISO: Bool) -> String {
    let seconds = decimalText(Int128(milliseconds), 3)
    return isISO ? "P\(months)M\(days)DT\(seconds)S" : "\(months) mons \(days) days \(seconds) secs"
  }
}
