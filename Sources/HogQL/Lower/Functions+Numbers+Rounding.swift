// Rounding: half to even on floats, half away from zero on integers and Decimals.

extension FunctionTable {
  static let rounding: [FunctionDefinition] = [
    rounded("round", float: "round", exact: "round"), rounded("roundBankers", float: "round", exact: "round_bankers"),
    rounded("floor", float: "floor", exact: "floor"), rounded("ceil", float: "ceil", exact: "ceil"),
    rounded("trunc", float: "trunc", exact: "trunc"),
    .scalar("roundDown", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      let step = try call.element(1)
      guard step.isNumeric, let type = call.type(0).notNull.widened(with: step) else {
        throw call.wrongType(1, expected: "an array of numbers")
      }
      return type.isBoolean ? .int : type.notNull
    }) { (call) throws(QueryError) in
      .hogql(
        "round_down", try call.sql(0, as: call.type).cast(to: call.type.postgres),
        try call.sql(1, as: .array(call.type.notNull)))
    },
    .scalar("roundToExp2", returns: { (call) throws(QueryError) in try sameNumber(call) }) {
      (call) throws(QueryError) in
      SQLExpr.hogql("round_to_exp2", try call.float(0)).cast(to: call.type.postgres)
    },
    .scalar("roundDuration", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in .hogql("round_duration", try call.float(0))
    },
    .scalar("roundAge", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in .hogql("round_age", try call.float(0))
    },
  ]

  /// `f(x)` and `f(x, n)`: n digits after the point, before it when n is negative.
  private static func rounded(_ name: String, float: String, exact: String) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try sameNumber(call) }) { (call) throws(QueryError) in
      let digits = call.count > 1 ? call.constant(1)?.integer : 0
      if call.type.isFloat {
        if digits == 0 { return .call(float, try call.float(0)) }
        return .hogql("\(float)_to", try call.float(0), try call.integer(1))
      }
      let value = try call.number(0)
      if call.type.kind == .int, let digits, digits >= 0 { return value.cast(to: .bigint) }
      let places = call.count > 1 ? try call.integer(1) : .integer(0)
      switch exact {
      case "round" where call.type.isDecimal, "trunc" where call.type.isDecimal:
        return .call(exact, value, places)
      case "round", "trunc": return SQLExpr.call(exact, value.cast(to: .numeric), places).cast(to: .bigint)
      default: return SQLExpr.hogql("\(exact)_to", value.cast(to: .numeric), places).cast(to: call.type.postgres)
      }
    }
  }
}
