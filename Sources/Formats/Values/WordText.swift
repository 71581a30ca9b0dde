import Rows

/// Values that are written as words or in hexadecimal.
enum WordText {
  enum Special { case notANumber, infinity, negativeInfinity }

  /// `NaN`, `Infinity` and their kin, in any case.
  static func special(_ text: UnsafeRawBufferPointer) -> Special? {
    guard let first = text.first, first > UInt8(ascii: "9") || text.count >= 4 else { return nil }
    if first &- UInt8(ascii: "0") <= 9 { return nil }
    if isWord(text, "nan") { return .notANumber }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let word = UnsafeRawBufferPointer(rebasing: text[(isSigned ? 1 : 0)...])
    guard isWord(word, "infinity") || isWord(word, "inf") else { return nil }
    return first == UInt8(ascii: "-") ? .negativeInfinity : .infinity
  }

  static func isWord(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
    guard text.count == word.utf8CodeUnitCount else { return false }
    return text.indices.allSatisfy { text[$0] | 0x20 == word.utf8Start[$0] }
  }

  /// The words that PostgreSQL takes, in any case.
  static func bool(_ text: UnsafeRawBufferPointer) -> Bool? {
    switch text.count {
    case 1:
      switch text[0] | 0x20 {
      case UInt8(ascii: "t"), UInt8(ascii: "y"): return true
      case UInt8(ascii: "f"), UInt8(ascii: "n"): return false
      default: return text[0] == UInt8(ascii: "1") ? true : text[0] == UInt8(ascii: "0") ? false : nil
      }
    case 2: return isWord(text, "on") ? true : isWord(text, "no") ? false : nil
    case 3: return isWord(text, "yes") ? true : isWord(text, "off") ? false : nil
    case 4: return isWord(text, "true") ? true : nil
    case 5: return isWord(text, "false") ? false : nil
    default: return nil
    }
  }

  /// 32 hexadecimal digits, with hyphens between eight, four, four, four and twelve of them or none; braces are allowed.
  static func uuid(_ text: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64)? {
    var text = text
    if text.count == 38, text[0] == UInt8(ascii: "{"), text[37] == UInt8(ascii: "}") {
      text = UnsafeRawBufferPointer(rebasing: text[1..<37])
    }
    guard text.count == 36 || text.count == 32 else { return nil }
    var halves: (UInt64, UInt64) = (0, 0)
    for (index, byte) in text.enumerated() {
      if text.count == 36, index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit = hexDigit(byte)
      guard digit < 16 else { return nil }
      halves.0 = halves.0 << 4 | halves.1 >> 60
      halves.1 = halves.1 << 4 | UInt64(digit)
    }
    return halves
  }

  /// PostgreSQL's hexadecimal form: `\x` and two digits for each byte.
  static func bytea(_ text: UnsafeRawBufferPointer, to encoder: inout RowEncoder) -> ValueProblem? {
    guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] | 0x20 == UInt8(ascii: "x"),
      text[2...].allSatisfy({ hexDigit($0) < 16 })
    else { return .notBytea }
    let start = encoder.beginValue()
    for at in stride(from: 2, to: text.count, by: 2) { encoder.put(hexDigit(text[at]) << 4 | hexDigit(text[at + 1])) }
    encoder.endValue(start)
    return nil
  }

  /// - Returns: 255 for what is no hexadecimal digit.
  static func hexDigit(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: 255
    }
  }
}
