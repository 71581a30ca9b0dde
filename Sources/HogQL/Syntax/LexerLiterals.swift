/// Numbers and quoted texts.
extension Lexer {
  /// A dot, or a number that begins with one.
  mutating func dot() throws(QueryError) {
    guard peek(1).isDigit, !followsOperand else { return symbol(.dot, 1) }
    try number()
  }

  /// Whether the token before ends an operand and touches the position, as in `a.1`.
  private var followsOperand: Bool {
    guard let last = list.tokens.last, last.end == position else { return false }
    switch last.kind {
    case .word, .quotedName, .string, .integer, .float, .prefixedInteger, .rightParenthesis,
      .rightBracket, .rightBrace, .templateEnd:
      return true
    default:
      return false
    }
  }

  mutating func number() throws(QueryError) {
    let start = position
    if let last = list.tokens.last, last.kind == .dot || last.kind == .nullishDot {
      skipDigits()
      return try end(.integer, from: start)
    }
    if peek() == UInt8(ascii: "0"), let kind = try prefixedNumber() {
      return try end(kind, from: start)
    }
    skipDigits()
    var kind = Token.Kind.integer
    if peek() == UInt8(ascii: ".") {
      position += 1
      skipDigits()
      kind = .float
    }
    if skipExponent(UInt8(ascii: "e")) { kind = .float }
    try end(kind, from: start)
  }

  private mutating func end(_ kind: Token.Kind, from start: Int) throws(QueryError) {
    guard peek().isWordByte else { return add(kind, from: start, excess: excess) }
    while peek().isWordByte { position += 1 }
    throw failure(
      "A number cannot go on with letters or underscores.", from: start, excess: excess,
      hint: "Separate the number from the word, and write digits without underscores.")
  }

  /// `0x1F`, `0x1.8p3`, `0b101`; nil when the number has no prefix.
  private mutating func prefixedNumber() throws(QueryError) -> Token.Kind? {
    let start = position
    switch peek(1) | 0x20 {
    case UInt8(ascii: "x") where peek(2).hexValue != nil:
      position += 2
      return skipHexadecimal()
    case UInt8(ascii: "b") where peek(2).isDigit:
      position += 2
      while peek() == UInt8(ascii: "0") || peek() == UInt8(ascii: "1") { position += 1 }
      return .prefixedInteger
    case UInt8(ascii: "o") where peek(2).isDigit:
      position += 2
      skipDigits()
      throw failure(
        "Octal numbers are not supported.", from: start, excess: excess,
        hint: "Write the number in decimal.")
    default:
      return nil
    }
  }

  private mutating func skipHexadecimal() -> Token.Kind {
    while peek().hexValue != nil { position += 1 }
    let integerEnd = position
    if peek() == UInt8(ascii: ".") {
      position += 1
      while peek().hexValue != nil { position += 1 }
    }
    if skipExponent(UInt8(ascii: "p")) { return .float }
    position = integerEnd
    return .prefixedInteger
  }

  private mutating func skipDigits() {
    while peek().isDigit { position += 1 }
  }

  private mutating func skipExponent(_ letter: UInt8) -> Bool {
    guard peek() | 0x20 == letter else { return false }
    let isSigned = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-")
    guard peek(isSigned ? 2 : 1).isDigit else { return false }
    position += isSigned ? 2 : 1
    skipDigits()
    return true
  }

  /// A text between two of the same quotes, the quote doubled or escaped inside.
  mutating func quoted(_ kind: Token.Kind) throws(QueryError) {
    let start = position
    let startExcess = excess
    let quote = peek()
    position += 1
    while position < text.count {
      let byte = peek()
      if byte == UInt8(ascii: "\\") {
        try escape(closing: quote, inTemplate: false)
      } else if byte != quote {
        advance()
      } else if peek(1) == quote {
        position += 2
      } else {
        position += 1
        return add(kind, from: start, excess: startExcess)
      }
    }
    throw unterminated(kind == .string ? "text" : "name", from: start, excess: startExcess)
  }

  /// Passes a backslash and what it escapes.
  mutating func escape(closing quote: UInt8, inTemplate: Bool) throws(QueryError) {
    let escaped = peek(1)
    switch escaped {
    case UInt8(ascii: "x") where peek(2).hexValue != nil && peek(3).hexValue != nil:
      position += 4
    case quote, UInt8(ascii: "'"):
      position += 2
    case UInt8(ascii: "{") where inTemplate:
      position += 2
    default:
      guard EscapeSequence.byte(for: escaped) != nil else {
        let start = position
        position = min(position + 2, text.count)
        throw failure(
          "This backslash escapes nothing that is known.", from: start, excess: excess,
          hint: "Double a backslash that is meant as one: '\\\\'.")
      }
      position += 2
    }
  }
}

/// The backslash escapes of texts and quoted names.
enum EscapeSequence {
  /// What a backslash before this letter stands for.
  static func byte(for letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "0"): 0x00
    case UInt8(ascii: "a"): 0x07
    case UInt8(ascii: "v"): 0x0B
    case UInt8(ascii: "\\"): 0x5C
    default: nil
    }
  }

  /// What the bytes between two quotes stand for.
  static func decode(_ bytes: ArraySlice<UInt8>, quote: UInt8) -> String {
    guard bytes.contains(where: { $0 == UInt8(ascii: "\\") || $0 == quote }) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "\\") || byte == quote, index < bytes.endIndex else {
        result.append(byte)
        continue
      }
      let next = bytes[index]
      index += 1
      result.append(contentsOf: decodePair(byte, next, quote: quote))
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func decodePair(_ first: UInt8, _ second: UInt8, quote: UInt8) -> [UInt8] {
    guard first == UInt8(ascii: "\\") else { return [second] }
    if let byte = byte(for: second) { return [byte] }
    let standsForItself =
      second == quote || second == UInt8(ascii: "'") || second == UInt8(ascii: "{")
    // `\x41` stays four characters.
    return standsForItself ? [second] : [first, second]
  }
}
