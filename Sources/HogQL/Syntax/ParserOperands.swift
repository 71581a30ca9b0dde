/// Operands: prefix operators, literals, names, brackets, and what follows them.
extension Parser {
  mutating func parseOperand() throws(QueryError) -> Expr {
    switch token.kind {
    case .minus, .plus: return try parseSign()
    case .word where isAt(.not) && !isWordAlone: return try parseNot()
    default:
      var expr = try parsePrimary()
      if isAtPostfix { try parsePostfix(after: &expr) }
      return expr
    }
  }

  /// Whether the word at the token stands by itself, and so is a name.
  private var isWordAlone: Bool { !startsOperand(at: 1) || peek().kind == .star }

  private mutating func parseNot() throws(QueryError) -> Expr {
    let start = token.span
    advance()
    try enter()
    defer { leave() }
    guard isAt(.leftParenthesis) else {
      let operand = try parseBinary(.between)
      return Expr(.unary(.not, operand), at: span(from: start))
    }
    var operand = try parsePrimary()
    try negate(&operand, from: start)
    return operand
  }

  /// `not (a) = b` calls the function `not`; a list in parentheses cannot be its argument.
  private mutating func negate(_ operand: inout Expr, from start: Span) throws(QueryError) {
    guard case .tuple = operand.kind else {
      operand = Expr(.unary(.not, operand), at: span(from: start))
      return try parsePostfix(after: &operand)
    }
    try parsePostfix(after: &operand)
    try parseInfix(after: &operand, .between)
    operand = Expr(.unary(.not, operand), at: span(from: start))
  }

  private mutating func parseSign() throws(QueryError) -> Expr {
    let start = token.span
    let isNegative = isAt(.minus)
    advance()
    if let number = try takeNumber(isNegative: isNegative) {
      var expr = Expr(.literal(number), at: span(from: start))
      try parsePostfix(after: &expr)
      return expr
    }
    guard isNegative else { throw unexpected("a number after +") }
    try enter()
    defer { leave() }
    let operand = try parseOperand()
    return Expr(.unary(.negate, operand), at: span(from: start))
  }

  private var isAtPostfix: Bool {
    switch token.kind {
    case .dot, .nullishDot, .leftBracket, .doubleColon, .leftParenthesis: true
    default: false
    }
  }

  /// Everything that binds tighter than a sign: `.b`, `[i]`, `::type`.
  mutating func parsePostfix(after expr: inout Expr) throws(QueryError) {
    while isAtPostfix {
      try pushDown()
      switch token.kind {
      case .dot: try parseDot(after: &expr)
      case .nullishDot: try parseNullishDot(after: &expr)
      case .leftBracket: try parseSubscript(of: &expr)
      case .doubleColon: try parseColons(after: &expr)
      default: throw notCallable(expr)
      }
    }
  }

  private mutating func parseColons(after expr: inout Expr) throws(QueryError) {
    advance()
    let type = try parseBareType()
    expr = Expr(.cast(expr, type, .colons), at: expr.span.joined(with: type.span))
  }

  private func notCallable(_ expr: Expr) -> QueryError {
    guard case .name(let names) = expr.kind else { return unexpected("an operator or a clause") }
    let name = names.map(\.text).joined(separator: ".")
    return QueryError(
      "There is no function \(name): a function's name has no dots.", at: expr.span)
  }

  private mutating func parseDot(after base: inout Expr) throws(QueryError) {
    guard case .name(var names) = base.kind else {
      advance()
      return try parseStep(of: &base)
    }
    while isAt(.dot), isName(peek()), !isColumnsCall(at: 1) {
      advance()
      names.append(try parseName("a name"))
    }
    base = Expr(.name(names), at: span(from: base.span))
    guard take(.dot) != nil else { return }
    if isAt(.star) {
      base = try parseStar(from: base.span, qualifier: names)
    } else if isColumnsCall(at: 0) {
      base = try parseColumns(from: base.span, qualifier: names)
    } else {
      try parseStep(of: &base)
    }
  }

  private func isColumnsCall(at distance: Int) -> Bool {
    peek(distance).keyword == .columns && peek(distance + 1).kind == .leftParenthesis
  }

  private mutating func parseNullishDot(after base: inout Expr) throws(QueryError) {
    advance()
    if isAt(.leftBracket) { try parseSubscript(of: &base) } else { try parseStep(of: &base) }
  }

  /// The name or number behind a dot.
  private mutating func parseStep(of base: inout Expr) throws(QueryError) {
    guard let number = take(.integer) else {
      let name = try parseName("a name or a number after the dot")
      base = Expr(.member(base, name), at: base.span.joined(with: name.span))
      return
    }
    guard let position = Int(text(of: number)) else {
      throw QueryError("This index is too large.", at: number.span)
    }
    base = Expr(.element(base, index: position), at: base.span.joined(with: number.span))
  }

  private mutating func parseSubscript(of base: inout Expr) throws(QueryError) {
    try expect(.leftBracket, "[")
    let from = isAt(.colon) ? nil : try parseExpression()
    if take(.colon) != nil { return try parseSliceEnd(of: &base, from: from) }
    let end = try expect(.rightBracket, "]")
    guard let from else { return }
    base = Expr(.subscripted(base, from), at: base.span.joined(with: end.span))
  }

  private mutating func parseSliceEnd(of base: inout Expr, from: Expr?) throws(QueryError) {
    let to = isAt(.rightBracket) ? nil : try parseExpression()
    let end = try expect(.rightBracket, "]")
    base = Expr(.slice(base, from: from, to: to), at: base.span.joined(with: end.span))
  }

  mutating func parsePrimary() throws(QueryError) -> Expr {
    switch token.kind {
    case .word: return try parseWord()
    case .templateStart: return try parseTemplate()
    case .leftParenthesis: return try parseParenthesised()
    case .leftBracket: return try parseArray(from: token.span)
    case .leftBrace: return try parseBraces()
    case .star: return try parseStar(from: token.span, qualifier: [])
    case .quotedName: return try parseNameOrCall()
    default: return try parseConstant()
    }
  }

  private mutating func parseConstant() throws(QueryError) -> Expr {
    let start = token
    if start.kind == .string {
      advance()
      return Expr(.literal(.string(text(of: start))), at: start.span)
    }
    if let number = try takeNumber(isNegative: false) {
      return Expr(.literal(number), at: start.span)
    }
    if start.kind == .less, peek().kind == .word { throw tagsRefused() }
    throw unexpected("an expression")
  }

  func tagsRefused() -> QueryError {
    QueryError(
      "Tags such as <a> describe a rendering and are not supported in queries.", at: token.span,
      hint: "Select the values themselves.")
  }

  private mutating func parseWord() throws(QueryError) -> Expr {
    isAt(Keyword.none) ? try parseNameOrCall() : try parseKeyword()
  }

  private mutating func parseKeyword() throws(QueryError) -> Expr {
    let next = peek().kind
    switch token.keyword {
    case .not: return try parseNameOrCall()
    case .null, .true, .false, .inf, .infinity, .nan: return try parseWordLiteral()
    case .case where startsOperand(at: 1) || peek().keyword == .when: return try parseCase()
    case .cast where next == .leftParenthesis, .try_cast where next == .leftParenthesis:
      return try parseCast()
    case .columns where next == .leftParenthesis:
      return try parseColumns(from: token.span, qualifier: [])
    case .trim where next == .leftParenthesis && isTrimSide(peek(2).keyword):
      return try parseTrim()
    case .interval: return try parseInterval()
    case .lambda where next == .word && peek().keyword == .none: return try parseLambdaKeyword()
    case .array where next == .leftBracket:
      let start = token.span
      advance()
      return try parseArray(from: start)
    case .except, .intersect: throw unexpected("an expression")
    default:
      guard !token.keyword.isStructural || isStructuralWordAName(at: 0) else {
        throw unexpected("an expression")
      }
      return try parseNameOrCall()
    }
  }

  private mutating func parseWordLiteral() throws(QueryError) -> Expr {
    let start = token
    let literal: Literal
    switch start.keyword {
    case .null: literal = .null
    case .true: literal = .boolean(true)
    case .false: literal = .boolean(false)
    default: return try parseConstant()
    }
    advance()
    return Expr(.literal(literal), at: start.span)
  }

  private mutating func parseNameOrCall() throws(QueryError) -> Expr {
    if isLambdaAhead { return try parseLambda() }
    let name = try parseName("an expression")
    guard isAt(.leftParenthesis) else { return Expr(.name([name]), at: name.span) }
    return try parseCall(name)
  }

  private mutating func parseArray(from start: Span) throws(QueryError) -> Expr {
    try expect(.leftBracket, "[")
    let items = try parseList(upTo: .rightBracket)
    try expect(.rightBracket, ", or ]")
    return Expr(.array(items), at: span(from: start))
  }

  /// `(a)`, `(a, b)`, `(a,)`, `(select ..)`, `(a, b) -> c`.
  private mutating func parseParenthesised() throws(QueryError) -> Expr {
    if isLambdaAhead { return try parseLambda() }
    let start = token.span
    advance()
    try enter()
    defer { leave() }
    if startsQuery { return try parseSubquery(from: start) }
    var expr = try parseExpression()
    try closeParenthesis(around: &expr, from: start)
    return expr
  }

  private mutating func parseSubquery(from start: Span) throws(QueryError) -> Expr {
    let query = try parseQuery()
    try expect(.rightParenthesis, ")")
    return Expr(.subquery(query), at: span(from: start))
  }

  /// What follows the first expression in parentheses.
  private mutating func closeParenthesis(
    around expr: inout Expr, from start: Span
  ) throws(QueryError) {
    if take(.rightParenthesis) != nil {
      expr.span = span(from: start)
    } else if startsSetTail, case .subquery(let member) = expr.kind {
      let query = try parseQuery(after: .query(member), with: nil, from: start)
      try expect(.rightParenthesis, ")")
      expr = Expr(.subquery(query), at: span(from: start))
    } else {
      try expect(.comma, ", or )")
      let rest = try parseList(upTo: .rightParenthesis)
      try expect(.rightParenthesis, ", or )")
      expr = Expr(.tuple([expr] + rest), at: span(from: start))
    }
  }

  /// `{name}`, or a dictionary.
  private mutating func parseBraces() throws(QueryError) -> Expr {
    if let placeholder = try takePlaceholder() {
      return Expr(.placeholder(placeholder), at: placeholder.span)
    }
    let start = token.span
    advance()
    var entries: [DictionaryEntry] = []
    while !isAt(.rightBrace) {
      try parseEntry(into: &entries)
      guard take(.comma) != nil else { break }
    }
    try expect(.rightBrace, ", or }")
    return Expr(.dictionary(entries), at: span(from: start))
  }

  private mutating func parseEntry(into entries: inout [DictionaryEntry]) throws(QueryError) {
    let key = try parseExpression()
    try expect(
      .colon, "a colon: braces hold a placeholder's name, {name}, or a dictionary, {'key': value}")
    entries.append(DictionaryEntry(key: key, value: try parseExpression()))
  }

  mutating func takePlaceholder() throws(QueryError) -> Placeholder? {
    let start = token
    guard start.kind == .leftBrace, isName(peek()) else { return nil }
    var distance = 2
    while peek(distance).kind == .dot, isName(peek(distance + 1)) { distance += 2 }
    guard peek(distance).kind == .rightBrace else { return nil }
    let path = stride(from: 1, to: distance, by: 2).map { text(of: peek($0)) }
    index += distance + 1
    return Placeholder(path: path, span: span(from: start))
  }

  /// `f'text {expr} text'`
  private mutating func parseTemplate() throws(QueryError) -> Expr {
    let start = token
    advance()
    var parts: [Expr] = []
    while take(.templateEnd) == nil {
      let current = token
      if take(.templateText) != nil {
        if current.start < current.end {
          parts.append(Expr(.literal(.string(text(of: current))), at: current.span))
        }
      } else {
        try expect(.leftBrace, "the rest of the template string")
        parts.append(try parseExpression())
        try expect(.rightBrace, "} after the expression in a template string")
      }
    }
    let whole = span(from: start)
    if parts.count > 1 { return Expr(.concat(parts), at: whole) }
    return Expr(parts.first?.kind ?? .literal(.string("")), at: whole)
  }
}
