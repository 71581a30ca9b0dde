/// One SELECT, clause by clause in the order in which names become known.
extension Resolver {
  func select(_ select: Select, isTop: Bool) throws(QueryError) -> ResolvedSelect {
    try enter(ResolvedQuery.levels, at: select.span)
    defer { leave(ResolvedQuery.levels) }
    let (tables, expressions) = (commonTables.count, commonExpressions.count)
    let scope = Scope(select)
    let outer = scopes
    defer {
      scopes = outer
      commonTables.removeLast(commonTables.count - tables)
      commonExpressions.removeLast(commonExpressions.count - expressions)
    }
    try define(select.with)
    scopes.append(scope)
    for window in select.windows { scope.windows[window.name.text] = window.window }
    if let from = select.from { scope.from = try self.from(from, into: scope) }
    let arrayJoins = try self.arrayJoin(select.arrayJoin, in: scope)
    var items = Items()
    for column in select.columns { try add(column, to: &items, in: scope) }
    var conditions: [TypedExpr] = []
    for clause in [select.prewhere, select.where].compactMap({ $0 }) {
      conditions.append(try condition(clause, place: "WHERE", forbidding: [.aggregate, .window]))
    }
    let groupBy = try group(select.groupBy, items)
    let having = try select.having.map { (expr) throws(QueryError) in
      try condition(expr, place: "HAVING", forbidding: [.window])
    }
    let qualify = try select.qualify.map { (expr) throws(QueryError) in
      try condition(expr, place: "QUALIFY", forbidding: [])
    }
    let order = try filledOrder(select, items)
    try checkTies(select.limit, order)
    let limitBy = try self.limitBy(select.limitBy, items)
    let aggregated = items.exprs + [having, qualify].compactMap { $0 } + order.map(\.expr)
    let isAggregated = groupBy != nil || aggregated.contains { $0.facts.contains(.aggregate) }
    if isAggregated {
      let keys = groupBy?.keys ?? []
      for expr in aggregated + (limitBy?.keys ?? []) { try checkGrouped(expr, keys) }
    }
    var where_: TypedExpr? = conditions.first
    if conditions.count > 1 { where_ = try call("and", conditions, at: select.span) }
    let resolved = ResolvedSelect(
      commonTables: used(commonTables.dropFirst(tables).flatMap { $0 }), isDistinct: select.isDistinct,
      items: items.exprs, columns: items.columns, from: linkedFrom(scope), arrayJoins: arrayJoins,
      condition: where_, groupBy: groupBy, isAggregated: isAggregated, having: having, qualify: qualify,
      orderBy: order, limitBy: limitBy, limit: try limit(select.limit, isTop: isTop))
    try checkDepth(resolved.depth, at: select.span)
    try add(resolved.size, at: select.span)
    return resolved
  }

  struct Items {
    var exprs: [TypedExpr] = []
    var columns: [OutputColumn] = []
    var names: Set<String> = []

    mutating func append(_ expr: TypedExpr, label: String) {
      var name = label
      var count = 1
      while !names.insert(name).inserted {
        count += 1
        name = "\(label) \(count)"
      }
      exprs.append(expr)
      columns.append(OutputColumn(name: name, label: label, type: expr.type, mayBeNull: expr.mayBeNull))
    }
  }

  private func add(_ column: Expr, to items: inout Items, in scope: Scope) throws(QueryError) {
    if case .star(let star) = column.kind {
      for (expr, label) in try expand(star, in: scope, at: column.span) { items.append(expr, label: label) }
      return
    }
    let typed = try resolve(column)
    items.append(typed, label: column.label)
  }

  private func condition(_ expr: Expr, place: String, forbidding facts: ExprFacts) throws(QueryError) -> TypedExpr {
    let typed = try resolve(expr)
    if typed.facts.contains(.aggregate), facts.contains(.aggregate) {
      throw QueryError(
        "An aggregate cannot stand in \(place).", at: expr.span, hint: "Use HAVING, or an alias of another name.")
    }
    if typed.facts.contains(.window), facts.contains(.window) {
      throw QueryError("A window function cannot stand in \(place).", at: expr.span, hint: "Use QUALIFY.")
    }
    return typed
  }

  private func group(_ groupBy: GroupBy?, _ items: Items) throws(QueryError) -> ResolvedGroupBy? {
    guard let groupBy else { return nil }
    if let totals = groupBy.totals {
      throw QueryError("WITH TOTALS is not supported.", at: totals, hint: "Use GROUP BY ROLLUP(..).")
    }
    switch groupBy.kind {
    case .all:
      let keys = items.exprs.filter { $0.facts.isDisjoint(with: [.aggregate, .window]) }
      return ResolvedGroupBy(form: .plain, keys: keys)
    case .expressions(let exprs): return ResolvedGroupBy(form: .plain, keys: try keys(exprs, items))
    case .rollup(let exprs): return ResolvedGroupBy(form: .rollup, keys: try keys(exprs, items))
    case .cube(let exprs): return ResolvedGroupBy(form: .cube, keys: try keys(exprs, items))
    case .groupingSets(let sets):
      var all: [TypedExpr] = []
      var indexes: [[Int]] = []
      for set in sets {
        let start = all.count
        all += try keys(set, items)
        indexes.append(Array(start..<all.count))
      }
      return ResolvedGroupBy(form: .sets(indexes), keys: all)
    }
  }

  private func keys(_ exprs: [Expr], _ items: Items) throws(QueryError) -> [TypedExpr] {
    var result: [TypedExpr] = []
    for expr in exprs {
      let key = try item(expr, in: items.exprs)
      guard key.facts.isDisjoint(with: [.aggregate, .window]) else {
        throw QueryError("An aggregate cannot stand in GROUP BY.", at: expr.span)
      }
      result.append(key)
    }
    return result
  }

  private func limitBy(_ limitBy: LimitBy?, _ items: Items) throws(QueryError) -> ResolvedLimitBy? {
    guard let limitBy else { return nil }
    var keys: [TypedExpr] = []
    for key in limitBy.keys { keys.append(try item(key, in: items.exprs)) }
    return ResolvedLimitBy(
      count: try count(limitBy.count), offset: try limitBy.offset.map { (expr) throws(QueryError) in try count(expr) },
      keys: keys)
  }

  /// Every column must be a key or stand inside an aggregate.
  private func checkGrouped(_ expr: TypedExpr, _ keys: [TypedExpr]) throws(QueryError) {
    if keys.contains(where: { $0.isSame(as: expr) }) { return }
    switch expr.kind {
    case .column(let column):
      throw QueryError(
        "The column \(column.column) is neither in GROUP BY nor inside an aggregate.", at: expr.span,
        hint: "Group by it, or use any(\(column.column)).")
    case .call(let call) where call.definition.kind == .aggregate && call.over == nil: return
    default: for child in expr.kind.children { try checkGrouped(child, keys) }
    }
  }

  /// `*`, `t.*`, COLUMNS(..) as expressions with names.
  private func expand(_ star: Star, in scope: Scope, at span: Span) throws(QueryError) -> [(TypedExpr, String)] {
    if case .listed(let exprs) = star.choice {
      var result: [(TypedExpr, String)] = []
      for expr in exprs { result.append((try resolve(expr), expr.label)) }
      return result
    }
    var sources = scope.sources.filter(\.isReadable)
    if !star.qualifier.isEmpty {
      let qualifier = star.qualifier.map(\.text).joined(separator: ".")
      sources = sources.filter { $0.qualifiers.contains(qualifier) }
      if sources.isEmpty { throw QueryError("There is no table \(qualifier) in FROM.", at: span) }
    }
    guard !sources.isEmpty else { throw QueryError("* needs a FROM.", at: span, hint: "Name a table.") }
    guard sources.count == 1 else {
      throw QueryError("* is ambiguous with several tables.", at: span, hint: "Write the table's name: t.*")
    }
    let names = Set(sources[0].columns.map(\.name))
    for name in star.excluded + star.replaced.map(\.column) where !names.contains(name.text) {
      throw QueryError("There is no column \(name.text).", at: name.span)
    }
    let excluded = Set(star.excluded.map(\.text))
    var pattern: ColumnPattern?
    if case .matching(let text) = star.choice { pattern = try ColumnPattern(text, at: span) }
    var result: [(TypedExpr, String)] = []
    for column in sources[0].columns where !excluded.contains(column.name) {
      if let pattern, !pattern.matches(column.name) { continue }
      if let replacement = star.replaced.first(where: { $0.column.text == column.name }) {
        result.append((try resolve(replacement.value), column.name))
      } else {
        result.append((reference(sources[0], column, at: span), column.name))
      }
    }
    guard !result.isEmpty else { throw QueryError("No column is left of *.", at: span) }
    return result
  }
}

extension Expr {
  /// The name of the column that a select item gives.
  var label: String {
    var place = self
    while case .cast(let value, _, _) = place.kind { place = value }
    return switch place.kind {
    case .alias(_, let name): name.text
    case .name(let parts): parts.last?.text ?? "column"
    case .member(_, let name): name.text
    case .call(let call): call.name.text
    default: "column"
    }
  }
}
