// Aggregates that choose a value, count distinct ones or combine bits and differences.

extension FunctionTable {
  static let aggregates: [FunctionDefinition] =
    chosenValues + distinctCounts + accumulations + collections + statistics + associations + sequences
    + unsupportedAggregates

  private static let chosenValues: [FunctionDefinition] = [
    .aggregate("any", "first_value", empty: .typeDefault, followsOrder: true, returns: { $0.type(0) }) { (call) throws(QueryError) in
      guard call.window == nil else { return try keptValue(call, native: "first_value", runtime: "first_agg") }
      return call.element(.subscripted(try call.collected(0), .integer(1)))
    },
    .aggregate("anyLast", "last_value", empty: .typeDefault, followsOrder: true, returns: { $0.type(0) }) { (call) throws(QueryError) in
      guard call.window == nil else { return try keptValue(call, native: "last_value", runtime: "last_agg") }
      return call.element(.subscripted(try call.collected(0), try call.presentRows(0).cast(to: .integer)))
    },
    .aggregate("anyHeavy", empty: .typeDefault, returns: { $0.type(0) }) { (call) throws(QueryError) in
      guard call.window == nil else { return call.element(.hogql("most_frequent", try call.collected(0))) }
      var mode = SQLAggregate("mode", [])
      mode.withinGroup = [SQLOrder(call.call.toStorage(try call.sql(0), call.type(0)))]
      mode.filter = try call.present(0)
      return call.element(call.build(mode).expr)
    },
    .aggregate("argMax", empty: .typeDefault, returns: extremeType) { (call) throws(QueryError) in
      try valueAtExtreme(call, isGreatest: true)
    },
    .aggregate("argMin", empty: .typeDefault, returns: extremeType) { (call) throws(QueryError) in
      try valueAtExtreme(call, isGreatest: false)
    },
    .aggregate("every", empty: .typeDefault, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .bool
    }) { (call) throws(QueryError) in
      if call.type(0).isBoolean { return call.aggregate("bool_and", try call.sql(0)) }
      return call.aggregate("min", try call.sql(0)).op(.notEqual, .integer(0))
    },
  ]

  /// `any` and `anyLast` over a window: Postgres' own functions where there is no NULL and no condition to skip.
  private static func keptValue(_ call: AggregateCall, native: String, runtime: String) throws(QueryError) -> SQLExpr {
    let value = call.call.toStorage(try call.sql(0), call.type(0).notNull)
    if !call.mayBeNull(0) && call.isUnfiltered { return call.element(call.aggregate(native, value)) }
    return call.element(call.hogql(runtime, value))
  }

  private static let extremeType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    call.type(0).nullable(if: call.type(0).isNullable || call.type(1).isNullable)
  }

  /// The value beside the greatest or least key, of the rows where neither is NULL.
  private static func valueAtExtreme(_ call: AggregateCall, isGreatest: Bool) throws(QueryError) -> SQLExpr {
    var conditions = [try call.present(0, 1)].compactMap { $0 }
    if call.type(1).isFloat { conditions.append(try call.sql(1).op(.notEqual, .notANumber)) }
    let condition = conditions.isEmpty ? nil : SQLExpr.all(conditions)
    if let element = sharedElement(call.type(0), call.type(1)) {
      var pairs = SQLAggregate(
        isGreatest ? "max" : "min",
        [.array([try call.sql(1).converted(to: element), try call.sql(0).converted(to: element)])])
      pairs.filter = condition
      let value = SQLExpr.subscripted(call.build(pairs).expr, .integer(2))
      return element == .numeric && call.type(0).kind == .int ? value.cast(to: .bigint) : value
    }
    if call.window != nil {
      return call.element(
        .hogql(
          isGreatest ? "value_at_greatest" : "value_at_least", try call.collected(0, where: condition),
          try call.collected(1, where: condition)))
    }
    let order = try call.sortKey(1).rowParts.map {
      SQLOrder($0, isDescending: isGreatest, nullsFirst: isGreatest ? false : nil)
    }
    return call.element(.subscripted(try call.collected(0, where: condition, orderBy: order), .integer(1)))
  }

  /// The type of an array that can hold both key and value, so that the greatest pair says both without sorting.
  private static func sharedElement(_ value: HogQLType, _ key: HogQLType) -> SQLTypeName? {
    if value.kind == .int && key.kind == .int { return .bigint }
    if (value.kind == .int || value.isDecimal) && (key.kind == .int || key.isDecimal) { return .numeric }
    if value.isDate && key.isDate { return .date }
    return value.isDateTime && key.isDateTime ? .timestamptz : nil
  }

  private static let distinctCounts: [FunctionDefinition] =
    ["uniq", "uniqExact", "uniqHLL12", "uniqTheta"].map { name in
      .aggregate(name, empty: .own, returns: { _ in .int }) { (call) throws(QueryError) in try distinctCount(call) }
    }
    + ["uniqCombined", "uniqCombined64", "groupBitmap"].map { name in
      .aggregate(name, empty: .own, returns: { .int.nullable(if: $0.anyNullable) }) { (call) throws(QueryError) in
        let count = try distinctCount(call)
        return call.type.isNullable ? .call("nullif", count, .integer(0)) : count
      }
    } + [
      .aggregate("count", empty: .own, returns: { _ in .int }) { (call) throws(QueryError) in
        guard call.count > 0 else {
          if call.isDistinct { throw QueryError("\(call.name) needs something to count.", at: call.span) }
          return call.aggregate("count", .star)
        }
        if call.isDistinct && call.window != nil { return try distinctCountOverWindow(call) }
        return call.aggregate("count", try call.sql(0))
      }
    ]

  /// Several arguments count together, without the rows where one is NULL; a tuple is a value even then.
  private static func distinctCount(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    guard call.window == nil else { return try distinctCountOverWindow(call) }
    var keys: [SQLExpr] = []
    for index in 0..<call.count { keys.append(try call.sortKey(index)) }
    var distinct = SQLAggregate("count", keys.count == 1 ? keys : [.row(keys)])
    distinct.isDistinct = true
    if keys.count > 1 { distinct.filter = try call.present(Array(0..<call.count)) }
    return call.build(distinct).expr
  }

  private static func distinctCountOverWindow(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    if call.count == 1 {
      let value = call.call.toStorage(try call.sql(0), call.type(0).notNull)
      var values = SQLAggregate("array_agg", [value])
      values.filter = try call.present(0)
      return .hogql("count_distinct", call.buildPlain(values))
    }
    var parts: [SQLExpr] = []
    for index in 0..<call.count { parts.append(call.call.encode(try call.sql(index), call.type(index))) }
    var rows = SQLAggregate("array_agg", [.call("jsonb_build_array", parts)])
    rows.filter = try call.present(Array(0..<call.count))
    return .hogql("count_distinct", call.buildPlain(rows))
  }

  private static let accumulations: [FunctionDefinition] = [
    .aggregate("sumWithOverflow", empty: .typeDefault, returns: numberType) { (call) throws(QueryError) in
      let sum = call.aggregate("sum", try call.plainNumber(0))
      return call.type.kind == .int ? .hogql("wrapped", sum) : sum
    },
    .aggregate("groupBitAnd", empty: .typeDefault, returns: bitsType) { (call) throws(QueryError) in
      let bits = call.aggregate("bit_and", try call.plainNumber(0))
      return call.type.isNullable ? bits : .coalesce(bits, .integer(-1))
    },
    .aggregate("groupBitOr", empty: .typeDefault, returns: bitsType) { (call) throws(QueryError) in
      call.aggregate("bit_or", try call.plainNumber(0))
    },
    .aggregate("groupBitXor", empty: .typeDefault, returns: bitsType) { (call) throws(QueryError) in
      call.hogql("bit_xor_agg", try call.plainNumber(0))
    },
    .aggregate("deltaSum", empty: .own, followsOrder: true, returns: differenceType) { (call) throws(QueryError) in
      try increases(call, orderBy: [])
    },
    .aggregate("deltaSumTimestamp", empty: .own, returns: differenceType) { (call) throws(QueryError) in
      try call.refuseWindow()
      return try increases(call, orderBy: try call.sortKey(1).rowParts.map { SQLOrder($0) })
    },
  ]

  static let numberType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    try call.requireNumeric(0)
    return call.type(0).isFloat || call.type(0).isDecimal ? call.type(0) : .int.nullable(if: call.type(0).isNullable)
  }

  private static let differenceType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    try numberType(call).notNull
  }

  private static let bitsType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    guard call.type(0).kind == .int || call.type(0).isBoolean || call.type(0).isNullConstant else {
      throw call.wrongType(0, expected: "an integer", hint: "Convert it with toInt.")
    }
    return .int
  }

  private static func increases(_ call: AggregateCall, orderBy: [SQLOrder]) throws(QueryError) -> SQLExpr {
    let indexes = Array(0..<call.count)
    let values = try call.collected(call.plainNumber(0), where: call.present(indexes), orderBy: orderBy)
    return .coalesce(.hogql("delta_sum", values), call.call.defaultValue(call.type))
  }

  private static let unsupportedAggregates: [FunctionDefinition] = [
    .unsupported(
      "groupBitmapAnd", "groupBitmapAndIf", "groupBitmapAndState", "groupBitmapOr", "groupBitmapOrIf",
      "groupBitmapOrState", "groupBitmapXor", "groupBitmapXorIf", "groupBitmapXorState",
      reason: "needs ClickHouse's bitmaps. Join the sets, or count with uniqExact."),
    .unsupported(
      "uniqUpToMerge",
      reason: "needs the state of uniqUpTo, which no function makes. Use uniqExactState and uniqExactMerge."),
    .unsupported(
      "percentile_cont", "percentile_disc",
      reason: "needs WITHIN GROUP. Write quantile(0.9)(x) or quantileExact(0.9)(x)."),
  ]
}
