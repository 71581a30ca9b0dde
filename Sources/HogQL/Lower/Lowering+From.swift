/// FROM.
extension Lowering {
  func from(_ from: ResolvedFrom) throws(QueryError) -> SQLFrom {
    switch from {
    case .table(let schema, let name, let alias): return .table(schema: schema, name: name, alias: alias)
    case .common(let name, let alias): return .table(schema: nil, name: name, alias: alias)
    case .query(let query, let alias):
      let sql = try isolated { () throws(QueryError) in try self.query(query) }
      return .query(sql, alias: alias, columns: query.columns.map(\.name), isLateral: false)
    case .numbers(let start, let count, let alias):
      let first: SQLExpr = try start.map { (start) throws(QueryError) in try number(start).cast(to: .bigint) } ?? .cast(.integer(0), .bigint)
      let last = first.op(.add, try number(count)).op(.subtract, .integer(1))
      return .function(
        schema: nil, name: "generate_series", [first, last], withOrdinality: false, alias: alias,
        columns: ["number"], isLateral: false)
    case .series(let start, let stop, let step, let alias):
      let bounds = [try number(start).cast(to: .bigint), try number(stop).cast(to: .bigint), try number(step).cast(to: .bigint)]
      return .function(
        schema: nil, name: "generate_series", bounds, withOrdinality: false, alias: alias, columns: ["generate_series"],
        isLateral: false)
    case .join(let left, let join): return try self.join(left, join)
    }
  }

  private func join(_ left: ResolvedFrom, _ join: ResolvedJoin) throws(QueryError) -> SQLFrom {
    let l = try from(left)
    let r = try from(join.right)
    var on: SQLExpr?
    if let condition = join.condition { on = try lower(condition, in: .join) }
    switch join.kind {
    case .inner: return .join(l, .inner, r, on: on ?? .boolean(true))
    case .left: return .join(l, .left, r, on: on ?? .boolean(true))
    case .right: return .join(l, .right, r, on: on ?? .boolean(true))
    case .full: return .join(l, .full, r, on: on ?? .boolean(true))
    case .cross: return .join(l, .cross, r, on: nil)
    case .anyLeft: return .join(l, .left, first(r, join, on, []), on: .boolean(true))
    case .anyInner:
      return .join(try distinct(l, join, left.firstAlias), .inner, first(r, join, on, []), on: .boolean(true))
    case .leftSemi: return .join(l, .inner, first(r, join, on, []), on: .boolean(true))
    case .leftAnti:
      let matches = SQLQuery.select(SQLSelect(.integer(1), from: r, where: on))
      let none = SQLSelect(.integer(1), where: SQLExpr.exists(matches).negated)
      return .join(
        l, .inner, .query(.select(none), alias: join.rightAlias, columns: [], isLateral: true), on: .boolean(true))
    case .anyRight, .rightSemi, .rightAnti:
      throw QueryError("This join is not supported.", at: Span(start: 0, end: 0))
    case .asofInner, .asofLeft:
      var order: [SQLOrder] = []
      if let closest = join.closest { order = [SQLOrder(try typed(closest.key), isDescending: closest.isLatest)] }
      return .join(l, join.kind == .asofInner ? .inner : .left, first(r, join, on, order), on: .boolean(true))
    }
  }

  /// One row of the left side for each of its keys.
  private func distinct(_ left: SQLFrom, _ join: ResolvedJoin, _ alias: String) throws(QueryError) -> SQLFrom {
    var select = SQLSelect(.column(table: alias, name: "*"), from: left)
    for key in join.leftKeys { select.distinctOn.append(try typed(key)) }
    return .query(.select(select), alias: alias, columns: [], isLateral: false)
  }

  /// `LATERAL (SELECT alias.* FROM right WHERE on ORDER BY .. LIMIT 1)` under the right side's own alias.
  private func first(_ right: SQLFrom, _ join: ResolvedJoin, _ on: SQLExpr?, _ order: [SQLOrder]) -> SQLFrom {
    var select = SQLSelect(.column(table: join.rightAlias, name: "*"), from: right, where: on, orderBy: order)
    select.limit = .integer(1)
    return .query(.select(select), alias: join.rightAlias, columns: [], isLateral: true)
  }

  /// ARRAY JOIN after what stands before it; LEFT keeps rows with an empty array.
  func arrayJoin(_ join: ResolvedArrayJoin, after from: SQLFrom?) throws(QueryError) -> SQLFrom {
    var arrays: [SQLExpr] = []
    for item in join.items { arrays.append(try value(item.array)) }
    let unnest = SQLFrom.function(
      schema: nil, name: "unnest", arrays, withOrdinality: false, alias: join.alias,
      columns: join.items.map(\.column), isLateral: from != nil)
    guard let from else { return unnest }
    return join.isLeft ? .join(from, .left, unnest, on: .boolean(true)) : .join(from, .cross, unnest, on: nil)
  }
}
