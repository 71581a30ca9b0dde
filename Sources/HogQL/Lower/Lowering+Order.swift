/// The order of a subquery's rows, for aggregates that follow it: `groupArray(x)` over `(select .. order by t)`.
///
/// Postgres may sort rows anew for the groups, so they are numbered as they come and aggregated by their numbers.
extension SelectLowering {
  /// Numbers the rows that WHERE lets through, where an aggregate follows their order.
  func keepOrder(_ core: inout SQLSelect) {
    guard let source = select.from, let from = core.from, select.arrayJoins.isEmpty, lowering.isOrdered(source), followsOrder
    else { return }
    // Under the same alias, so that WHERE reads as before. Outside of it Postgres could not use an index for it.
    let (alias, number) = (source.firstAlias, " row")
    var rows = SQLAggregate("row_number", [])
    rows.over = SQLWindow()
    let numbered = SQLSelect(
      [SQLItem(.column(table: alias, name: "*")), SQLItem(rows.expr, name: number)], from: from, where: core.condition)
    core.from = .query(.select(numbered), alias: alias, columns: [], isLateral: false)
    core.condition = nil
    lowering.rowOrder = [SQLOrder(.column(table: alias, name: number))]
  }

  private var followsOrder: Bool {
    let places = select.items + [select.condition, select.having, select.qualify].compactMap { $0 } + select.orderBy.map(\.expr)
    // An array is unrolled after the rows are numbered; its elements would have one number.
    return !places.contains { $0.facts.contains(.arrayJoin) } && places.contains(where: \.followsOrder)
  }
}

extension Lowering {
  /// Whether the rows come in an order that the text says.
  func isOrdered(_ from: ResolvedFrom) -> Bool {
    switch from {
    case .query(let query, _): isOrdered(query)
    case .common(let name, _): orderedTables.contains(name)
    default: false
    }
  }

  func isOrdered(_ query: ResolvedQuery) -> Bool {
    switch query {
    case .select(let select):
      if select.orderBy.contains(where: { $0.expr.constant == nil }) { return true }
      let keeps = !select.isDistinct && !select.isAggregated && select.groupBy == nil && select.limitBy == nil
        && select.qualify == nil && select.arrayJoins.isEmpty
      return keeps && select.from.map(isOrdered) == true
    case .set(let set): return !set.orderBy.isEmpty
    case .values: return false
    }
  }
}

extension TypedExpr {
  /// Whether an aggregate in it depends on the order of rows.
  fileprivate var followsOrder: Bool {
    guard facts.contains(.aggregate) else { return false }
    if case .call(let call) = kind, call.over == nil, call.followsOrder { return true }
    return kind.children.contains(where: \.followsOrder)
  }
}

extension ResolvedCall {
  /// Whether it is an aggregate that depends on the order of rows, or collects them as they come.
  var followsOrder: Bool { definition.kind == .aggregate && definition.followsOrder }
}
