/// A piece of the text as the parser sees it.
struct Token {
  enum Kind: UInt8 {
    /// A word; ``Token/keyword`` says whether it is a keyword.
    case word
    /// A name in backticks or double quotes.
    case quotedName
    case string
    /// Decimal digits only.
    case integer
    /// Hexadecimal or binary digits with their prefix.
    case prefixedInteger
    case float
    /// `f'`, a stretch of its text, and the closing quote.
    case templateStart, templateText, templateEnd

    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, dot, nullishDot, semicolon, colon, doubleColon, colonEquals, arrow, question
    case plus, minus, star, slash, percent, concat, nullish, hash
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, nullSafeEqual
    case match, notMatch, matchIgnoringCase, notMatchIgnoringCase

    /// The end of the text.
    case endOfText
    /// The text cannot be read from here on; ``TokenList/failure`` says why.
    case failure
  }

  var kind: Kind
  var keyword = Keyword.none
  /// Where it stands in the text, in bytes.
  var start: Int32
  var end: Int32
  /// How many bytes more than scalars there are before it, and before its end.
  var startExcess: Int32
  var endExcess: Int32

  var bytes: Range<Int> { Int(start)..<Int(end) }

  var span: Span {
    Span(start: Int(start - startExcess), end: Int(end - endExcess))
  }
}

/// A whole text in tokens; the last is of kind `endOfText` or `failure`.
struct TokenList {
  var tokens: [Token] = []
  var failure: QueryError?
}
