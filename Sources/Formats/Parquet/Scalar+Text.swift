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

  /// A decimal text such as `-1.5e-7` as a whole number and a scale; nil when 128 bits are not enough.
  static func parseDecimal(_ text: String) -> (Int128, Int)? {
    let parts = text.utf8.split(separator: UInt8(ascii: "e"), maxSplits: 1)
    guard let mantissa = parts.first, let exponent = parts.count == 2 ? Int(Substring(parts[1])) : 0 else { return nil }
    var (value, scale, seenPoint): (Int128, Int, Bool) = (0, 0, false)
    for byte in mantissa {
      if byte == UInt8(ascii: "-") { continue }
      if byte == UInt8(ascii: ".") {
        seenPoint = true
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      guard !overflows else { return nil }
      value = product + Int128(byte - UInt8(ascii: "0"))
      if seenPoint { scale += 1 }
    }
    if mantissa.first == UInt8(ascii: "-") { value = -value }
    scale -= exponent
    if scale >= 0 { return (value, scale) }
    return rescale(value, from: scale, to: 0).map { ($0, 0) }
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

/// Pieces of JSON.
enum ParquetJSONText {
  /// A string with its quotes; the bytes are UTF-8 without NUL.
  static func string(_ bytes: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) {
    encoder.put(UInt8(ascii: "\""))
    var plain = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      encoder.append(UnsafeRawBufferPointer(rebasing: bytes[plain..<index]))
      plain = index + 1
      escape(byte, &encoder)
    }
    encoder.append(UnsafeRawBufferPointer(rebasing: bytes[plain...]))
    encoder.put(UInt8(ascii: "\""))
  }

  static func string(_ text: String) -> [UInt8] {
    var text = text
    var encoder = RowEncoder(columns: 0)
    text.withUTF8 { string(UnsafeRawBufferPointer($0), &encoder) }
    return encoder.withBytes { Array($0) }
  }

  private static func escape(_ byte: UInt8, _ encoder: inout RowEncoder) {
    encoder.put(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: encoder.put(UInt8(ascii: "n"))
    case 0x0D: encoder.put(UInt8(ascii: "r"))
    case 0x09: encoder.put(UInt8(ascii: "t"))
    case 0..<0x20:
      encoder.put(UInt8(ascii: "u"))
      encoder.append(Array("00".utf8))
      withUnsafeBytes(of: byte) { hex($0, &encoder) }
    default: encoder.put(byte)
    }
  }

  static func hex(_ bytes: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) {
    for byte in bytes {
      for nibble in [byte >> 4, byte & 15] {
        encoder.put(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
      }
    }
  }
}

/// Dates and times as text.
enum MomentText {
  static func date(_ days: Int64) -> String {
    let (year, month, day) = civil(days)
    return "\(padded(year, 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
  }

  static func time(_ value: Int64, _ unit: TimeUnit) -> String {
    let perSecond = [1000, 1_000_000, 1_000_000_000][unit.rawValue - 1] as Int64
    let (seconds, fraction) = (value.floorDivided(by: perSecond), value - value.floorDivided(by: perSecond) * perSecond)
    return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(fraction, unit.digits))"
  }

  /// `2024-02-29 23:59:59.123456+00`; for JSON `2024-02-29T23:59:59.123456Z`.
  static func timestamp(_ value: Int64, _ unit: TimeUnit, isUTC: Bool, isISO: Bool) -> String {
    let perDay = 86_400 * ([1000, 1_000_000, 1_000_000_000][unit.rawValue - 1] as Int64)
    let days = value.floorDivided(by: perDay)
    let zone = isUTC ? (isISO ? "Z" : "+00") : ""
    // The product cannot overflow below zero by more than a day: it is taken from the wrapped difference.
    return "\(date(days))\(isISO ? "T" : " ")\(time(value &- days &* perDay, unit))\(zone)"
  }

  static func padded(_ value: Int64, _ digits: Int) -> String {
    let text = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// The proleptic Gregorian date, years before 1 counted on below 0.
  static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
    // Years are counted from March on, so that the leap day is their last one.
    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
  }

  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
