/// Cuts a text into tokens: one pass over its bytes.
struct Lexer {
  let text: UnsafeBufferPointer<UInt8>
  var position = 0
  /// Continuation bytes passed so far: a byte's offset less this is its offset in scalars.
  var excess = 0
  var list = TokenList()
  /// For each open brace: whether a template string goes on behind it.
  private var braces: [Bool] = []

  private init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    list.tokens.reserveCapacity(text.count / 4 + 8)
  }

  /// Never fails: what cannot be read ends the list with a token of kind `failure`.
  static func tokens(of text: [UInt8]) -> TokenList {
    text.withUnsafeBufferPointer { buffer in
      var lexer = Lexer(buffer)
      do throws(QueryError) {
        try lexer.run()
      } catch {
        lexer.list.failure = error
        lexer.add(.failure, from: lexer.position, excess: lexer.excess)
      }
      return lexer.list
    }
  }

  private mutating func run() throws(QueryError) {
    guard text.count < Int(Int32.max) else {
      throw QueryError("The query is longer than 2 GB.", at: Span(start: 0, end: 0))
    }
    while try skipBlanks() {
      try next()
    }
    add(.endOfText, from: position, excess: excess)
  }

  /// The byte at `distance` from the position, 0 behind the end.
  @inline(__always)
  func peek(_ distance: Int = 0) -> UInt8 {
    let index = position + distance
    return index < text.count ? text[index] : 0
  }

  mutating func add(_ kind: Token.Kind, _ keyword: Keyword = .none, from start: Int, excess: Int) {
    list.tokens.append(
      Token(
        kind: kind, keyword: keyword, start: Int32(start), end: Int32(position),
        startExcess: Int32(excess), endExcess: Int32(self.excess)))
  }

  /// An error about the text from `start` up to the position.
  func failure(
    _ message: String, from start: Int, excess: Int, hint: String? = nil
  ) -> QueryError {
    QueryError(
      message, at: Span(start: start - excess, end: max(position - self.excess, start - excess)),
      hint: hint)
  }

  private mutating func next() throws(QueryError) {
    let byte = peek()
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), UInt8(ascii: "$"):
      try word()
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      try number()
    case UInt8(ascii: "'"):
      try quoted(.string)
    case UInt8(ascii: "`"), UInt8(ascii: "\""):
      try quoted(.quotedName)
    case UInt8(ascii: "{"):
      braces.append(false)
      symbol(.leftBrace, 1)
    case UInt8(ascii: "}"):
      symbol(.rightBrace, 1)
      if braces.popLast() == true { try templateText() }
    case UInt8(ascii: "."):
      try dot()
    default:
      try operation(byte)
    }
  }

  private mutating func word() throws(QueryError) {
    let start = position
    if peek(1) == UInt8(ascii: "'"), peek() | 0x20 == UInt8(ascii: "f") {
      return try template()
    }
    var index = position + 1
    while index < text.count, text[index].isWordByte { index += 1 }
    position = index
    let keyword = Keyword(spelling: UnsafeBufferPointer(rebasing: text[start..<index]))
    add(.word, keyword, from: start, excess: excess)
  }

  private mutating func template() throws(QueryError) {
    let start = position
    position += 2
    guard text[start] == UInt8(ascii: "f") else {
      throw failure(
        "F'..' is for text templates, not for queries.", from: start, excess: excess,
        hint: "Write f'..' with a small f.")
    }
    add(.templateStart, from: start, excess: excess)
    try templateText()
  }

  /// Reads a template's text up to its end or the next `{`.
  private mutating func templateText() throws(QueryError) {
    let start = position
    let startExcess = excess
    while position < text.count {
      switch peek() {
      case UInt8(ascii: "\\"):
        try escape(closing: UInt8(ascii: "'"), inTemplate: true)
      case UInt8(ascii: "{"):
        add(.templateText, from: start, excess: startExcess)
        braces.append(true)
        return symbol(.leftBrace, 1)
      case UInt8(ascii: "'") where peek(1) == UInt8(ascii: "'"):
        position += 2
      case UInt8(ascii: "'"):
        add(.templateText, from: start, excess: startExcess)
        return symbol(.templateEnd, 1)
      default:
        advance()
      }
    }
    throw unterminated("template string", from: start, excess: startExcess)
  }

  /// Passes one byte of running text.
  @inline(__always)
  mutating func advance() {
    if peek() & 0xC0 == 0x80 { excess += 1 }
    position += 1
  }

  mutating func symbol(_ kind: Token.Kind, _ length: Int) {
    let start = position
    position += length
    add(kind, from: start, excess: excess)
  }

  func unterminated(_ what: String, from start: Int, excess: Int) -> QueryError {
    QueryError(
      "The \(what) that begins here has no end.",
      at: Span(start: start - excess, end: start - excess + (start < text.count ? 1 : 0)),
      hint: what == "comment" ? "Close it with */." : "Close it with its quote.")
  }
}

extension UInt8 {
  /// May stand in a word behind its first letter.
  @inline(__always)
  var isWordByte: Bool {
    (self | 0x20 >= 0x61 && self | 0x20 <= 0x7A) || isDigit || self == 0x5F || self == 0x24
  }

  @inline(__always)
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  /// The digit's value in base 16, nil for no digit.
  var hexValue: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46: self - 0x41 + 10
    case 0x61...0x66: self - 0x61 + 10
    default: nil
    }
  }
}
