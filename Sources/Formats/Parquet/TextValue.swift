import Rows

/// Text as a value of another type: for columns of text that are wanted as something else, and for constants.
enum TextValue {
  /// - Returns: false, with nothing written, when the text is no value of the type.
  static func put(_ text: UnsafeRawBufferPointer, _ target: Target, _ encoder: inout RowEncoder) -> Bool {
    switch target {
    case .text(let most): return Scalar.putText(text, most, &encoder)
    case .json, .jsonb: return Scalar.json(text).put(target, &encoder)
    case .numeric(let digits): return putNumeric(text, digits, &encoder)
    case .smallint, .integer, .bigint:
      guard let (value, scale) = Scalar.parseDecimal(number(text)) else { return false }
      return Scalar.putNumber(value, scale, target, &encoder)
    case .bytea: return putHex(text, &encoder)
    case .interval: return false
    default: break
    }
    let text = String(decoding: text, as: UTF8.self)
    switch target {
    case .boolean:
      guard let value = booleans[text.lowercased()] else { return false }
      encoder.bool(value)
    case .real:
      guard let value = Float(text), value.isFinite || !hasDigits(text) else { return false }
      encoder.float(value)
    case .double:
      guard let value = Double(text), value.isFinite || !hasDigits(text) else { return false }
      encoder.double(value)
    case .uuid:
      guard let (high, low) = uuid(text) else { return false }
      encoder.uuid(high: high, low: low)
    case .date, .timestamp, .timestamptz:
      guard let moment = MomentParser(text).dateTime() else { return false }
      return Scalar.putTimestamp(moment, .microseconds, target, &encoder)
    case .time:
      guard let value = MomentParser(text).time() else { return false }
      encoder.time(microseconds: value)
    default: return false
    }
    return true
  }

  private static let booleans: [String: Bool] = [
    "true": true, "t": true, "yes": true, "y": true, "on": true, "1": true,
    "false": false, "f": false, "no": false, "n": false, "off": false, "0": false,
  ]

  /// A number that is too large would be read as infinite.
  private static func hasDigits(_ text: String) -> Bool {
    text.utf8.contains { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// With a small `e`, without the plus that JSON and PostgreSQL do not write.
  private static func number(_ text: UnsafeRawBufferPointer) -> String {
    guard text.count <= 64 else { return "" }
    let small = String(decoding: text, as: UTF8.self).lowercased()
    let digits = small.hasPrefix("+") ? String(small.dropFirst()) : small
    return digits.contains { ("0"..."9").contains($0) } ? digits : ""
  }

  private static func putNumeric(_ text: UnsafeRawBufferPointer, _ digits: Target.Digits?, _ encoder: inout RowEncoder) -> Bool {
    guard let digits else { return encoder.numeric(text) }
    if let (value, scale) = Scalar.parseDecimal(number(text)) {
      return Scalar.putNumber(value, scale, .numeric(digits), &encoder)
    }
    // More than 38 digits: the text itself must have no more of them than the type.
    let body = text.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") }
    let parts = body.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }),
      parts[0].drop(while: { $0 == UInt8(ascii: "0") }).count <= digits.precision - digits.scale,
      (parts.count == 2 ? parts[1].count : 0) <= digits.scale
    else { return false }
    return encoder.numeric(text)
  }

  private static func putHex(_ text: UnsafeRawBufferPointer, _ encoder: inout RowEncoder) -> Bool {
    guard text.count % 2 == 0, text.starts(with: Array("\\x".utf8)) else { return false }
    var bytes: [UInt8] = []
    for index in stride(from: 2, to: text.count, by: 2) {
      guard let high = nibble(text[index]), let low = nibble(text[index + 1]) else { return false }
      bytes.append(high << 4 | low)
    }
    bytes.withUnsafeBytes { encoder.bytes($0) }
    return true
  }

  private static func uuid(_ text: String) -> (UInt64, UInt64)? {
    var (value, count): (UInt128, Int) = (0, 0)
    for (index, byte) in text.utf8.enumerated() where !(byte == UInt8(ascii: "-") && [8, 13, 18, 23].contains(index)) {
      guard let digit = nibble(byte), count < 32 else { return nil }
      value = value << 4 | UInt128(digit)
      count += 1
    }
    return count == 32 ? (UInt64(value >> 64), UInt64(truncatingIfNeeded: value)) : nil
  }

  private static func nibble(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
