// Quantiles: interpolated ones are percentile_cont, exact ones an element of the sorted values.

extension FunctionTable {
  static let quantiles: [FunctionDefinition] = [
    .aggregate(
      "quantile", "median", "medianTDigest", "medianTiming", "medianBFloat16", "medianDeterministic", empty: .nan,
      returns: { (call) throws(QueryError) in
        try measurable(call)
        if call.type(0).isTemporal { return call.type(0) }
        return call.type(0).isDecimal ? call.type(0) : .float
      }
    ) { (call) throws(QueryError) in
      let level = SQLExpr.number("\(try call.level(0, otherwise: 0.5))")
      return interpolated(try percentile(call, level, "quantile"), call.type)
    },
    .aggregate("quantiles", empty: .own, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .array(call.type(0).isDecimal ? call.type(0).notNull : .float)
    }) { (call) throws(QueryError) in
      try severalQuantiles(call)
    },
    .aggregate("quantileExact", "medianExact", "medianExactHigh", empty: .typeDefault, returns: exactType) {
      (call) throws(QueryError) in
      let level = SQLExpr.cast(.number("\(try call.level(0, otherwise: 0.5))"), .double)
      return completed(.hogql("exact_quantile", try sortedValues(call), level), call)
    },
    .aggregate("medianExactLow", empty: .typeDefault, returns: exactType) { (call) throws(QueryError) in
      completed(.hogql("low_median", try sortedValues(call)), call)
    },
    .unsupported(
      "medianExactWeighted", "medianExactWeightedIf", "medianTimingWeighted", "medianTimingWeightedIf",
      "medianTDigestWeighted", "medianTDigestWeightedIf",
      reason: "needs a weight, which its registered form has no argument for. Use median over the unweighted values."),
  ]

  private static func measurable(_ call: TypingCall) throws(QueryError) {
    guard call.type(0).isNumeric || call.type(0).isTemporal || call.type(0).isNullConstant else {
      throw call.wrongType(0, expected: "a number, a date or a time", hint: "Convert it with toFloat or toInt.")
    }
  }

  private static let exactType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    try measurable(call)
    return call.type(0)
  }

  /// `percentile_cont` over the values as numbers; a window or DISTINCT collects them first.
  private static func percentile(_ call: AggregateCall, _ level: SQLExpr, _ runtime: String)
    throws(QueryError) -> SQLExpr
  {
    let type = call.type(0)
    var value = try type.isTemporal || type.isDecimal ? call.sql(0) : call.float(0)
    if let scale = type.decimalScale { value = value.op(.multiply, .number(power(scale))).cast(to: .double) }
    if type.isDateTime { value = SQLExpr.extract("EPOCH", value).cast(to: .double) }
    if type.isDate { value = value.op(.subtract, epochDay).cast(to: .double) }
    let isNumber = type.isFloat ? value.op(.notEqual, .notANumber) : nil
    if call.window != nil || call.isDistinct {
      let present = try call.present(0)
      return .hogql(runtime, call.collected(value, where: isNumber ?? present), level)
    }
    var percentile = SQLAggregate("percentile_cont", [level])
    percentile.withinGroup = [SQLOrder(value)]
    percentile.filter = isNumber
    return call.build(percentile).expr
  }

  private static let epochDay = SQLExpr.cast(.string("1970-01-01"), .date)

  /// Ten to the power of a scale. Decimals are interpolated as whole numbers of their last digit.
  private static func power(_ scale: Int) -> String { "1" + String(repeating: "0", count: min(max(scale, 0), 38)) }

  /// An interpolated number as the argument's type: Decimals, dates and seconds are cut off.
  private static func interpolated(_ number: SQLExpr, _ type: HogQLType) -> SQLExpr {
    switch type.kind {
    case .decimal(let scale): .hogql("decimal_of_units", number, .integer(Int64(scale)))
    case .date: epochDay.op(.add, .call("trunc", number).cast(to: .integer))
    case .dateTime(let precision, _):
      .call("to_timestamp", precision == 0 ? .call("floor", number) : number)
    default: number
    }
  }

  private static func severalQuantiles(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    guard !call.parameters.isEmpty else {
      throw QueryError("\(call.name) needs levels.", at: call.span, hint: "Write quantiles(0.5, 0.9)(x).")
    }
    var levels: [SQLExpr] = []
    for index in call.parameters.indices { levels.append(.number("\(try call.level(index, otherwise: 0.5))")) }
    let doubles = SQLTypeName.double.array
    let values = try percentile(call, .cast(.array(levels), doubles), "quantiles")
    if let scale = call.type(0).decimalScale {
      let zeros = SQLExpr.cast(.array(levels.map { _ in .integer(0) }), SQLTypeName.numeric.array)
      return .coalesce(.hogql("decimals_of_units", values, .integer(Int64(scale))), zeros)
    }
    return .coalesce(values, .cast(.array(levels.map { _ in .string("NaN") }), doubles))
  }

  /// The values in order, NaN left out.
  private static func sortedValues(_ call: AggregateCall) throws(QueryError) -> SQLExpr {
    let condition = call.type(0).isFloat ? try call.sql(0).op(.notEqual, .notANumber) : try call.present(0)
    if call.window != nil { return .hogql("sorted_elements", try call.collected(0, where: condition)) }
    return try call.collected(0, where: condition, orderBy: [SQLOrder(try call.sql(0))])
  }

  /// Over no rows floats give NaN, other types their default.
  private static func completed(_ value: SQLExpr, _ call: AggregateCall) -> SQLExpr {
    call.type.isFloat && !call.type.isNullable ? .coalesce(value, .notANumber) : value
  }
}
