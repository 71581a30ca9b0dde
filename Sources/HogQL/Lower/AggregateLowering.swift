/// One aggregate's call with its suffixes.
///
/// `-If` and FILTER become a filter of the Postgres aggregate; what changes the aggregated things (`-Array`, `-Map`,
/// `-Merge` ..) collects rows as `jsonb` and aggregates over them in a subquery.
struct AggregateLowering {
  let call: ResolvedCall
  let expr: TypedExpr
  let lowering: Lowering

  func sql() throws(QueryError) -> SQLExpr {
    guard call.over == nil else { return try completed() }
    // Inside an aggregate a group's key is the row's own value, and no replacement counts.
    let saved = lowering.replacements
    defer { lowering.replacements = saved }
    lowering.replacements = []
    return try completed()
  }

  private func completed() throws(QueryError) -> SQLExpr {
    var combinators = call.combinators
    var arguments = call.arguments
    var filters: [SQLExpr] = []
    if combinators.last == .if, let condition = arguments.popLast() {
      combinators.removeLast()
      filters.append(try lowering.condition(condition))
    }
    if let filter = call.filter { filters.append(try lowering.condition(filter)) }
    var override: Combinator?
    while let last = combinators.last, last == .orNull || last == .orDefault {
      override = override ?? combinators.removeLast()
      if combinators.last == last { combinators.removeLast() }
    }
    let window: SQLWindow?
    if let over = call.over { window = try lowering.window(over) } else { window = nil }
    if call.definition.kind == .window, window == nil {
      throw QueryError("\(call.name) needs OVER.", at: expr.span, hint: "Write \(call.name)(..) OVER (ORDER BY ..).")
    }
    if call.isDistinct, window != nil, !call.definition.names.contains(where: ["count", "uniq", "uniqExact"].contains) {
      throw QueryError(
        "\(call.name)(DISTINCT ..) cannot be a window function.", at: expr.span,
        hint: "Aggregate in a subquery and join it.")
    }
    let aggregate = AggregateCall(
      call: loweringCall(arguments), replaced: nil, isDistinct: call.isDistinct || combinators.contains(.distinct),
      orderBy: try order(), filters: filters, window: window,
      hasRows: lowering.groupsHaveRows && filters.isEmpty && window == nil)
    return try overridden(aggregate, Array(combinators.filter { $0 != .distinct }), override)
  }

  /// The call's own order, or else that of the rows.
  private func order() throws(QueryError) -> [SQLOrder] {
    let isDistinct = call.isDistinct || call.combinators.contains(.distinct)
    guard call.orderBy.isEmpty, call.over == nil, call.followsOrder, !isDistinct else { return try lowering.order(call.orderBy) }
    return lowering.rowOrder
  }

  private func loweringCall(_ arguments: [TypedExpr]) -> LoweringCall {
    LoweringCall(
      name: call.name, span: expr.span, type: expr.type, mayBeNull: expr.mayBeNull, parameters: call.parameters,
      arguments: arguments, context: .value, lowering: lowering)
  }

  /// `-OrNull` gives NULL over no rows whatever the argument, `-OrDefault` of what is not Nullable the default.
  private func overridden(_ aggregate: AggregateCall, _ combinators: [Combinator], _ override: Combinator?)
    throws(QueryError) -> SQLExpr
  {
    let sql = try combined(aggregate, combinators, isDefaulted: override == nil)
    switch override {
    case .orDefault? where !expr.type.isNullable: return .coalesce(sql, lowering.defaultValue(expr.type))
    case .orNull? where call.definition.empty == .own:
      var rows = SQLAggregate("count", [aggregate.count > 0 ? try aggregate.sql(0) : .star])
      rows.filter = aggregate.filters.isEmpty ? nil : .all(aggregate.filters)
      rows.over = aggregate.window
      return .when(rows.expr.op(.greater, .integer(0)), then: sql)
    default: return sql
    }
  }

  private func combined(_ aggregate: AggregateCall, _ combinators: [Combinator], isDefaulted: Bool)
    throws(QueryError) -> SQLExpr
  {
    guard let outermost = combinators.last else { return try base(aggregate, isDefaulted: isDefaulted) }
    guard aggregate.window == nil else {
      throw QueryError("\(call.name) cannot be a window function.", at: expr.span)
    }
    let inner = Array(combinators.dropLast())
    return try CollectedRows(aggregate: aggregate, call: call, expr: expr, lowering: lowering).sql(outermost) {
      (part) throws(QueryError) in try combined(part, inner, isDefaulted: true)
    }
  }

  /// The base aggregate's SQL with what it gives over no rows.
  func base(_ aggregate: AggregateCall, isDefaulted: Bool) throws(QueryError) -> SQLExpr {
    guard case .aggregate(let rule) = call.definition.rule else {
      throw QueryError("\(call.name) is not an aggregate.", at: expr.span)
    }
    let sql = try rule(aggregate)
    let type = aggregate.type
    let mayBeEmpty = !aggregate.hasRows || call.arguments.contains(where: \.mayBeNull)
    guard isDefaulted, mayBeEmpty, !type.isNullable else { return sql }
    switch call.definition.empty {
    case .own: return sql
    case .typeDefault: return .coalesce(sql, lowering.defaultValue(type))
    case .nan:
      return .coalesce(sql, type.isTemporal ? lowering.defaultValue(type) : .cast(.string("NaN"), .double))
    }
  }
}
