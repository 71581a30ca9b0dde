/// One SELECT. What Postgres has no clause for (QUALIFY, LIMIT BY, a percentage) becomes a filter around the select,
/// over columns that it gives in addition.
struct SelectLowering {
  let select: ResolvedSelect
  let lowering: Lowering

  func sql() throws(QueryError) -> SQLQuery {
    let with = try lowering.commonTables(select.commonTables)
    let query = try lowering.isolated { () throws(QueryError) in try body() }
    guard !with.isEmpty, case .select(var outer) = query else { return query }
    outer.with = with + outer.with
    return .select(outer)
  }

  private func body() throws(QueryError) -> SQLQuery {
    var core = SQLSelect([])
    core.from = try select.from.map { (from) throws(QueryError) in try lowering.from(from) }
    lowering.anchor = select.from.map { .column(table: $0.firstAlias, name: "*") }
    for join in select.arrayJoins { core.from = try lowering.arrayJoin(join, after: core.from) }
    try unroll(into: &core)
    if let condition = select.condition {
      core.condition = try lowering.condition(condition)
      lowering.present = condition.presentColumns(weekStartsOnSunday: lowering.options.weekStartsOnSunday)
    }
    keepOrder(&core)
    try group(&core)
    if let having = select.having { core.having = try lowering.condition(having) }
    for (item, column) in zip(select.items, select.columns) {
      var sql = SQLItem(try lowering.typedItem(item), name: column.name)
      sql.span = item.span
      core.items.append(sql)
    }
    core.isDistinct = select.isDistinct
    return .select(try shaped(core))
  }

  /// `arrayJoin(a)` is one lateral unrolling for each different argument.
  private func unroll(into core: inout SQLSelect) throws(QueryError) {
    var arrays: [TypedExpr] = []
    let places = select.items + [select.condition].compactMap { $0 } + (select.groupBy?.keys ?? [])
      + select.orderBy.map(\.expr)
    for place in places { place.collectArrayJoins(into: &arrays) }
    for array in arrays where array.facts.isDisjoint(with: [.aggregate, .window]) {
      let alias = lowering.freshAlias("a")
      let element = array.type.element ?? .null
      let unnest = SQLFrom.function(
        schema: nil, name: "unnest", [try lowering.value(array)], withOrdinality: false, alias: alias, columns: ["v"],
        isLateral: core.from != nil)
      core.from = core.from.map { .join($0, .cross, unnest, on: nil) } ?? unnest
      lowering.unrolled.append(
        (array, lowering.fromStorage(.column(table: alias, name: "v"), element)))
    }
  }

  private func group(_ core: inout SQLSelect) throws(QueryError) {
    guard let groupBy = select.groupBy else {
      if select.isAggregated, select.having == nil, !select.items.contains(where: { $0.facts.contains(.aggregate) }) {
        core.groupBy = .keys([])
      }
      return
    }
    lowering.groupKeys = groupBy.keys
    var keys: [SQLExpr] = []
    for key in groupBy.keys {
      let sql = try lowering.typed(key)
      keys.append(sql.isConstant ? sql.cast(to: key.type.postgres) : sql)
    }
    switch groupBy.form {
    case .plain:
      core.groupBy = .keys(keys)
      lowering.groupsHaveRows = true
      return
    case .rollup: core.groupBy = .rollup(keys)
    case .cube: core.groupBy = .cube(keys)
    case .sets(let sets): core.groupBy = .sets(sets.map { $0.map { keys[$0] } })
    }
    // An absent key is NULL in Postgres; ClickHouse gives a key that is not Nullable its type's default.
    for (key, sql) in zip(groupBy.keys, keys) where !key.type.isNullable {
      let absent = SQLExpr.grouping(sql).equals(.integer(1))
      lowering.replacements.append((key, .when(absent, then: lowering.defaultValue(key.type), otherwise: sql)))
    }
  }

  /// DISTINCT, QUALIFY, LIMIT BY, ORDER BY and LIMIT around the core.
  private func shaped(_ core: SQLSelect) throws(QueryError) -> SQLSelect {
    let isBare = select.qualify == nil && select.limitBy == nil && select.limit?.isPercent != true
    if let fill = select.orderBy.first?.fill { return try filled(core, fill) }
    if select.isDistinct && !(isBare && select.orderBy.isEmpty) { return try overDistinct(core) }
    return try filtered(core, qualify: select.qualify)
  }

  /// QUALIFY, LIMIT BY, ORDER BY and LIMIT.
  private func filtered(_ core: SQLSelect, qualify: TypedExpr?) throws(QueryError) -> SQLSelect {
    var core = core
    let isPercent = select.limit?.isPercent == true
    if qualify == nil && select.limitBy == nil && !isPercent {
      core.orderBy = try lowering.order(select.orderBy.filter { $0.expr.constant == nil })
      if let limit = select.limit { try lowering.apply(limit, to: &core) }
      return core
    }
    let order = try lowering.order(select.orderBy.filter { $0.expr.constant == nil })
    let keys = order.indices.map { " order \($0)" }
    for (key, name) in zip(order, keys) { core.items.append(SQLItem(key.expr, name: name)) }
    if let qualify { core.items.append(SQLItem(try lowering.condition(qualify), name: " qualify")) }
    var current = core
    if qualify != nil { current = wrapped(current, keys, extra: []) { $0(" qualify") } }
    if let limitBy = select.limitBy {
      current = try limited(current, by: limitBy, keys, order, isQualified: qualify != nil)
    }
    if isPercent { current = try percentage(current, keys, order) }
    var outer = columns(of: current, alias: lowering.freshAlias("q"), extra: [])
    let alias = outer.alias
    outer.select.orderBy = zip(order, keys).map { key, name in
      SQLOrder(.column(table: alias, name: name), isDescending: key.isDescending, nullsFirst: key.nullsFirst)
    }
    if let limit = select.limit, !isPercent { try lowering.apply(limit, to: &outer.select) }
    return outer.select
  }

  private func columns(of query: SQLSelect, alias: String, extra: [String]) -> (select: SQLSelect, alias: String) {
    let items = (select.columns.map(\.name) + extra).map { SQLItem(.column(table: alias, name: $0), name: $0) }
    return (
      SQLSelect(items, from: .query(.select(query), alias: alias, columns: [], isLateral: false)), alias
    )
  }

  private func wrapped(
    _ query: SQLSelect, _ keys: [String], extra: [String], where condition: ((String) -> SQLExpr) -> SQLExpr
  ) -> SQLSelect {
    var outer = columns(of: query, alias: lowering.freshAlias("q"), extra: keys + extra)
    outer.select.condition = condition { .column(table: outer.alias, name: $0) }
    return outer.select
  }

  /// Rows get their number within their key, in the order of ORDER BY.
  private func limited(
    _ query: SQLSelect, by limitBy: ResolvedLimitBy, _ keys: [String], _ order: [SQLOrder], isQualified: Bool
  ) throws(QueryError) -> SQLSelect {
    var query = query
    let count = try lowering.value(limitBy.count)
    let offset = try limitBy.offset.map { (offset) throws(QueryError) in try lowering.value(offset) }
    var partition: [SQLExpr] = []
    var ordering = order
    if !isQualified {
      for key in limitBy.keys { partition.append(try lowering.typed(key)) }
    } else {
      let alias = query.from?.queryAlias
      for key in limitBy.keys {
        guard let index = select.items.firstIndex(where: { $0.isSame(as: key) }) else {
          throw QueryError(
            "After QUALIFY the keys of LIMIT BY must be selected.", at: key.span, hint: "Select it, or use a subquery.")
        }
        partition.append(.column(table: alias, name: select.columns[index].name))
      }
      ordering = zip(order, keys).map {
        SQLOrder(.column(table: alias, name: $1), isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
      }
    }
    if limitBy.count.constant == .integer(1), offset == nil, !isQualified {
      // The first row of each key needs no numbers.
      query.distinctOn = partition
      query.orderBy = partition.map { SQLOrder($0) } + ordering
      return query
    }
    var number = SQLAggregate("row_number", [])
    number.over = SQLWindow(partitionBy: partition, orderBy: ordering)
    query.items.append(SQLItem(number.expr, name: " number"))
    return wrapped(query, keys, extra: []) { column in
      guard let offset else { return column(" number").op(.lessOrEqual, count) }
      return .all([column(" number").op(.greater, offset), column(" number").op(.lessOrEqual, offset.op(.add, count))])
    }
  }

  /// `LIMIT n%`: the share of the rows, rounded up.
  private func percentage(_ query: SQLSelect, _ keys: [String], _ order: [SQLOrder]) throws(QueryError) -> SQLSelect {
    guard let limit = select.limit, let share = limit.count else { return query }
    let inner = columns(of: query, alias: lowering.freshAlias("q"), extra: keys)
    var numbered = inner.select
    var number = SQLAggregate(limit.withTies ? "rank" : "row_number", [])
    number.over = SQLWindow(
      orderBy: zip(order, keys).map {
        SQLOrder(
          .column(table: inner.alias, name: $1), isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
      })
    var total = SQLAggregate("count", [.star])
    total.over = SQLWindow()
    numbered.items += [SQLItem(number.expr, name: " number"), SQLItem(total.expr, name: " total")]
    let part = try lowering.number(share).cast(to: .numeric)
    let skipped = try limit.offset.map { (offset) throws(QueryError) in try lowering.value(offset) } ?? .integer(0)
    return wrapped(numbered, keys, extra: []) { column in
      let last = SQLExpr.call("ceil", column(" total").op(.multiply, part).op(.divide, .integer(100)))
      return .all([
        column(" number").op(.greater, skipped), column(" number").op(.lessOrEqual, last.op(.add, skipped)),
      ])
    }
  }

  /// DISTINCT comes after QUALIFY and before all that follows, which goes around it, over the items' columns. Postgres
  /// wants its ORDER BY among the items as well.
  private func overDistinct(_ core: SQLSelect) throws(QueryError) -> SQLSelect {
    var inner = core
    if let qualify = select.qualify {
      inner.isDistinct = false
      inner.items.append(SQLItem(try lowering.condition(qualify), name: " qualify"))
      inner = wrapped(inner, [], extra: []) { $0(" qualify") }
      inner.isDistinct = true
    }
    let alias = lowering.freshAlias("q")
    let outer = columns(of: inner, alias: alias, extra: []).select
    lowering.replacements = zip(select.items, select.columns).map {
      ($0, .column(table: alias, name: $1.name))
    }
    for key in select.orderBy.map(\.expr) + (select.limitBy?.keys ?? []) where !key.isMade(of: select.items) {
      throw QueryError(
        "SELECT DISTINCT can only be ordered and limited by what it selects.", at: key.span,
        hint: "Select it, or group by it.")
    }
    return try filtered(outer, qualify: nil)
  }
}

extension TypedExpr {
  func collectArrayJoins(into arrays: inout [TypedExpr]) {
    guard facts.contains(.arrayJoin) else { return }
    for child in kind.children { child.collectArrayJoins(into: &arrays) }
    if case .arrayJoin(let array) = kind, !arrays.contains(where: { $0.isSame(as: array) }) { arrays.append(array) }
  }

  /// Whether nothing but the given expressions and constants is needed for this one.
  func isMade(of items: [TypedExpr]) -> Bool {
    if items.contains(where: { $0.isSame(as: self) }) { return true }
    switch kind {
    case .column, .subquery: return false
    case .call(let call) where call.definition.kind == .aggregate: return false
    default: return kind.children.allSatisfy { $0.isMade(of: items) }
    }
  }
}

extension SQLFrom {
  fileprivate var queryAlias: String? {
    if case .query(_, let alias, _, _) = self { alias } else { nil }
  }
}

extension Lowering {
  /// A select item; NULL and integers get a type, so that set operations and outer queries find the one they expect.
  func typedItem(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    let sql = try value(expr)
    if sql == .null { return .null(expr.type.postgres) }
    // Arithmetic of constants is int4 to Postgres.
    let isConstant = needsCast(sql) || expr.facts.isEmpty
    return expr.type.kind == .int && isConstant ? sql.cast(to: .bigint) : sql
  }
}
