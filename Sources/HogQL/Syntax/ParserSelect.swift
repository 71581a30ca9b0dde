/// One select: its items and clauses in their order.
extension Parser {
  mutating func parseSelect() throws(QueryError) -> Select {
    let start = try expect(.select).span
    var select = Select(span: start)
    if isAt(.distinct), startsOperand(at: 1) {
      advance()
      select.isDistinct = true
    }
    if isAt(.top), peek().kind == .integer {
      throw QueryError("TOP is not supported.", at: token.span, hint: "Write LIMIT at the end.")
    }
    try parseColumns(into: &select)
    if take(.from) != nil { try parseFrom(into: &select) }
    if isArrayJoinAhead { try parseArrayJoin(into: &select) }
    try parseConditions(into: &select)
    try parseSelectTail(into: &select)
    select.span = span(from: start)
    return select
  }

  private mutating func parseColumns(into select: inout Select) throws(QueryError) {
    repeat { select.columns.append(try parseColumn()) } while take(.comma) != nil && startsOperand
  }

  private mutating func parseFrom(into select: inout Select) throws(QueryError) {
    select.from = try parseFrom()
  }

  /// PREWHERE, WHERE, GROUP BY, HAVING and QUALIFY.
  private mutating func parseConditions(into select: inout Select) throws(QueryError) {
    if take(.prewhere) != nil { select.prewhere = try parseExpression() }
    if take(.where) != nil { select.where = try parseExpression() }
    if isAt(.group) { try parseGroupBy(into: &select) }
    if take(.having) != nil { select.having = try parseExpression() }
    if take(.qualify) != nil { select.qualify = try parseExpression() }
  }

  /// WINDOW, ORDER BY and the limits.
  private mutating func parseSelectTail(into select: inout Select) throws(QueryError) {
    if take(.window) != nil { select.windows = try parseWindows() }
    if take(.order) != nil {
      try expect(.by)
      select.orderBy = try parseOrderItems()
      select.interpolate = try parseInterpolate()
    }
    if isAt(.limit) || isAt(.offset) { (select.limitBy, select.limit) = try parseLimits() }
  }

  /// `expr [[AS] name]`, `name: expr`
  private mutating func parseColumn() throws(QueryError) -> Expr {
    if isName(token), peek().kind == .colon { return try parseNamedColumn() }
    var value = try parseExpression()
    if let alias = try takeImplicitAlias() {
      value = Expr(.alias(value, alias), at: value.span.joined(with: alias.span))
    }
    return value
  }

  private mutating func parseNamedColumn() throws(QueryError) -> Expr {
    let name = try parseName("a name")
    advance()
    let value = try parseExpression()
    return Expr(.alias(value, name), at: name.span.joined(with: value.span))
  }

  private var isArrayJoinAhead: Bool {
    let distance = isAt(.left) || isAt(.inner) ? 1 : 0
    return peek(distance).keyword == .array && peek(distance + 1).keyword == .join
  }

  private mutating func parseArrayJoin(into select: inout Select) throws(QueryError) {
    let start = token.span
    let isLeft = isAt(.left)
    index += isLeft || isAt(.inner) ? 3 : 2
    let items = try parseClauseList()
    let place = span(from: start)
    guard select.from != nil else {
      throw QueryError(
        "ARRAY JOIN needs a FROM before it.", at: place,
        hint: "Without a table write arrayJoin(array).")
    }
    select.arrayJoin = ArrayJoin(isLeft: isLeft, items: [], span: place)
    for item in items { select.arrayJoin?.items.append(try arrayJoinItem(item)) }
  }

  private func arrayJoinItem(_ expr: Expr) throws(QueryError) -> ArrayJoinItem {
    guard case .alias(let array, let name) = expr.kind else {
      throw QueryError(
        "An array of ARRAY JOIN needs a name.", at: expr.span, hint: "Write: array AS name.")
    }
    return ArrayJoinItem(array: array, name: name)
  }

  private mutating func parseGroupBy(into select: inout Select) throws(QueryError) {
    select.groupBy = try parseGroupBy()
  }

  private mutating func parseGroupBy() throws(QueryError) -> GroupBy {
    let start = try expect(.group)
    try expect(.by)
    var group = GroupBy(kind: .all, span: start.span)
    if isAt(.all), !startsOperand(at: 1), peek().kind != .comma, peek().kind != .dot {
      advance()
    } else if isAt(.grouping), peek().keyword == .sets {
      index += 2
      group.kind = .groupingSets(try parseGroupingSets())
    } else {
      group.kind = groupKind(try parseClauseList())
    }
    while isAt(.with), [.rollup, .cube, .totals].contains(peek().keyword) {
      let word = peek().keyword
      let place = token.span.joined(with: peek().span)
      index += 2
      if word == .totals { group.totals = place }
      if case .expressions(let keys) = group.kind, word != .totals {
        group.kind = word == .rollup ? .rollup(keys) : .cube(keys)
      }
    }
    group.span = span(from: start)
    return group
  }

  /// `ROLLUP(a, b)` and `CUBE(a, b)` stand alone.
  private func groupKind(_ keys: [Expr]) -> GroupBy.Kind {
    guard keys.count == 1, case .call(let call)? = keys.first?.kind, call.parameters == nil
    else { return .expressions(keys) }
    switch call.name.text.lowercased() {
    case "rollup": return .rollup(call.arguments)
    case "cube": return .cube(call.arguments)
    default: return .expressions(keys)
    }
  }

  private mutating func parseGroupingSets() throws(QueryError) -> [[Expr]] {
    try expect(.leftParenthesis, "( and grouping sets")
    var sets: [[Expr]] = []
    repeat {
      if isAt(.leftParenthesis), peek().kind == .rightParenthesis {
        index += 2
        sets.append([])
        continue
      }
      let set = try parseExpression()
      if case .tuple(let keys) = set.kind { sets.append(keys) } else { sets.append([set]) }
    } while try takeComma(before: .rightParenthesis)
    try expect(.rightParenthesis, ", or )")
    return sets
  }

  private mutating func parseWindows() throws(QueryError) -> [NamedWindow] {
    var windows: [NamedWindow] = []
    repeat {
      let name = try parseName("a window's name")
      try expect(.as)
      windows.append(NamedWindow(name: name, window: try parseWindow()))
    } while take(.comma) != nil
    return windows
  }

  mutating func parseOrderItems() throws(QueryError) -> [OrderItem] {
    var items: [OrderItem] = []
    repeat { items.append(try parseOrderItem()) } while take(.comma) != nil
    return items
  }

  private mutating func parseOrderItem() throws(QueryError) -> OrderItem {
    let start = token
    var item = OrderItem(expr: try parseExpression(), span: start.span)
    switch token.keyword {
    case .asc, .ascending: advance()
    case .desc, .descending:
      advance()
      item.isDescending = true
    default: break
    }
    if take(.nulls) != nil {
      item.nullsFirst = isAt(.first)
      guard take(.first) != nil || take(.last) != nil else {
        throw unexpected("FIRST or LAST", keywords: [.first, .last])
      }
    }
    if take(.collate) != nil {
      let collation = try expect(.string, "a collation's name in quotes")
      item.collation = Name(text(of: collation), at: collation.span)
    }
    if isAt(.with), peek().keyword == .fill { item.fill = try parseFill() }
    item.span = span(from: start)
    return item
  }

  private mutating func parseFill() throws(QueryError) -> Fill {
    let start = token
    index += 2
    var fill = Fill(span: start.span)
    if take(.from) != nil { fill.from = try parseConditional() }
    if take(.to) != nil { fill.to = try parseConditional() }
    if take(.step) != nil { fill.step = try parseConditional() }
    fill.span = span(from: start)
    return fill
  }

  mutating func parseInterpolate() throws(QueryError) -> [Interpolation]? {
    guard take(.interpolate) != nil else { return nil }
    var items: [Interpolation] = []
    guard take(.leftParenthesis) != nil else { return items }
    while !isAt(.rightParenthesis) {
      let column = try parseName("a column")
      let value = take(.as) == nil ? nil : try parseConditional()
      items.append(Interpolation(column: column, value: value))
      guard take(.comma) != nil else { break }
    }
    try expect(.rightParenthesis, ", or )")
    return items
  }
}
