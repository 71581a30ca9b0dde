/// ORDER BY .. WITH FILL: rows for the values between those that are there, with defaults in their other columns.
extension SelectLowering {
  /// The query's own rows under a name, one with the values that they lack, both in order.
  func filled(_ core: SQLSelect, _ fill: ResolvedFill) throws(QueryError) -> SQLSelect {
    var core = core
    let order = try lowering.order(select.orderBy.filter { $0.expr.constant == nil })
    let keys = order.indices.map { " order \($0)" }
    for (key, name) in zip(order, keys) { core.items.append(SQLItem(key.expr, name: name)) }
    let rows = lowering.freshAlias("rows")
    let names = select.columns.map(\.name) + keys
    let own = SQLSelect(
      names.map { SQLItem(.column(table: rows, name: $0), name: $0) }, from: .table(schema: nil, name: rows, alias: rows))
    let added = try missing(fill, from: rows, key: keys[0], others: keys.dropFirst())
    let alias = lowering.freshAlias("q")
    var outer = SQLSelect(
      select.columns.map { SQLItem(.column(table: alias, name: $0.name), name: $0.name) },
      from: .query(
        .set(SQLSetOperation(kind: .unionAll, left: .select(own), right: .select(added))), alias: alias, columns: [],
        isLateral: false))
    outer.with = [SQLCommonTable(name: rows, isMaterialized: true, query: .select(core))]
    outer.orderBy = zip(order, keys).map {
      SQLOrder(.column(table: alias, name: $1), isDescending: $0.isDescending, nullsFirst: $0.nullsFirst)
    }
    if let limit = select.limit { try lowering.apply(limit, to: &outer) }
    return outer
  }

  /// A row for each value of the series that no row has.
  private func missing(_ fill: ResolvedFill, from rows: String, key: String, others: ArraySlice<String>) throws(QueryError) -> SQLSelect {
    let order = select.orderBy[0]
    let series = try FillSeries(fill, order, rows: rows, key: key, lowering)
    var items: [SQLItem] = []
    for (item, column) in zip(select.items, select.columns) {
      items.append(SQLItem(item.isSame(as: order.expr) ? series.value : empty(item.type), name: column.name))
    }
    items.append(SQLItem(series.value, name: key))
    items += others.map { SQLItem(.null, name: $0) }
    let same = SQLSelect(
      .integer(1), from: .table(schema: nil, name: rows, alias: rows),
      where: SQLExpr.column(table: rows, name: key).equals(series.value))
    return SQLSelect(items, from: series.from, where: .all([series.isWithin, SQLExpr.exists(.select(same)).negated]))
  }

  private func empty(_ type: HogQLType) -> SQLExpr {
    let value = lowering.defaultValue(type)
    if value == .null { return .null(type.postgres) }
    return lowering.needsCast(value) ? value.cast(to: type.postgres) : value
  }
}

/// The values that WITH FILL asks for, as rows of `generate_series`.
private struct FillSeries {
  let from: SQLFrom
  /// One of them, in the key's type.
  let value: SQLExpr
  /// Whether it comes before the end, which is none of them.
  let isWithin: SQLExpr

  init(_ fill: ResolvedFill, _ order: ResolvedOrder, rows: String, key: String, _ lowering: Lowering) throws(QueryError) {
    let type = order.expr.type.notNull
    let alias = lowering.freshAlias("f")
    let raw = SQLExpr.column(table: alias, name: "v")
    func edge(_ name: String) -> SQLExpr {
      let all = SQLFrom.table(schema: nil, name: rows, alias: rows)
      return .subquery(.select(SQLSelect(SQLAggregate(name, [.column(table: rows, name: key)]).expr, from: all)))
    }
    let first = try fill.from.map { (from) throws(QueryError) in try lowering.convert(from, to: type) }
      ?? edge(order.isDescending ? "max" : "min")
    let last = try fill.to.map { (to) throws(QueryError) in try lowering.convert(to, to: type) }
      ?? edge(order.isDescending ? "min" : "max")
    let step = Self.step(fill.step, type)
    // Days of a time are those of its zone.
    let zone = type.isDateTime && step.isOfDays ? type.zone ?? lowering.options.timeZone : nil
    func counted(_ bound: SQLExpr) -> SQLExpr {
      if type.kind == .int { return bound.cast(to: .bigint) }
      if type.isDate { return bound.cast(to: .timestamp) }
      return zone.map { bound.local(in: $0) } ?? bound
    }
    value = type.isDate ? raw.cast(to: .date) : zone.map { raw.local(in: $0) } ?? raw
    from = .function(
      schema: nil, name: "generate_series", [counted(first), counted(last), step.sql], withOrdinality: false, alias: alias,
      columns: ["v"], isLateral: false)
    isWithin = raw.op(order.isDescending ? .greater : .less, counted(last))
  }

  private static func step(_ step: ResolvedFrame.ConstantOffset, _ type: HogQLType) -> (sql: SQLExpr, isOfDays: Bool) {
    switch step {
    case .number(let count) where type.kind == .int: return (.cast(.integer(count), .bigint), false)
    case .number(let count): return (.cast(.string("\(count) \(type.isDate ? "days" : "secs")"), .interval), false)
    case .interval(let count, let unit):
      let (name, size) = unit.inPostgres
      return (.cast(.string("\(count &* Int64(size)) \(name)"), .interval), unit.isOfDays)
    }
  }
}
