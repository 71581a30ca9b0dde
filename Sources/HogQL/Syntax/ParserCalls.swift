/// Calls and the forms that look like calls.
extension Parser {
  /// From the parenthesis behind a function's name to the end of OVER.
  mutating func parseCall(_ name: Name) throws(QueryError) -> Expr {
    try enter()
    defer { leave() }
    var call = Call(name: name, parameters: nil, arguments: [])
    try parseArguments(into: &call)
    if isAt(.leftParenthesis) { try parseSecondArguments(into: &call) }
    try parseCallEnd(into: &call)
    return Expr(.call(call), at: span(from: name.span))
  }

  private mutating func parseSecondArguments(into call: inout Call) throws(QueryError) {
    guard !call.isDistinct, call.orderBy.isEmpty else { throw unexpected("an operator") }
    call.parameters = call.arguments
    call.arguments = []
    try parseArguments(into: &call)
  }

  /// FILTER and OVER.
  private mutating func parseCallEnd(into call: inout Call) throws(QueryError) {
    if isAt(.leftParenthesis) || isAt(.within) { try refuseCallEnd(call) }
    if isAt(.filter), peek().kind == .leftParenthesis { call.filter = try parseFilter() }
    if isAt(.over) { try parseOver(into: &call) }
  }

  private func refuseCallEnd(_ call: Call) throws(QueryError) {
    if isAt(.leftParenthesis) {
      throw QueryError(
        "The result of \(call.name.text) cannot be called.", at: token.span,
        hint: "At most two lists in parentheses follow a function: f(parameters)(arguments).")
    }
    if peek().keyword == .group {
      throw QueryError(
        "WITHIN GROUP is not supported.", at: token.span, hint: "Write quantile(0.9)(x).")
    }
  }

  private mutating func parseArguments(into call: inout Call) throws(QueryError) {
    try expect(.leftParenthesis, "(")
    if isAt(.distinct), startsOperand(at: 1) || peek().kind == .rightParenthesis {
      advance()
      call.isDistinct = true
    }
    call.arguments =
      startsQuery ? [try parseBareSubquery()] : try parseList(upTo: .rightParenthesis)
    if isAt(.order), peek().keyword == .by {
      index += 2
      call.orderBy = try parseOrderItems()
    }
    if isAt(.colonEquals) {
      throw QueryError(
        "Arguments have no names.", at: token.span, hint: "Give them in the function's order.")
    }
    try expect(.rightParenthesis, ", or )")
  }

  /// `f(select ..)`
  private mutating func parseBareSubquery() throws(QueryError) -> Expr {
    let query = try parseQuery()
    return Expr(.subquery(query), at: query.span)
  }

  private mutating func parseFilter() throws(QueryError) -> Expr {
    index += 2
    try expect(.where)
    let condition = try parseExpression()
    try expect(.rightParenthesis, ")")
    return condition
  }

  private mutating func parseOver(into call: inout Call) throws(QueryError) {
    advance()
    if isAt(.leftParenthesis) {
      call.over = .window(try parseWindow())
    } else {
      call.over = .named(try parseName("a window: a name or (..)"))
    }
  }

  /// `([base] [PARTITION BY ..] [ORDER BY ..] [frame])`
  mutating func parseWindow() throws(QueryError) -> Window {
    try enter(2)
    defer { leave(2) }
    let start = try expect(.leftParenthesis, "( and a window")
    var window = Window(span: start.span)
    let beginsClause: Bool = switch token.keyword {
    case .partition, .order: peek().keyword == .by
    case .rows, .range: true
    default: false
    }
    if isName(token), !beginsClause { window.base = try parseName("a window") }
    if take(.partition) != nil {
      try expect(.by)
      window.partitionBy = try parseClauseList()
    }
    if take(.order) != nil {
      try expect(.by)
      window.orderBy = try parseOrderItems()
    }
    if isAt(.rows) || isAt(.range) { window.frame = try parseFrame() }
    try expect(.rightParenthesis, "PARTITION BY, ORDER BY, ROWS, RANGE or )")
    window.span = span(from: start)
    return window
  }

  private mutating func parseFrame() throws(QueryError) -> Frame {
    let start = token
    advance()
    let unit = start.keyword == .rows ? Frame.Unit.rows : .range
    let isBetween = take(.between) != nil
    let first = try parseBound()
    var last = Frame.Bound.currentRow
    if isBetween {
      try expect(.and)
      last = try parseBound()
    }
    return Frame(unit: unit, start: first, end: last, span: span(from: start))
  }

  private mutating func parseBound() throws(QueryError) -> Frame.Bound {
    if take(.current) != nil {
      try expect(.row)
      return .currentRow
    }
    if take(.unbounded) != nil {
      if take(.preceding) != nil { return .unboundedPreceding }
      try expect(.following)
      return .unboundedFollowing
    }
    let distance = try parseBinary(.additive)
    if take(.preceding) != nil { return .preceding(distance) }
    try expect(.following)
    return .following(distance)
  }

  mutating func parseCase() throws(QueryError) -> Expr {
    let start = token.span
    advance()
    try enter()
    defer { leave() }
    var result = Case(operand: nil, branches: [], otherwise: nil)
    if !isAt(.when) { result.operand = try parseExpression() }
    try expect(.when)
    repeat { try parseBranch(into: &result) } while take(.when) != nil
    if take(.else) != nil { result.otherwise = try parseExpression() }
    guard take(.end) != nil else {
      throw unexpected("WHEN, ELSE or END", keywords: [.when, .else, .end])
    }
    return Expr(.caseWhen(result), at: span(from: start))
  }

  private mutating func parseBranch(into result: inout Case) throws(QueryError) {
    let when = try parseExpression()
    try expect(.then)
    result.branches.append(CaseBranch(when: when, then: try parseExpression()))
  }

  /// `CAST(x AS type)`, `TRY_CAST(x AS type)`, or the call `cast(x, 'type')`.
  mutating func parseCast() throws(QueryError) -> Expr {
    try enter(2)
    defer { leave(2) }
    let start = token
    index += 2
    let value = try parseConditional()
    if take(.comma) != nil {
      let arguments = [value] + (try parseList(upTo: .rightParenthesis))
      try expect(.rightParenthesis, ", or )")
      let name = Name(text(of: start), at: start.span)
      return Expr(
        .call(Call(name: name, parameters: nil, arguments: arguments)), at: span(from: start))
    }
    try expect(.as)
    let type = try parseType()
    try expect(.rightParenthesis, ")")
    let form = start.keyword == .cast ? CastForm.cast : .tryCast
    return Expr(.cast(value, type, form), at: span(from: start))
  }

  func isTrimSide(_ keyword: Keyword) -> Bool {
    (keyword == .both || keyword == .leading || keyword == .trailing) && peek(3).kind == .string
  }

  /// `trim(BOTH 'x' FROM a)`: `trim(a, 'x')`, with LEADING trimLeft, with TRAILING trimRight.
  mutating func parseTrim() throws(QueryError) -> Expr {
    try enter(2)
    defer { leave(2) }
    let start = token
    let function =
      switch peek(2).keyword {
      case .leading: "trimLeft"
      case .trailing: "trimRight"
      default: "trim"
      }
    index += 3
    let characters = try parsePrimary()
    try expect(.from)
    let value = try parseExpression()
    try expect(.rightParenthesis, ")")
    let call = Call(
      name: Name(function, at: start.span), parameters: nil, arguments: [value, characters])
    return Expr(.call(call), at: span(from: start))
  }

  /// `lambda x, y: body`
  mutating func parseLambdaKeyword() throws(QueryError) -> Expr {
    let start = token
    advance()
    var parameters: [Name] = []
    repeat { parameters.append(try parseName("a parameter")) } while take(.comma) != nil
    try expect(.colon, "a colon after the parameters")
    return try parseLambdaBody(parameters, from: start)
  }

  /// Whether `x -> body`, `x, y -> body` or `(x, y) -> body` begins here.
  var isLambdaAhead: Bool {
    mutating get {
      let inParentheses = isAt(.leftParenthesis)
      if !inParentheses, index < namesSearchedUpTo { return false }
      let place = endOfNames(from: inParentheses ? index + 1 : index)
      if !inParentheses { namesSearchedUpTo = place }
      guard inParentheses else { return list.tokens[place].kind == .arrow }
      return list.tokens[place].kind == .rightParenthesis && list.tokens[place + 1].kind == .arrow
    }
  }

  /// The place behind names with commas between them, and perhaps one behind.
  private func endOfNames(from start: Int) -> Int {
    var place = start
    while isName(list.tokens[place]) {
      place += 1
      guard list.tokens[place].kind == .comma else { break }
      place += 1
    }
    return place
  }

  mutating func parseLambda() throws(QueryError) -> Expr {
    let start = token
    let isInParentheses = take(.leftParenthesis) != nil
    var parameters: [Name] = []
    while isName(token) {
      parameters.append(try parseName("a parameter"))
      guard take(.comma) != nil else { break }
    }
    if isInParentheses { try expect(.rightParenthesis, ")") }
    try expect(.arrow, "->")
    return try parseLambdaBody(parameters, from: start)
  }

  private mutating func parseLambdaBody(_ names: [Name], from start: Token) throws(QueryError) -> Expr {
    try enter()
    defer { leave() }
    let body = try parseExpression()
    return Expr(.lambda(parameters: names, body: body), at: span(from: start))
  }

  /// `*`, perhaps with EXCLUDE and REPLACE; the dots before it are passed.
  mutating func parseStar(from start: Span, qualifier: [Name]) throws(QueryError) -> Expr {
    try expect(.star, "*")
    var star = Star(qualifier: qualifier)
    try parseStarChanges(&star)
    return Expr(.star(star), at: start.joined(with: list.tokens[index - 1].span))
  }

  private mutating func parseStarChanges(_ star: inout Star) throws(QueryError) {
    if isAt(.exclude), peek().kind == .leftParenthesis {
      advance()
      star.excluded = try parseNameList("a column to leave out")
    }
    if isAt(.replace), peek().kind == .leftParenthesis {
      index += 2
      repeat {
        let item = try parseExpression()
        guard case .alias(let value, let column) = item.kind else {
          throw QueryError("REPLACE needs: expression AS column.", at: item.span)
        }
        star.replaced.append(Replacement(value: value, column: column))
      } while try takeComma(before: .rightParenthesis)
      try expect(.rightParenthesis, ", or )")
    }
  }

  /// `COLUMNS('regex')`, `COLUMNS(a, b)`, `COLUMNS(* ..)`
  mutating func parseColumns(from start: Span, qualifier: [Name]) throws(QueryError) -> Expr {
    try enter(2)
    defer { leave(2) }
    index += 2
    var star = Star(qualifier: qualifier)
    if isAt(.string), peek().kind == .rightParenthesis {
      star.choice = .matching(text(of: token))
      advance()
    } else if take(.star) != nil {
      try parseStarChanges(&star)
    } else {
      star.choice = .listed(try parseList(upTo: .rightParenthesis))
    }
    try expect(.rightParenthesis, ")")
    try parseStarChanges(&star)
    return Expr(.star(star), at: start.joined(with: list.tokens[index - 1].span))
  }
}
