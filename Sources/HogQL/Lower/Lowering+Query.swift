/// Queries.
extension Lowering {
  func query(_ query: ResolvedQuery) throws(QueryError) -> SQLQuery {
    switch query {
    case .select(let select): return try SelectLowering(select: select, lowering: self).sql()
    case .set(let set): return try self.set(set)
    case .values(let values):
      var rows: [[SQLExpr]] = []
      for row in values.rows {
        var parts: [SQLExpr] = []
        for (value, column) in zip(row, values.columns) {
          let sql = try convert(value, to: column.type)
          parts.append(needsCast(sql) ? sql.cast(to: column.type.postgres) : sql)
        }
        rows.append(parts)
      }
      return .values(rows)
    }
  }

  func commonTables(_ tables: [ResolvedCommonTable]) throws(QueryError) -> [SQLCommonTable] {
    var result: [SQLCommonTable] = []
    for table in tables {
      let query = try isolated { () throws(QueryError) in try self.query(table.query) }
      if isOrdered(table.query) { orderedTables.insert(table.name) } else { orderedTables.remove(table.name) }
      result.append(
        SQLCommonTable(
          name: table.name, columns: table.query.columns.map(\.name), isMaterialized: table.isMaterialized,
          query: query))
    }
    return result
  }

  /// Members under one another; each is converted to the set's types where it differs.
  private func set(_ set: ResolvedSet) throws(QueryError) -> SQLQuery {
    var result = try member(set.first, set.columns)
    for (operation, query) in set.rest {
      let kind: SQLSetOperation.Kind =
        switch operation {
        case .unionAll: .unionAll
        case .unionDistinct: .union
        case .intersectAll: .intersectAll
        case .intersectDistinct: .intersect
        case .exceptAll: .exceptAll
        case .exceptDistinct: .except
        }
      result = .set(SQLSetOperation(kind: kind, left: result, right: try member(query, set.columns)))
    }
    guard !set.commonTables.isEmpty || !set.orderBy.isEmpty || set.limit != nil else { return result }
    var select = SQLSelect(
      set.columns.map { SQLItem(.column(table: set.alias, name: $0.name), name: $0.name) },
      from: .query(result, alias: set.alias, columns: set.columns.map(\.name), isLateral: false))
    select.with = try commonTables(set.commonTables)
    select.orderBy = try order(set.orderBy)
    if let limit = set.limit { try apply(limit, to: &select) }
    return .select(select)
  }

  private func member(_ query: ResolvedQuery, _ columns: [OutputColumn]) throws(QueryError) -> SQLQuery {
    let sql = try isolated { () throws(QueryError) in try self.query(query) }
    let same = zip(query.columns, columns).allSatisfy { $0.type.postgres == $1.type.postgres && !$0.type.isNullConstant }
    if same { return sql }
    let alias = freshAlias("m")
    var items: [SQLItem] = []
    for (old, new) in zip(query.columns, columns) {
      let column = SQLExpr.column(table: alias, name: old.name)
      let value = old.type.isNullConstant
        ? column.cast(to: new.type.postgres)
        : try convert(column, from: old.type, to: new.type, at: Span(start: 0, end: 0))
      items.append(SQLItem(value, name: new.name))
    }
    return .select(SQLSelect(items, from: .query(sql, alias: alias, columns: query.columns.map(\.name), isLateral: false)))
  }

  func apply(_ limit: ResolvedLimit, to select: inout SQLSelect) throws(QueryError) {
    if let count = limit.count { select.limit = try value(count) }
    if let offset = limit.offset { select.offset = try value(offset) }
    select.withTies = limit.withTies
  }
}
