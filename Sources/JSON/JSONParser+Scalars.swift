extension JSONParser {
  /// Whether the text is a number as JSON writes it.
  static func isNumber(_ text: String) -> Bool {
    var parser = JSONParser(Array(text.utf8), depthLimit: 0)
    return (try? parser.skipNumber()) != nil && parser.offset == parser.bytes.count
  }

  /// A number that an `Int64` holds without loss is an integer; `-0`, `1.0` and `1e3` keep their text.
  mutating func parseNumber() throws(JSONError) -> JSONValue {
    let start = offset
    let isWhole = try skipNumber()
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard isWhole, text != "-0", let value = Int64(text) else { return .number(text) }
    return .integer(value)
  }

  /// - Returns: whether it has neither a fraction nor an exponent.
  private mutating func skipNumber() throws(JSONError) -> Bool {
    if peek == UInt8(ascii: "-") { offset += 1 }
    if peek == UInt8(ascii: "0") {
      offset += 1
      if let peek, isDigit(peek) { throw error("a number begins with no extra zero") }
    } else {
      try skipDigits()
    }
    var isWhole = true
    if peek == UInt8(ascii: ".") {
      offset += 1
      try skipDigits()
      isWhole = false
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      offset += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
      try skipDigits()
      isWhole = false
    }
    return isWhole
  }

  private mutating func skipDigits() throws(JSONError) {
    guard let first = peek, isDigit(first) else { throw error("expected a digit") }
    while let byte = peek, isDigit(byte) { offset += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Reads the string whose opening quote is at the offset.
  mutating func parseString() throws(JSONError) -> String {
    offset += 1
    var text: [UInt8] = []
    while true {
      let start = offset
      while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        offset += 1
      }
      text.append(contentsOf: bytes[start..<offset])
      switch peek {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try parseEscape(into: &text)
      case nil: throw error("a string has no end")
      default: throw error("a control character in a string must be escaped")
      }
    }
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
    offset += 1
    let plain: Unicode.Scalar
    switch peek {
    case UInt8(ascii: "\""): plain = "\""
    case UInt8(ascii: "\\"): plain = "\\"
    case UInt8(ascii: "/"): plain = "/"
    case UInt8(ascii: "b"): plain = "\u{8}"
    case UInt8(ascii: "f"): plain = "\u{C}"
    case UInt8(ascii: "n"): plain = "\n"
    case UInt8(ascii: "r"): plain = "\r"
    case UInt8(ascii: "t"): plain = "\t"
    case UInt8(ascii: "u"):
      text.append(contentsOf: UTF8.encode(try parseCodePoint())!)
      return
    default: throw error("a backslash is followed by none of \" \\ / b f n r t u")
    }
    offset += 1
    text.append(UInt8(ascii: plain))
  }

  /// Reads `u` and four digits, and the second half where they are the first of a surrogate pair.
  private mutating func parseCodePoint() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    let first = try parseUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if UTF16.isLeadSurrogate(first), peek == UInt8(ascii: "\\") {
      offset += 1
      if peek == UInt8(ascii: "u") {
        let second = try parseUnit()
        if UTF16.isTrailSurrogate(second) {
          let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
          return Unicode.Scalar(value)!
        }
      }
    }
    throw JSONError(reason: "half of a surrogate pair stands alone", offset: start - 1)
  }

  private mutating func parseUnit() throws(JSONError) -> UInt16 {
    offset += 1
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error(#"expected four hexadecimal digits after "\u""#)
      }
      value = value << 4 + UInt16(digit)
      offset += 1
    }
    return value
  }
}
