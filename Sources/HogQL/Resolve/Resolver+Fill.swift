/// ORDER BY .. WITH FILL.
extension Resolver {
  /// The keys of a select's ORDER BY. The first of them may be filled, in a query whose rows stay as they are.
  func filledOrder(_ select: Select, _ items: Items) throws(QueryError) -> [ResolvedOrder] {
    if let other = select.orderBy.dropFirst().lazy.compactMap(\.fill).first {
      throw QueryError(
        "WITH FILL is only supported for the first key of ORDER BY.", at: other.span, hint: "Order by what is to be filled first.")
    }
    guard let fill = select.orderBy.first?.fill else { return try order(select.orderBy, positions: items.exprs) }
    var plain = select.orderBy
    plain[0].fill = nil
    let isShaped = select.isDistinct || select.qualify != nil || select.limitBy != nil || select.limit?.isPercent == true
      || select.limit?.withTies == true
    guard !isShaped else {
      throw QueryError(
        "WITH FILL is not supported beside DISTINCT, QUALIFY, LIMIT BY, WITH TIES and a percentage.", at: fill.span,
        hint: "Put the rest into a subquery: select * from (..) order by day with fill")
    }
    var order = try self.order(plain, positions: items.exprs)
    guard items.exprs.contains(where: { $0.isSame(as: order[0].expr) }), order[0].expr.constant == nil else {
      throw QueryError("The key of WITH FILL must be a selected column.", at: order[0].expr.span, hint: "Select it.")
    }
    order[0].fill = try resolved(fill, of: order[0])
    return order
  }

  private func resolved(_ fill: Fill, of key: ResolvedOrder) throws(QueryError) -> ResolvedFill {
    let type = key.expr.type
    guard type.kind == .int || type.isTemporal else {
      throw QueryError(
        "WITH FILL needs integers, dates or times, not \(type.clickHouseName).", at: fill.span, hint: "Convert the key.")
    }
    let step = try fill.step.map { (step) throws(QueryError) in try fillStep(step, type) } ?? .number(key.isDescending ? -1 : 1)
    guard step.count != 0, (step.count < 0) == key.isDescending else {
      throw QueryError(
        "The step of WITH FILL must be \(key.isDescending ? "negative, since the order is descending" : "positive").",
        at: fill.step?.span ?? fill.span)
    }
    return ResolvedFill(from: try fillBound(fill.from, type), to: try fillBound(fill.to, type), step: step)
  }

  private func fillBound(_ expr: Expr?, _ type: HogQLType) throws(QueryError) -> TypedExpr? {
    guard let expr else { return nil }
    let typed = try resolve(expr)
    guard typed.facts.isDisjoint(with: [.column, .aggregate, .window, .arrayJoin]) else {
      throw QueryError("A bound of WITH FILL must be a constant.", at: expr.span)
    }
    if type.kind == .int, typed.type.kind != .int {
      throw QueryError("A bound of WITH FILL must be an integer here.", at: expr.span)
    }
    return typed
  }

  private func fillStep(_ expr: Expr, _ type: HogQLType) throws(QueryError) -> ResolvedFrame.ConstantOffset {
    let typed = try resolve(expr)
    if let value = typed.constant?.integer { return .number(value) }
    guard case .call(let call) = typed.kind, let unit = typed.type.intervalUnit,
      let count = call.arguments.first?.constant?.integer
    else {
      throw QueryError("The step of WITH FILL must be a constant number or interval.", at: expr.span)
    }
    guard type.isDateTime || (type.isDate && unit.isOfDays) else {
      throw QueryError("The step of WITH FILL is too fine for \(type.clickHouseName).", at: expr.span)
    }
    return .interval(count, unit)
  }
}

extension ResolvedFrame.ConstantOffset {
  fileprivate var count: Int64 {
    switch self {
    case .number(let count), .interval(let count, _): count
    }
  }
}
