/// Queries and their set operations.
extension Resolver {
  func query(_ query: Query, isTop: Bool) throws(QueryError) -> ResolvedQuery {
    try enter(2, at: query.span)
    defer { leave(2) }
    let (tables, expressions) = (commonTables.count, commonExpressions.count)
    defer {
      commonTables.removeLast(commonTables.count - tables)
      commonExpressions.removeLast(commonExpressions.count - expressions)
    }
    if query.limitBy != nil || query.limit?.isPercent == true { return try around(query, isTop: isTop) }
    guard query.interpolate == nil else {
      throw QueryError(
        "INTERPOLATE is not supported: rows that WITH FILL adds have defaults.", at: query.span,
        hint: "Leave it out, and fill them in a query around this one.")
    }
    try define(query.with)
    // The WITH of a set's first member is visible in all of them.
    var first = query.first
    if !query.rest.isEmpty, case .select(var select) = first, select.with != nil {
      try define(select.with)
      select.with = nil
      first = .select(select)
    }
    let isPlain = query.rest.isEmpty && query.orderBy.isEmpty && query.limit == nil && query.limitBy == nil
    let resolved = try member(first, isTop: isTop && query.limit == nil)
    let frame = commonTables.dropFirst(tables).flatMap { $0 }
    if isPlain, !frame.contains(where: \.isUsed) { return resolved }
    return try set(query, first: resolved, frame, isTop: isTop)
  }

  /// `SELECT * FROM (set) ORDER BY .. LIMIT .. BY ..` for what only a select can have.
  private func around(_ query: Query, isTop: Bool) throws(QueryError) -> ResolvedQuery {
    var inner = query
    (inner.orderBy, inner.limitBy, inner.limit) = ([], nil, nil)
    var select = Select(span: query.span)
    select.columns = [Expr(.star(Star()), at: query.span)]
    select.from = From(first: TableSource(kind: .query(inner), span: query.span), span: query.span)
    (select.orderBy, select.limitBy, select.limit) = (query.orderBy, query.limitBy, query.limit)
    return .select(try self.select(select, isTop: isTop))
  }

  private func set(_ query: Query, first: ResolvedQuery, _ frame: [CommonTableEntry], isTop: Bool)
    throws(QueryError) -> ResolvedQuery
  {
    var columns = first.columns
    var rest: [(SetOperator, ResolvedQuery)] = []
    for operation in query.rest {
      guard !operation.isByName else {
        throw QueryError(
          "BY NAME is not supported: HogQL's set operations match columns by their position.", at: operation.span,
          hint: "Leave BY NAME out, and select the columns in the same order in each query.")
      }
      let next = try member(operation.member, isTop: isTop && query.limit == nil)
      columns = try widened(columns, next.columns, at: operation.span)
      rest.append((operation.operator, next))
    }
    let alias = sqlAlias("set \(fresh())")
    let scope = Scope()
    scope.sources = [
      ScopeSource(
        id: fresh(), qualifiers: [], alias: alias,
        columns: columns.map { ScopeColumn(name: $0.label, sqlName: $0.name, type: $0.type, mayBeNull: $0.mayBeNull) })
    ]
    scopes.append(scope)
    defer { scopes.removeLast() }
    var positions: [TypedExpr] = []
    for column in scope.sources[0].columns { positions.append(reference(scope.sources[0], column, at: query.span)) }
    let order = try order(query.orderBy, positions: positions)
    try checkTies(query.limit, order)
    let limit = try limit(query.limit, isTop: isTop && query.limit != nil)
    let resolved = ResolvedSet(
      commonTables: used(frame), first: first, rest: rest, columns: columns, orderBy: order, limit: limit, alias: alias)
    try checkDepth(resolved.depth, at: query.span)
    return .set(resolved)
  }

  private func widened(_ left: [OutputColumn], _ right: [OutputColumn], at span: Span) throws(QueryError)
    -> [OutputColumn]
  {
    guard left.count == right.count else {
      throw QueryError(
        "The queries give \(left.count) and \(right.count) columns.", at: span, hint: "Select as many in each.")
    }
    var result: [OutputColumn] = []
    for (a, b) in zip(left, right) {
      guard let type = a.type.widened(with: b.type) else {
        throw QueryError(
          "The column \(a.label) is \(a.type.clickHouseName) in one query and \(b.type.clickHouseName) in another.",
          at: span, hint: "Convert one of them.")
      }
      result.append(OutputColumn(name: a.name, label: a.label, type: type, mayBeNull: a.mayBeNull || b.mayBeNull))
    }
    return result
  }

  private func member(_ member: QueryMember, isTop: Bool) throws(QueryError) -> ResolvedQuery {
    switch member {
    case .select(let select): return .select(try self.select(select, isTop: isTop))
    case .query(let query): return try self.query(query, isTop: isTop)
    case .values(let values): return try self.values(values)
    case .placeholder(let placeholder):
      throw QueryError(
        "A placeholder cannot stand for a query.", at: placeholder.span, hint: "Write the query in its place.")
    }
  }

  private func values(_ values: Values) throws(QueryError) -> ResolvedQuery {
    var rows: [[TypedExpr]] = []
    for row in values.rows { rows.append(try resolve(row)) }
    guard let first = rows.first, rows.allSatisfy({ $0.count == first.count }) else {
      throw QueryError("The rows of VALUES differ in length.", at: values.span)
    }
    var columns: [OutputColumn] = []
    for index in first.indices {
      guard let type = HogQLType.widened(rows.map { $0[index].type }) else {
        throw QueryError("Column \(index + 1) of VALUES has no common type.", at: values.span, hint: "Convert the values.")
      }
      columns.append(
        OutputColumn(
          name: "c\(index + 1)", label: "c\(index + 1)", type: type, mayBeNull: rows.contains { $0[index].mayBeNull }))
    }
    return .values(ResolvedValues(rows: rows, columns: columns))
  }

  /// Makes a WITH's names known.
  func define(_ with: With?) throws(QueryError) {
    guard let with else { return }
    guard !with.isRecursive else {
      throw QueryError(
        "WITH RECURSIVE is not supported: a query of WITH sees those before it, and never itself.", at: with.span,
        hint: "Leave RECURSIVE out. numbers(n) counts; a hierarchy needs a join for each of its levels.")
    }
    for item in with.expressions {
      switch item.kind {
      case .expression(let expr): commonExpressions.append([item.name.text: expr])
      case .query(let query, let columns, let isMaterialized):
        let resolved = try subquery(query)
        commonTables.append([
          CommonTableEntry(
            name: item.name.text, sqlName: sqlAlias(item.name.text), query: resolved,
            columns: try scopeColumns(of: resolved, renamed: columns), isMaterialized: isMaterialized)
        ])
      }
    }
  }

  func used(_ entries: [CommonTableEntry]) -> [ResolvedCommonTable] {
    entries.filter(\.isUsed).map {
      ResolvedCommonTable(name: $0.sqlName, query: $0.query, isMaterialized: $0.isMaterialized)
    }
  }

  func scopeColumns(of query: ResolvedQuery, renamed: [Name] = []) throws(QueryError) -> [ScopeColumn] {
    guard renamed.count <= query.columns.count else {
      throw QueryError("There are more names than columns.", at: renamed[query.columns.count].span)
    }
    return query.columns.enumerated().map { index, column in
      ScopeColumn(
        name: renamed.indices.contains(index) ? renamed[index].text : column.label, sqlName: column.name,
        type: column.type, mayBeNull: column.mayBeNull)
    }
  }

  func order(_ items: [OrderItem], positions: [TypedExpr]) throws(QueryError) -> [ResolvedOrder] {
    var result: [ResolvedOrder] = []
    for item in items {
      if let fill = item.fill {
        throw QueryError(
          "WITH FILL can only stand in the ORDER BY of a SELECT.", at: fill.span,
          hint: "Put the rest into a subquery: select * from (..) order by day with fill")
      }
      let expr = try self.item(item.expr, in: positions)
      result.append(ResolvedOrder(expr: expr, isDescending: item.isDescending, nullsFirst: item.nullsFirst))
    }
    return result
  }

  /// `ORDER BY 2`, `GROUP BY 1`: the select item.
  func position(_ expr: Expr, in items: [TypedExpr]) throws(QueryError) -> TypedExpr? {
    guard !items.isEmpty, case .literal(.integer(let number)) = expr.kind else { return nil }
    guard number >= 1, number <= Int64(items.count) else {
      throw QueryError("There is no select item \(number).", at: expr.span)
    }
    return items[Int(number) - 1]
  }

  /// A position's select item, else the expression itself.
  func item(_ expr: Expr, in items: [TypedExpr]) throws(QueryError) -> TypedExpr {
    if let item = try position(expr, in: items) { return item }
    return try resolve(expr)
  }

  func limit(_ limit: Limit?, isTop: Bool) throws(QueryError) -> ResolvedLimit? {
    guard let limit else {
      guard isTop, let count = options.defaultLimit else { return nil }
      return ResolvedLimit(count: constant(.integer(count), at: Span(start: 0, end: 0)))
    }
    var result = ResolvedLimit(isPercent: limit.isPercent, withTies: limit.withTies)
    if let count = limit.count { result.count = try self.count(count) }
    if let offset = limit.offset { result.offset = try self.count(offset) }
    if isTop, result.count == nil, let count = options.defaultLimit {
      result.count = constant(.integer(count), at: limit.span)
    }
    if isTop, !limit.isPercent, let most = options.maximumLimit, let count = result.count?.constant?.integer, count > most {
      result.count = constant(.integer(most), at: limit.span)
    }
    return result
  }

  /// Ties are rows that ORDER BY does not tell apart.
  func checkTies(_ limit: Limit?, _ order: [ResolvedOrder]) throws(QueryError) {
    guard let limit, limit.withTies, order.allSatisfy({ $0.expr.constant != nil }) else { return }
    throw QueryError("WITH TIES needs ORDER BY.", at: limit.span, hint: "Say by what the rows are ordered.")
  }

  func count(_ expr: Expr) throws(QueryError) -> TypedExpr {
    let typed = try resolve(expr)
    if let value = typed.constant?.integer, value >= 0 { return typed }
    if case .float(let value)? = typed.constant, value >= 0 { return typed }
    throw QueryError("A limit must be a constant number that is not negative.", at: expr.span)
  }
}
