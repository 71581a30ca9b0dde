/// Names and lists.
extension Parser {
  func isName(_ token: Token) -> Bool {
    token.kind == .quotedName || (token.kind == .word && !token.keyword.isReserved)
  }

  /// A name where only a name can stand: any word but the reserved ones.
  mutating func parseName(_ what: String) throws(QueryError) -> Name {
    let current = token
    guard isName(current) else { throw unexpected(what) }
    advance()
    return try name(current)
  }

  private func name(_ token: Token) throws(QueryError) -> Name {
    let name = Name(text(of: token), at: token.span)
    guard !name.text.isEmpty else { throw QueryError("A name cannot be empty.", at: token.span) }
    return name
  }

  /// What stands after AS: a name or a string.
  mutating func parseAlias() throws(QueryError) -> Name {
    if let string = take(.string) { return try name(string) }
    return try parseName("a name after AS")
  }

  mutating func takeImplicitAlias(_ others: Keyword...) throws(QueryError) -> Name? {
    let current = token
    guard
      current.kind == .quotedName
        || (current.kind == .word
          && (current.keyword.canBeImplicitAlias || others.contains(current.keyword)))
    else { return nil }
    advance()
    return try name(current)
  }

  mutating func parseDottedName(_ what: String) throws(QueryError) -> [Name] {
    var names = [try parseName(what)]
    while take(.dot) != nil { names.append(try parseName("a name after the dot")) }
    return names
  }

  /// `(a, b)`
  mutating func parseNameList(_ what: String) throws(QueryError) -> [Name] {
    try expect(.leftParenthesis, "( and \(what)")
    var names: [Name] = []
    repeat { names.append(try parseName(what)) } while try takeComma(before: .rightParenthesis)
    try expect(.rightParenthesis, ", or )")
    return names
  }

  /// Passes a comma; false when there is none or when the list ends behind it.
  mutating func takeComma(before end: Token.Kind) throws(QueryError) -> Bool {
    take(.comma) != nil && !isAt(end)
  }

  /// Expressions with commas between them and perhaps one behind, up to a closing token, not passed.
  mutating func parseList(upTo end: Token.Kind) throws(QueryError) -> [Expr] {
    var items: [Expr] = []
    while !isAt(end) {
      items.append(try parseExpression())
      guard take(.comma) != nil else { break }
    }
    return items
  }

  /// A clause's expressions, at least one; a comma may stand behind the last.
  mutating func parseClauseList() throws(QueryError) -> [Expr] {
    var items = [try parseExpression()]
    while take(.comma) != nil, startsOperand { items.append(try parseExpression()) }
    return items
  }

  /// Whether an expression can begin at the token.
  var startsOperand: Bool { startsOperand(at: 0) }

  func startsOperand(at distance: Int) -> Bool {
    let current = peek(distance)
    switch current.kind {
    case .word:
      return !current.keyword.isStructural || isStructuralWordAName(at: distance)
    case .quotedName, .string, .integer, .prefixedInteger, .float, .templateStart, .leftParenthesis,
      .leftBracket, .leftBrace, .minus, .plus, .star, .less:
      return true
    default:
      return false
    }
  }

  /// `select order from t`: a clause's word is a name when nothing that it could govern follows.
  func isStructuralWordAName(at distance: Int) -> Bool {
    let word = peek(distance)
    let next = peek(distance + 1)
    switch next.kind {
    case .comma, .rightParenthesis, .rightBracket, .dot, .nullishDot, .doubleColon, .equal,
      .notEqual, .lessOrEqual, .greater, .greaterOrEqual, .slash, .percent, .concat,
      .nullish, .question, .colon, .less, .arrow:
      return true
    case .endOfText, .semicolon, .star, .minus, .plus:
      return word.keyword == .end || word.keyword == .array
    case .leftParenthesis:
      return word.keyword == .array || word.keyword == .and || word.keyword == .or
    case .leftBracket:
      return word.keyword == .array || word.keyword == .end
    case .word:
      switch next.keyword {
      case .from, .as, .is, .asc, .desc, .and, .or, .then, .like, .ilike, .between, .where, .limit:
        return true
      case .in, .not: return word.keyword != .is
      case .by: return false
      default: return word.keyword == .end && next.keyword.isStructural
      }
    default:
      return false
    }
  }
}
