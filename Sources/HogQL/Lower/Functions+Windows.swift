// Functions that need OVER.

extension FunctionTable {
  static let windows: [FunctionDefinition] =
    ["row_number", "rank", "dense_rank"].map { name in
      .window(name, returns: { _ in .int }) { (call) throws(QueryError) in call.aggregate(name) }
    } + [
      .window("lag", returns: { $0.type(0).nullable }) { (call) throws(QueryError) in
        try neighbour(call, "lag", default: call.count > 2 ? try call.defaultArgument() : nil)
      },
      .window("lead", returns: { $0.type(0).nullable }) { (call) throws(QueryError) in
        try neighbour(call, "lead", default: call.count > 2 ? try call.defaultArgument() : nil)
      },
      .window("lagInFrame", returns: { $0.type(0) }) { (call) throws(QueryError) in
        try neighbourInFrame(call, isLead: false)
      },
      .window("leadInFrame", returns: { $0.type(0) }) { (call) throws(QueryError) in
        try neighbourInFrame(call, isLead: true)
      },
      .window("nth_value", returns: { $0.type(0) }) { (call) throws(QueryError) in
        let value = call.aggregate("nth_value", try call.sql(0), try call.number(1).cast(to: .integer))
        return call.type.isNullable ? value : .coalesce(value, call.call.defaultValue(call.type))
      },
    ]

  /// Postgres' lag or lead, which sees the whole partition.
  private static func neighbour(_ call: AggregateCall, _ name: String, default fallback: SQLExpr?) throws(QueryError)
    -> SQLExpr
  {
    var arguments = [try call.sql(0)]
    if call.count > 1 || fallback != nil {
      let distance = try distance(call)
      arguments.append(distance.isConstant ? distance : distance.cast(to: .integer))
    }
    if let fallback { arguments.append(fallback) }
    var neighbour = SQLAggregate(name, arguments)
    neighbour.over = call.window
    neighbour.over?.frame = nil
    return call.build(neighbour).expr
  }

  private static func distance(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    guard call.count > 1 else { return .integer(1) }
    if let value = call.call.constant(1)?.integer { return .integer(value) }
    return try call.number(1)
  }

  /// The neighbour where the frame holds it, else the default: the third argument, or the type's own.
  private static func neighbourInFrame(_ call: AggregateCall, isLead: Bool) throws(QueryError) -> SQLExpr {
    let fallback = call.count > 2
      ? try call.defaultArgument() : call.call.defaultValue(call.type).cast(to: call.type.postgres)
    let value = try neighbour(
      call, isLead ? "lead" : "lag", default: call.type.isNullable && call.count < 3 ? nil : fallback)
    guard let window = call.window else { return value }
    let place = FramePlace(window: window, isLead: isLead, distance: try distance(call))
    switch place.isInside {
    case .boolean(true): return value
    case .boolean(false): return fallback
    case let condition: return .when(condition, then: value, otherwise: fallback)
    }
  }
}

extension AggregateCall {
  /// The third argument, as the first one's type.
  fileprivate func defaultArgument() throws(QueryError) -> SQLExpr {
    let value = try lowering.convert(sql(2), from: type(2), to: type(0), at: span)
    return value.cast(to: type(0).postgres)
  }
}

/// Whether the row at a distance before or after the current one lies inside the window's frame.
private struct FramePlace {
  let window: SQLWindow
  let isLead: Bool
  let distance: SQLExpr

  private var frame: SQLFrame {
    let usual = SQLFrame(isRange: true, start: .unboundedPreceding, end: .currentRow)
    return window.frame ?? (window.orderBy.isEmpty ? .wholePartition : usual)
  }

  var isInside: SQLExpr {
    var conditions: [SQLExpr] = []
    if frame.start != .unboundedPreceding { conditions.append(isAfterStart) }
    if frame.end != .unboundedFollowing { conditions.append(isBeforeEnd) }
    if conditions.contains(.boolean(false)) { return .boolean(false) }
    return .all(conditions)
  }

  /// The distance, negative before the current row; nil when it is not a constant.
  private var offset: Int64? {
    guard case .integer(let value) = distance else { return nil }
    return isLead ? value : 0 &- value
  }

  private var isAfterStart: SQLExpr {
    if let offset, let start = rows(frame.start), !frame.isRange { return .boolean(offset >= start) }
    if let offset, offset >= 0, rows(frame.start) == 0 || isBefore(frame.start) { return .boolean(true) }
    let fromStart = SQLFrame(isRange: frame.isRange, start: frame.start, end: .unboundedFollowing)
    let start = count(over: .wholePartition).op(.subtract, count(over: fromStart))
    return place.op(.greater, start)
  }

  private var isBeforeEnd: SQLExpr {
    if let offset, let end = rows(frame.end), !frame.isRange { return .boolean(offset <= end) }
    if let offset, offset <= 0, rows(frame.end) == 0 || isAfter(frame.end) { return .boolean(true) }
    let toEnd = SQLFrame(isRange: frame.isRange, start: .unboundedPreceding, end: frame.end)
    return place.op(.lessOrEqual, count(over: toEnd))
  }

  /// A bound as a number of rows from the current one; nil when it is none.
  private func rows(_ bound: SQLFrame.Bound) -> Int64? {
    switch bound {
    case .currentRow: 0
    case .preceding(.integer(let count)): 0 &- count
    case .following(.integer(let count)): count
    default: nil
    }
  }

  private func isBefore(_ bound: SQLFrame.Bound) -> Bool {
    if case .preceding = bound { true } else { false }
  }

  private func isAfter(_ bound: SQLFrame.Bound) -> Bool {
    if case .following = bound { true } else { false }
  }

  private var place: SQLExpr {
    var number = SQLAggregate("row_number", [])
    number.over = window
    number.over?.frame = nil
    return number.expr.op(isLead ? .add : .subtract, distance)
  }

  private func count(over frame: SQLFrame) -> SQLExpr {
    var count = SQLAggregate("count", [.star])
    count.over = window
    count.over?.frame = frame
    return count.expr
  }
}
