// Aggregates that give arrays and texts of the rows' values.

extension FunctionTable {
  static let collections: [FunctionDefinition] = [
    .aggregate("groupArray", "array_agg", empty: .own, followsOrder: true, returns: arrayType) { (call) throws(QueryError) in
      let values = call.orEmpty(try call.collected(0))
      return try call.size(0).map { .slice(values, from: .integer(1), to: .integer($0)) } ?? values
    },
    .aggregate("groupUniqArray", empty: .own, returns: arrayType) { (call) throws(QueryError) in
      let values = call.window == nil
        ? call.orEmpty(try call.collected(0, isDistinct: true))
        : .hogql("distinct_elements", call.orEmpty(try call.collected(0)))
      return try call.size(0).map { .slice(values, from: .integer(1), to: .integer($0)) } ?? values
    },
    .aggregate("groupArraySample", empty: .own, returns: arrayType) { (call) throws(QueryError) in
      guard let size = try call.size(0) else {
        throw QueryError(
          "\(call.name) needs a size.", at: call.span, hint: "Write for instance \(call.name)(10)(x).")
      }
      return .hogql("sampled_elements", call.orEmpty(try call.collected(0)), .integer(size))
    },
    .aggregate("topK", empty: .own, returns: arrayType) { (call) throws(QueryError) in
      .hogql("top_k", call.orEmpty(try call.collected(0)), .integer(try call.size(0) ?? 10))
    },
    .aggregate("groupArrayMovingSum", empty: .own, followsOrder: true, returns: { (call) throws(QueryError) in
      .array(try FunctionTable.numberType(call).notNull)
    }) { (call) throws(QueryError) in
      let sums = SQLExpr.hogql(
        "moving_sum", try movingValues(call, isExact: !call.type(0).isFloat), try movingSize(call))
      return call.type.element?.kind == .int ? sums.cast(to: SQLTypeName.bigint.array) : sums
    },
    .aggregate("groupArrayMovingAvg", empty: .own, followsOrder: true, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .array(call.type(0).isDecimal ? call.type(0).notNull : .float)
    }) { (call) throws(QueryError) in
      guard let scale = call.type(0).decimalScale else {
        return .hogql("moving_average", try movingValues(call, isExact: false), try movingSize(call))
      }
      return .hogql(
        "moving_average", try movingValues(call, isExact: true), try movingSize(call), .integer(Int64(scale)))
    },
    .aggregate("groupArrayInsertAt", empty: .own, returns: arrayType) { (call) throws(QueryError) in
      try placedElements(call)
    },
    .aggregate("string_agg", empty: .own, followsOrder: true, returns: { _ in .string }) { (call) throws(QueryError) in
      let plain = call.lowering.text(try call.sql(0), of: call.type(0))
      let text = call.isDistinct ? call.call.byteOrder(plain, .string) : plain
      let separator = call.lowering.text(try call.sql(1), of: call.type(1))
      return .coalesce(call.aggregate("string_agg", text, separator), .string(""))
    },
    .aggregate("json_agg", empty: .own, followsOrder: true, returns: { _ in .string }) { (call) throws(QueryError) in
      var items = SQLAggregate("jsonb_agg", [try jsonItem(call)])
      items.filter = try call.present(0)
      return .coalesce(.hogql("json_text_compact", call.build(items).expr), .string("[]"))
    },
  ]

  private static let arrayType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    .array(call.type(0).notNull)
  }

  private static func movingValues(_ call: AggregateCall, isExact: Bool) throws(QueryError) -> SQLExpr {
    let value = try isExact ? call.plainNumber(0).cast(to: .numeric) : call.float(0)
    return call.collected(value, where: try call.present(0))
  }

  private static func movingSize(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    try call.size(0).map { .integer($0) } ?? .null(.bigint)
  }

  /// `groupArrayInsertAt(filler, size)(value, position)`: positions count from 0.
  private static func placedElements(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    let element = call.type(0).notNull
    guard call.type(1).kind == .int else {
      throw QueryError(
        "Argument 2 of \(call.name) must be an integer position, not \(call.type(1).clickHouseName).", at: call.span)
    }
    var filler = call.call.defaultValue(element)
    if let parameter = call.parameters.first {
      filler = try call.lowering.convert(parameter, to: element)
    }
    let condition = try call.present(0, 1)
    return .hogql(
      "placed_elements", call.orEmpty(try call.collected(0, where: condition)),
      call.collected(try call.sql(1), where: condition),
      call.call.toStorage(filler, element).cast(to: element.arrayStorage),
      try call.size(1).map { .integer($0) } ?? .null(.bigint))
  }

  /// A value as toJSONString writes it: NaN and the infinities are null there, times are text.
  private static func jsonItem(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    let type = call.type(0).notNull
    let value = try call.sql(0)
    if type.isDateTime { return .call("to_jsonb", call.lowering.text(value, of: type)) }
    guard type.isFloat else { return call.call.encode(value, type) }
    let infinite = ["NaN", "Infinity", "-Infinity"].map { SQLExpr.cast(.string($0), .double) }
    return .when(
      .inList(value, infinite, negated: false), then: .cast(.string("null"), .jsonb),
      otherwise: .call("to_jsonb", value))
  }
}

extension AggregateCall {
  /// An array that was collected, empty over no rows.
  fileprivate func orEmpty(_ values: SQLExpr) -> SQLExpr {
    if hasRows && !mayBeNull(0) { return values }
    return .coalesce(values, .emptyArray(of: type(0).notNull.arrayStorage))
  }
}
