/// Turns a text into a tree, by recursive descent and precedence climbing.
public struct Parser {
  /// How deep parentheses, calls and the like may be nested, in steps of the parser: parentheses are
  /// three, a call is four, a subquery eight. It keeps the recursion within half a megabyte.
  static let nestingLimit = 256
  /// How high a tree may be, from its root to its lowest node. A chain such as `a + b + c` makes a
  /// tree as high as it has operators; see ``Expr/leftSpine``.
  static let heightLimit = 4_000

  let bytes: [UInt8]
  let list: TokenList
  var index = 0
  /// Steps down to the node that is being read.
  var depth = 0
  /// The lowest level of any node read since the enclosing chain began; see ``pushDown()``.
  var deepest = 0
  /// Up to here no lambda without parentheses begins: what has been searched once.
  var namesSearchedUpTo = 0

  private init(_ text: String) {
    bytes = Array(text.utf8)
    list = Lexer.tokens(of: bytes)
  }

  /// The tree of one SELECT, or several joined by set operators, with at most one `;` behind it.
  public static func parse(_ text: String) throws(QueryError) -> Query {
    var parser = Parser(text)
    let query = try parser.parseQuery()
    if parser.take(.semicolon) != nil, parser.token.kind != .endOfText {
      throw parser.unexpected("the end: a query is one statement")
    }
    try parser.expectEnd()
    return query
  }

  /// The tree of one expression, as the key of a saved join is.
  public static func parseExpression(_ text: String) throws(QueryError) -> Expr {
    var parser = Parser(text)
    let expr = try parser.parseExpression()
    try parser.expectEnd()
    return expr
  }
}

extension Parser {
  var token: Token { list.tokens[index] }

  func peek(_ distance: Int = 1) -> Token {
    list.tokens[min(index + distance, list.tokens.count - 1)]
  }

  func isAt(_ kind: Token.Kind) -> Bool { list.tokens[index].kind == kind }

  func isAt(_ keyword: Keyword) -> Bool { list.tokens[index].keyword == keyword }

  mutating func advance() {
    if index < list.tokens.count - 1 { index += 1 }
  }

  /// Passes the token if it is of this kind.
  mutating func take(_ kind: Token.Kind) -> Token? {
    let current = token
    guard current.kind == kind else { return nil }
    advance()
    return current
  }

  mutating func take(_ keyword: Keyword) -> Token? {
    let current = token
    guard current.keyword == keyword else { return nil }
    advance()
    return current
  }

  @discardableResult
  mutating func expect(_ kind: Token.Kind, _ what: String) throws(QueryError) -> Token {
    guard let taken = take(kind) else { throw unexpected(what) }
    return taken
  }

  @discardableResult
  mutating func expect(_ keyword: Keyword) throws(QueryError) -> Token {
    guard let taken = take(keyword) else {
      throw unexpected(keyword.word.uppercasedASCII, keywords: [keyword])
    }
    return taken
  }

  func expectEnd() throws(QueryError) {
    guard isAt(.endOfText) else { throw unexpected("the end of the query", keywords: Self.clauses) }
  }

  /// From the token `start` up to the last one passed.
  func span(from start: Token) -> Span { span(from: start.span) }

  func span(from start: Span) -> Span { start.joined(with: list.tokens[max(index - 1, 0)].span) }

  /// Goes down; a subquery, which takes more of the stack, takes more `steps` at once.
  mutating func enter(_ steps: Int = 1) throws(QueryError) {
    depth += steps
    deepest = max(deepest, depth)
    guard depth <= Self.nestingLimit else { throw tooDeep }
  }

  mutating func leave(_ steps: Int = 1) { depth -= steps }

  private var tooDeep: QueryError {
    QueryError(
      "The query is nested too deeply here.", at: token.span,
      hint: "Take inner queries out with WITH, and leave out parentheses that change nothing.")
  }

  /// Accounts for a node that takes the node before it as its left operand, and so puts that one
  /// level lower.
  mutating func pushDown() throws(QueryError) {
    deepest += 1
    guard deepest <= Self.heightLimit else {
      throw QueryError(
        "More than \(Self.heightLimit) operators follow each other here.", at: token.span,
        hint: "Put parts of the chain in parentheses, or use a function over an array.")
    }
  }

  func text(of token: Token) -> String {
    switch token.kind {
    case .string, .quotedName:
      EscapeSequence.decode(bytes[token.bytes].dropFirst().dropLast(), quote: bytes[Int(token.start)])
    case .templateText:
      EscapeSequence.decode(bytes[token.bytes], quote: UInt8(ascii: "'"))
    default:
      String(decoding: bytes[token.bytes], as: UTF8.self)
    }
  }
}
