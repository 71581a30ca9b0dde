// Moments, correlation and regression: always double precision, NaN where they are not defined.

extension FunctionTable {
  static let statistics: [FunctionDefinition] =
    [("stddevPop", "stddev_pop"), ("varPop", "var_pop"), ("stddevSamp", "stddev_samp"), ("varSamp", "var_samp")].map {
      name, native in
      .aggregate(name, empty: .nan, returns: floatType) { (call) throws(QueryError) in
        try defined(call.aggregate(native, call.float(0)), call)
      }
    }
    + [("covarPop", "covar_pop"), ("covarSamp", "covar_samp"), ("corr", "corr")].map { name, native in
      .aggregate(name, empty: .nan, returns: floatType) { (call) throws(QueryError) in
        try defined(call.aggregate(native, call.float(0), call.float(1)), call)
      }
    }
    + [("skewPop", false), ("skewSamp", true)].map { name, isSample in
      .aggregate(name, empty: .nan, returns: floatType) { (call) throws(QueryError) in
        .hogql("skewness", try powerSums(call, upTo: 3) + [.boolean(isSample)])
      }
    }
    + [("kurtPop", false), ("kurtSamp", true)].map { name, isSample in
      .aggregate(name, empty: .nan, returns: floatType) { (call) throws(QueryError) in
        .hogql("kurtosis", try powerSums(call, upTo: 4) + [.boolean(isSample)])
      }
    } + [
      .aggregate("avgWeighted", empty: .nan, returns: floatType) { (call) throws(QueryError) in
        let weight = try call.float(1)
        var weights = SQLAggregate("sum", [weight])
        weights.filter = try call.present(0, 1)
        return .hogql(
          "divide", call.aggregate("sum", try call.float(0).op(.multiply, weight)), call.build(weights).expr)
      },
      .aggregate("simpleLinearRegression", empty: .own, returns: { (call) throws(QueryError) in
        try call.requireNumeric(0, 1)
        return .tuple([.float, .float])
      }) { (call) throws(QueryError) in
        let (x, y) = (try call.float(0), try call.float(1))
        let parts = ["regr_slope", "regr_intercept"].map {
          SQLExpr.hogql("float_json", .coalesce(call.aggregate($0, y, x), .notANumber))
        }
        return try call.unlessEmpty(
          .call("jsonb_build_array", parts), isNullable: call.type(0).isNullable || call.type(1).isNullable)
      },
    ]

  static let floatType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    for index in call.arguments.indices { try call.requireNumeric(index) }
    return .float.nullable(if: call.anyNullable)
  }

  /// Postgres gives NULL both over no rows and where there is no number: only the first is NULL in ClickHouse.
  private static func defined(_ value: SQLExpr, _ call: AggregateCall) throws(QueryError) -> SQLExpr {
    try call.unlessEmpty(.coalesce(value, .notANumber), isNullable: call.type.isNullable)
  }

  /// The count and the sums of the first powers.
  private static func powerSums(_ call: AggregateCall, upTo highest: Int) throws(QueryError) -> [SQLExpr] {
    let value = try call.float(0)
    var sums = [call.aggregate("count", value).cast(to: .double)]
    var power = value
    for _ in 0..<highest {
      sums.append(call.aggregate("sum", power))
      power = power.op(.multiply, value)
    }
    return sums
  }

  static let associations: [FunctionDefinition] =
    ["cramersV", "cramersVBiasCorrected", "contingency", "theilsU"].map { name in
      .aggregate(name, empty: .nan, returns: { (call) throws(QueryError) in
        .float.nullable(if: call.anyNullable)
      }) { (call) throws(QueryError) in
        let condition = try call.present(0, 1)
        var texts: [SQLExpr] = []
        for index in 0..<2 {
          let text = call.lowering.text(try call.sql(index), of: call.type(index))
          texts.append(call.collected(text, where: condition))
        }
        return try call.unlessEmpty(
          .hogql("association", texts + [.string(name)]), isNullable: call.type.isNullable)
      }
    }
}
