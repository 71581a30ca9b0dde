/// Queries: set operations, WITH, and one select.
extension Parser {
  var startsQuery: Bool {
    switch token.keyword {
    case .select: startsOperand(at: 1) || peek().keyword == .distinct || peek().kind == .endOfText
    case .with: peek().kind != .comma && peek().kind != .rightParenthesis && peek().kind != .dot
    default: false
    }
  }

  /// Whether what follows a query in parentheses makes it part of a larger one.
  var startsSetTail: Bool {
    switch token.keyword {
    case .union, .intersect, .except, .limit, .offset: true
    case .order: peek().keyword == .by
    default: false
    }
  }

  mutating func parseQuery() throws(QueryError) -> Query {
    try enter(Self.querySteps)
    defer { leave(Self.querySteps) }
    let start = token.span
    let with = isAt(.with) ? try parseWith() : nil
    guard isAt(.select) || isAt(.leftParenthesis) || isAt(.leftBrace) else {
      throw unexpected(with == nil ? "SELECT or WITH" : "SELECT", keywords: [.select, .with])
    }
    let isSelect = isAt(.select)
    let member = isSelect ? try parseSelectMember(with: with, from: start) : try parseMember()
    return try parseQuery(after: member, with: isSelect ? nil : with, from: start)
  }

  /// How many steps of ``nestingLimit`` a query takes.
  private static let querySteps = 5

  /// The set operators, ORDER BY and LIMIT that follow a first member.
  mutating func parseQuery(
    after first: QueryMember, with: With?, from start: Span
  ) throws(QueryError) -> Query {
    var query = Query(with: with, first: first, span: start)
    if isAtSetOperator { try parseSetOperations(of: &query) }
    if isAtQueryTail { try parseTail(of: &query) }
    query.span = span(from: start)
    return query.onlyMember ?? query
  }

  private var isAtSetOperator: Bool { isAt(.union) || isAt(.intersect) || isAt(.except) }

  private var isAtQueryTail: Bool { isAt(.order) || isAt(.limit) || isAt(.offset) }

  private mutating func parseTail(of query: inout Query) throws(QueryError) {
    if isAt(.order), peek().keyword == .by {
      index += 2
      query.orderBy = try parseOrderItems()
      query.interpolate = try parseInterpolate()
    }
    (query.limitBy, query.limit) = try parseLimits()
  }

  private mutating func parseSelectMember(
    with: With?, from start: Span
  ) throws(QueryError) -> QueryMember {
    var select = try parseSelect()
    select.with = with
    select.span = span(from: start)
    return .select(select)
  }

  private mutating func parseMember() throws(QueryError) -> QueryMember {
    if isAt(.select) { return try parseSelectMember(with: nil, from: token.span) }
    if isAt(.with) { return try parseMemberWithExpressions() }
    if let placeholder = try takePlaceholder() { return .placeholder(placeholder) }
    try expect(.leftParenthesis, "SELECT or a query in parentheses")
    let query = try parseQuery()
    try expect(.rightParenthesis, ")")
    return .query(query)
  }

  private mutating func parseMemberWithExpressions() throws(QueryError) -> QueryMember {
    let start = token.span
    let with = try parseWith()
    if isAt(.select) { return try parseSelectMember(with: with, from: start) }
    return .query(try parseQuery(after: try parseMember(), with: with, from: start))
  }

  /// INTERSECT binds tighter: its runs become queries of their own beside other operators.
  private mutating func parseSetOperations(of query: inout Query) throws(QueryError) {
    var run: [SetOperation] = []
    while let operation = try takeSetOperator() {
      if operation.isIntersect {
        run.append(operation)
        continue
      }
      query.group(&run)
      query.rest.append(operation)
    }
    if query.rest.isEmpty { query.rest = run } else { query.group(&run) }
  }

  private mutating func takeSetOperator() throws(QueryError) -> SetOperation? {
    let start = token
    guard isAt(.union) || isAt(.intersect) || isAt(.except) else { return nil }
    advance()
    let isAll = take(.all) != nil
    let isDistinct = !isAll && take(.distinct) != nil
    let operation: SetOperator =
      switch start.keyword {
      case .union: isAll ? .unionAll : .unionDistinct
      case .intersect: isDistinct ? .intersectDistinct : .intersectAll
      default: isDistinct ? .exceptDistinct : .exceptAll
      }
    let isByName = isAt(.by) && peek().keyword == .name
    if isByName { index += 2 }
    let words = span(from: start)
    let member = try parseMember()
    return SetOperation(operator: operation, isByName: isByName, span: words, member: member)
  }

  mutating func parseWith() throws(QueryError) -> With {
    let start = try expect(.with)
    let isRecursive = isAt(.recursive) && isName(peek()) && peek().keyword != .as
    if isRecursive { advance() }
    var items = [try parseCommonTableExpression()]
    while take(.comma) != nil, !isAt(.select), !isQueryInParentheses {
      items.append(try parseCommonTableExpression())
    }
    return With(isRecursive: isRecursive, expressions: items, span: span(from: start))
  }

  /// Whether a query in parentheses without AS behind it stands here: what a trailing comma precedes.
  private var isQueryInParentheses: Bool {
    guard isAt(.leftParenthesis), peek().keyword == .select || peek().keyword == .with else {
      return false
    }
    var open = 0
    for place in list.tokens[index...].indices {
      switch list.tokens[place].kind {
      case .leftParenthesis: open += 1
      case .rightParenthesis: open -= 1
      default: break
      }
      if open == 0 { return place + 1 < list.tokens.count && list.tokens[place + 1].keyword != .as }
    }
    return false
  }

  private mutating func parseCommonTableExpression() throws(QueryError) -> CommonTableExpression {
    let start = token.span
    if let hasColumns = queryHeader() {
      return try parseQueryExpression(hasColumns: hasColumns, from: start)
    }
    let item = try parseExpression()
    guard let (value, name) = split(item) else {
      throw unexpected("AS and a name after the expression in WITH", keywords: [.as])
    }
    return CommonTableExpression(name: name, kind: .expression(value), span: span(from: start))
  }

  private mutating func parseQueryExpression(
    hasColumns: Bool, from start: Span
  ) throws(QueryError) -> CommonTableExpression {
    let name = try parseName("a name")
    let columns = hasColumns ? try parseNameList("a column") : []
    try expect(.as)
    let isNegated = take(.not) != nil
    let isMaterialized: Bool? = take(.materialized) == nil ? nil : !isNegated
    try expect(.leftParenthesis, "( and a query")
    let query = try parseQuery()
    try expect(.rightParenthesis, ")")
    return CommonTableExpression(
      name: name, kind: .query(query, columns: columns, isMaterialized: isMaterialized),
      span: span(from: start))
  }

  /// Whether `name [(columns)] AS (` stands here, and if so whether with columns.
  private func queryHeader() -> Bool? {
    guard isName(token) else { return nil }
    var distance = 1
    if peek().kind == .leftParenthesis {
      distance = 2
      while isName(peek(distance)) {
        distance += 1
        guard peek(distance).kind == .comma else { break }
        distance += 1
      }
      guard peek(distance).kind == .rightParenthesis else { return nil }
      distance += 1
    }
    guard peek(distance).keyword == .as else { return nil }
    let next = peek(distance + 1)
    guard next.kind == .leftParenthesis || next.keyword == .materialized || next.keyword == .not
    else { return nil }
    return distance > 1
  }

  /// `expr AS name`; a lambda's body has taken the name, which is the whole lambda's here.
  private func split(_ expr: Expr) -> (Expr, Name)? {
    switch expr.kind {
    case .alias(let value, let name): return (value, name)
    case .lambda(let parameters, let body):
      guard let (inner, name) = split(body) else { return nil }
      let span = Span(start: expr.span.start, end: inner.span.end)
      return (Expr(.lambda(parameters: parameters, body: inner), at: span), name)
    default: return nil
    }
  }
}

extension SetOperation {
  fileprivate var isIntersect: Bool {
    `operator` == .intersectAll || `operator` == .intersectDistinct
  }
}

extension Query {
  /// Makes the last member and a run of INTERSECTs behind it a query of its own.
  fileprivate mutating func group(_ run: inout [SetOperation]) {
    guard let start = run.first?.span else { return }
    let last = rest.indices.last
    let member = last.map { rest[$0].member } ?? first
    let query = Query(first: member, rest: run, span: start)
    if let last { rest[last].member = .query(query) } else { first = .query(query) }
    run = []
  }

  /// The query in the parentheses when nothing stands around them.
  fileprivate var onlyMember: Query? {
    guard rest.isEmpty, with == nil, orderBy.isEmpty, limit == nil, limitBy == nil,
      case .query(let inner) = first
    else { return nil }
    return inner
  }
}
