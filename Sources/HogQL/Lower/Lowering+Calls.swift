/// Calls of functions.
extension Lowering {
  func call(_ call: ResolvedCall, of expr: TypedExpr, in context: LoweringContext) throws(QueryError) -> SQLExpr {
    switch call.definition.rule {
    case .scalar(let rule):
      let sql = try rule(
        LoweringCall(
          name: call.name, span: expr.span, type: expr.type, mayBeNull: expr.mayBeNull, parameters: call.parameters,
          arguments: call.arguments, context: context, lowering: self))
      places.note(sql, at: expr.span)
      return sql
    case .aggregate:
      let sql = try AggregateLowering(call: call, expr: expr, lowering: self).sql()
      places.note(sql, at: expr.span)
      return sql
    case .unsupported(let reason):
      throw QueryError("\(call.name) is not supported: it \(reason)", at: expr.span)
    }
  }

  func window(_ window: ResolvedWindow) throws(QueryError) -> SQLWindow {
    var partitionBy: [SQLExpr] = []
    for key in window.partitionBy { partitionBy.append(try typed(key)) }
    return SQLWindow(
      partitionBy: partitionBy, orderBy: try order(window.orderBy), frame: window.frame.map { frame($0) })
  }

  private func frame(_ frame: ResolvedFrame) -> SQLFrame {
    SQLFrame(isRange: frame.isRange, start: bound(frame.start), end: bound(frame.end))
  }

  private func bound(_ bound: ResolvedFrame.Bound) -> SQLFrame.Bound {
    switch bound {
    case .unboundedPreceding: .unboundedPreceding
    case .preceding(let count): .preceding(offset(count))
    case .currentRow: .currentRow
    case .following(let count): .following(offset(count))
    case .unboundedFollowing: .unboundedFollowing
    }
  }

  private func offset(_ offset: ResolvedFrame.ConstantOffset) -> SQLExpr {
    switch offset {
    case .number(let value): .integer(value)
    case .interval(let count, let unit):
      .cast(.string("\(count &* Int64(unit.inPostgres.count)) \(unit.inPostgres.unit)"), .interval)
    }
  }

  /// ORDER BY keys: NULLs last and NaN before them unless the text says otherwise.
  func order(_ keys: [ResolvedOrder]) throws(QueryError) -> [SQLOrder] {
    var result: [SQLOrder] = []
    for key in keys {
      for sql in flatKey(try sortKey(key.expr)) { result += order(sql, of: key) }
    }
    return result
  }

  /// A key without NULLs is ordered plainly, so that any index serves.
  private func isPresent(_ expr: TypedExpr) -> Bool {
    if case .column(let column) = expr.kind { present.contains(column) } else { false }
  }

  func flatKey(_ sql: SQLExpr) -> [SQLExpr] {
    if case .row(let parts) = sql { parts.flatMap { flatKey($0) } } else { [sql] }
  }

  func order(_ sql: SQLExpr, of key: ResolvedOrder) -> [SQLOrder] {
    let mayBeNull = key.expr.mayBeNull && !isPresent(key.expr)
    guard key.isDescending else {
      return [SQLOrder(sql, nullsFirst: key.nullsFirst == true && mayBeNull ? true : nil)]
    }
    let nullsFirst: Bool? = mayBeNull || key.expr.type.tupleElements != nil ? (key.nullsFirst ?? false) : nil
    let descending = SQLOrder(sql, isDescending: true, nullsFirst: nullsFirst)
    guard key.expr.type.isFloat, !sql.isConstant else { return [descending] }
    // Postgres puts NaN above every number, ClickHouse behind all of them whichever the direction.
    let isNaN = sql.equals(.cast(.string("NaN"), .double))
    return [SQLOrder(isNaN, nullsFirst: key.nullsFirst == true ? true : nil), descending]
  }
}
