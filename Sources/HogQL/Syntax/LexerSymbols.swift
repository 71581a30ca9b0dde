/// Operators, blanks and comments.
extension Lexer {
  mutating func operation(_ byte: UInt8) throws(QueryError) {
    switch byte {
    case UInt8(ascii: "("): symbol(.leftParenthesis, 1)
    case UInt8(ascii: ")"): symbol(.rightParenthesis, 1)
    case UInt8(ascii: "["): symbol(.leftBracket, 1)
    case UInt8(ascii: "]"): symbol(.rightBracket, 1)
    case UInt8(ascii: ","): symbol(.comma, 1)
    case UInt8(ascii: ";"): symbol(.semicolon, 1)
    case UInt8(ascii: "+"): symbol(.plus, 1)
    case UInt8(ascii: "*"): symbol(.star, 1)
    case UInt8(ascii: "/"): symbol(.slash, 1)
    case UInt8(ascii: "%"): symbol(.percent, 1)
    case UInt8(ascii: "-"): pair(">", .arrow, else: .minus)
    case UInt8(ascii: ":"): colon()
    case UInt8(ascii: "?"): question()
    case UInt8(ascii: "="): equalSign()
    case UInt8(ascii: "<"): less()
    case UInt8(ascii: ">"): pair("=", .greaterOrEqual, else: .greater)
    case UInt8(ascii: "~"): pair("*", .matchIgnoringCase, else: .match)
    case UInt8(ascii: "!") where peek(1) == UInt8(ascii: "="): symbol(.notEqual, 2)
    case UInt8(ascii: "!") where peek(1) == UInt8(ascii: "~"):
      if peek(2) == UInt8(ascii: "*") {
        symbol(.notMatchIgnoringCase, 3)
      } else {
        symbol(.notMatch, 2)
      }
    case UInt8(ascii: "|") where peek(1) == UInt8(ascii: "|"): symbol(.concat, 2)
    default: throw stray()
    }
  }

  private mutating func pair(_ second: Unicode.Scalar, _ kind: Token.Kind, else single: Token.Kind) {
    if peek(1) == UInt8(ascii: second) { symbol(kind, 2) } else { symbol(single, 1) }
  }

  private mutating func colon() {
    switch peek(1) {
    case UInt8(ascii: ":"): symbol(.doubleColon, 2)
    case UInt8(ascii: "="): symbol(.colonEquals, 2)
    default: symbol(.colon, 1)
    }
  }

  private mutating func question() {
    switch peek(1) {
    case UInt8(ascii: "?"): symbol(.nullish, 2)
    case UInt8(ascii: "."): symbol(.nullishDot, 2)
    default: symbol(.question, 1)
    }
  }

  private mutating func equalSign() {
    switch (peek(1), peek(2)) {
    case (UInt8(ascii: "="), _): symbol(.equal, 2)
    case (UInt8(ascii: "~"), UInt8(ascii: "*")): symbol(.matchIgnoringCase, 3)
    case (UInt8(ascii: "~"), _): symbol(.match, 2)
    default: symbol(.equal, 1)
    }
  }

  private mutating func less() {
    switch (peek(1), peek(2)) {
    case (UInt8(ascii: "="), UInt8(ascii: ">")): symbol(.nullSafeEqual, 3)
    case (UInt8(ascii: "="), _): symbol(.lessOrEqual, 2)
    case (UInt8(ascii: ">"), _): symbol(.notEqual, 2)
    default: symbol(.less, 1)
    }
  }

  /// Refuses the character at the position.
  private mutating func stray() -> QueryError {
    let start = position
    let scalar = currentScalar()
    var code = String(scalar.value, radix: 16, uppercase: true)
    code = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
    let shown = scalar.properties.generalCategory == .control ? "" : " '\(scalar)'"
    let where_ = Span(start: start - excess, end: start - excess + 1)
    return QueryError(
      "The character\(shown) (U+\(code)) has no meaning here.", at: where_, hint: strayHint(scalar))
  }

  private func strayHint(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "&": "Write AND for a logical and, bitAnd(a, b) for bits."
    case "|": "Write OR for a logical or, bitOr(a, b) for bits, || to join texts."
    case "!": "Write NOT for a negation."
    case "^": "Write bitXor(a, b), or pow(a, b) for a power."
    case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}": "Write a text in plain quotes: '..'."
    default: scalar.value > 0x7F ? "Put a name with such characters in backticks." : nil
    }
  }

  private func currentScalar() -> Unicode.Scalar {
    let rest = UnsafeBufferPointer(rebasing: text[position..<min(position + 4, text.count)])
    return String(decoding: rest, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
  }

  /// Passes blanks and comments; false at the end of the text.
  mutating func skipBlanks() throws(QueryError) -> Bool {
    while position < text.count {
      switch peek() {
      case 0x09...0x0D, 0x20:
        position += 1
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"),
        UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"),
        UInt8(ascii: "#"):
        skipLine()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        try skipComment()
      case 0x80...:
        guard skipUnicodeBlank() else { return true }
      default:
        return true
      }
    }
    return false
  }

  private mutating func skipLine() {
    while position < text.count, peek() != 0x0A, peek() != 0x0D { advance() }
  }

  private mutating func skipComment() throws(QueryError) {
    let start = position
    let startExcess = excess
    position += 2
    while position < text.count {
      if peek() == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
        position += 2
        return
      }
      advance()
    }
    throw unterminated("comment", from: start, excess: startExcess)
  }

  private mutating func skipUnicodeBlank() -> Bool {
    let scalar = currentScalar()
    guard scalar.properties.isWhitespace || scalar == "\u{FEFF}" else { return false }
    for _ in 0..<UTF8.width(scalar) { advance() }
    return true
  }
}
