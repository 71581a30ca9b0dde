// Aggregates over rows in the order of time.

extension FunctionTable {
  static let sequences: [FunctionDefinition] = [
    .aggregate("windowFunnel", empty: .own, returns: { (call) throws(QueryError) in
      guard call.type(0).isTemporal || call.type(0).kind == .int || call.type(0).isFloat else {
        throw call.wrongType(0, expected: "a date, a time or a number")
      }
      guard call.count > 1, call.count <= 33 else {
        throw QueryError(
          "\(call.name) needs 1 to 32 conditions after the time.", at: call.span,
          hint: "Write windowFunnel(3600)(timestamp, event = 'a', event = 'b').")
      }
      return .int.nullable(if: call.anyNullable)
    }) { (call) throws(QueryError) in
      try funnel(call)
    },
    .aggregate("maxIntersections", empty: .typeDefault, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1)
      return .int.nullable(if: call.anyNullable)
    }) { (call) throws(QueryError) in
      try call.unlessEmpty(intersections(call, 1).cast(to: .bigint), isNullable: call.type.isNullable)
    },
    .aggregate("maxIntersectionsPosition", empty: .typeDefault, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1)
      return (call.type(0).isFloat ? HogQLType.float : .int).nullable(if: call.anyNullable)
    }) { (call) throws(QueryError) in
      let place = try intersections(call, 2)
      return try call.unlessEmpty(
        call.type.isFloat ? place : place.cast(to: .bigint), isNullable: call.type.isNullable)
    },
  ]

  private static func intersections(_ call: AggregateCall, _ item: Int64) throws(QueryError) -> SQLExpr {
    let condition = try call.present(0, 1)
    let starts = call.collected(try call.float(0), where: condition)
    let ends = call.collected(try call.float(1), where: condition)
    return .subscripted(.hogql("most_intersections", starts, ends), .integer(item))
  }

  private static let funnelModes = ["strict", "strict_deduplication", "strict_increase", "strict_order"]

  /// Rows become their time and the bits of the conditions that hold; rows where none does matter to
  /// `strict_order` only.
  private static func funnel(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    guard let span = call.parameters.first?.constant?.integer, span >= 0 else {
      throw QueryError(
        "\(call.name) needs its window as a constant number of seconds.", at: call.span,
        hint: "Write windowFunnel(3600)(timestamp, event = 'a', event = 'b').")
    }
    let modes = try funnelModes(call)
    var conditions: [SQLExpr] = []
    for index in 1..<call.count { conditions.append(try call.condition(index)) }
    var bits: SQLExpr?
    for (index, condition) in conditions.enumerated() {
      let bit = SQLExpr.when(condition, then: .integer(1 << Int64(index)), otherwise: .integer(0))
      bits = bits.map { $0.op(.bitOr, bit) } ?? bit
    }
    var filter = [try call.present(Array(0..<call.count))].compactMap { $0 }
    if !modes.contains("strict_order") { filter.append(.anyOf(conditions)) }
    let condition = SQLExpr.all(filter)
    let chain = SQLExpr.hogql(
      "window_funnel", call.collected(try time(call), where: condition),
      call.collected((bits ?? .integer(0)).cast(to: .bigint), where: condition), .integer(Int64(conditions.count)),
      .integer(span), .cast(.array(modes.map { .string($0) }), SQLTypeName.text.array))
    return try call.unlessEmpty(chain, isNullable: call.type.isNullable)
  }

  private static func funnelModes(_ call: AggregateCall) throws(QueryError) -> [String] {
    var modes: [String] = []
    for parameter in call.parameters.dropFirst() {
      guard let mode = parameter.constant?.string, funnelModes.contains(mode) else {
        throw QueryError(
          "\(call.name) does not know this mode.", at: parameter.span,
          hint: "Modes are 'strict_order', 'strict_deduplication' and 'strict_increase'.")
      }
      modes.append(mode)
    }
    return modes
  }

  /// Seconds of a time, days of a date.
  private static func time(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    let value = try call.sql(0)
    if call.type(0).isDate { return value.op(.subtract, .cast(.string("1970-01-01"), .date)).cast(to: .double) }
    return call.type(0).isDateTime ? SQLExpr.extract("EPOCH", value).cast(to: .double) : try call.float(0)
  }
}
