// Numbers: whole-number division, powers, logarithms, trigonometry. Domain errors give NaN and infinities, not errors.

extension FunctionTable {
  static let numbers: [FunctionDefinition] =
    basics + rounding + division + powers + angles + bits + withoutPostgresForm

  private static let basics: [FunctionDefinition] = [
    .scalar("abs", returns: { (call) throws(QueryError) in try sameNumber(call) }) { (call) throws(QueryError) in
      .call("abs", try call.number(0))
    },
    .scalar("sign", returns: { (call) throws(QueryError) in try number(call, .int) }) { (call) throws(QueryError) in
      SQLExpr.call("sign", try call.number(0)).cast(to: .bigint)
    },
    .scalar("greatest", nulls: .own, returns: { (call) throws(QueryError) in try extreme(call) }) {
      (call) throws(QueryError) in try call.extreme("greatest")
    },
    .scalar("least", nulls: .own, returns: { (call) throws(QueryError) in try extreme(call) }) {
      (call) throws(QueryError) in try call.extreme("least")
    },
    .scalar("max2", returns: { (call) throws(QueryError) in try number(call, .float) }) { (call) throws(QueryError) in
      .hogql("max2", try call.float(0), try call.float(1))
    },
    .scalar("min2", returns: { (call) throws(QueryError) in try number(call, .float) }) { (call) throws(QueryError) in
      .hogql("min2", try call.float(0), try call.float(1))
    },
    .scalar("isNaN", returns: { (call) throws(QueryError) in try number(call, .flag) }) { (call) throws(QueryError) in
      try call.float(0).equals(.cast(.string("NaN"), .double))
    },
    .scalar("isInfinite", returns: { (call) throws(QueryError) in try number(call, .flag) }) {
      (call) throws(QueryError) in
      .inList(
        try call.float(0), [.cast(.string("Infinity"), .double), .cast(.string("-Infinity"), .double)], negated: false)
    },
    .scalar("isFinite", returns: { (call) throws(QueryError) in try number(call, .flag) }) {
      (call) throws(QueryError) in
      let outside = ["Infinity", "-Infinity", "NaN"].map { SQLExpr.cast(.string($0), .double) }
      return .inList(try call.float(0), outside, negated: true)
    },
    .scalar("ifNotFinite", arity: 2...2, returns: { (call) throws(QueryError) in try number(call, .float) }) {
      (call) throws(QueryError) in .hogql("if_not_finite", try call.float(0), try call.float(1))
    },
    .scalar("e", returns: .float) { (call) throws(QueryError) in .call("exp", .cast(.integer(1), .double)) },
    .scalar("pi", returns: .float) { (call) throws(QueryError) in .call("pi") },
    .scalar("rand", isVolatile: true, returns: .int) { (call) throws(QueryError) in
      SQLExpr.call("floor", SQLExpr.call("random").op(.multiply, .integer(4_294_967_296))).cast(to: .bigint)
    },
    .scalar("width_bucket", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in
      SQLExpr.call("width_bucket", try call.float(0), try call.float(1), try call.float(2), try call.integer(3))
        .cast(to: .bigint)
    },
    .scalar("gcd", returns: { (call) throws(QueryError) in try number(call, .int) }) { (call) throws(QueryError) in
      .call("gcd", try call.bigint(0), try call.bigint(1))
    },
    .scalar("lcm", returns: { (call) throws(QueryError) in try number(call, .int) }) { (call) throws(QueryError) in
      .call("lcm", try call.bigint(0), try call.bigint(1))
    },
    .scalar("factorial", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in
      SQLExpr.call("factorial", .call("greatest", try call.bigint(0), .integer(0))).cast(to: .bigint)
    },
  ]

  private static let division: [FunctionDefinition] = [
    .scalar("intDiv", returns: { (call) throws(QueryError) in try number(call, .int) }) { (call) throws(QueryError) in
      if call.isWhole(0), call.isWhole(1) { return try call.bigint(0).op(.divide, call.bigint(1)) }
      return SQLExpr.call("trunc", try call.numeric(0).op(.divide, call.numeric(1))).cast(to: .bigint)
    },
    .scalar("intDivOrZero", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in .hogql("integer_division_or_zero", try call.numeric(0), try call.numeric(1))
    },
    .scalar("moduloOrZero", returns: { (call) throws(QueryError) in try commonNumber(call) }) {
      (call) throws(QueryError) in
      try call.remainder(of: "modulo_or_zero", float: "modulo")
    },
    .scalar("positiveModulo", returns: { (call) throws(QueryError) in try commonNumber(call) }) {
      (call) throws(QueryError) in try call.remainder(of: "positive_modulo", float: "positive_modulo")
    },
    .scalar("multiplyDecimal", returns: { (call) throws(QueryError) in try decimal(call) }) {
      (call) throws(QueryError) in
      .call("trunc", try call.numeric(0).op(.multiply, call.numeric(1)), try call.scale())
    },
    .scalar("divideDecimal", returns: { (call) throws(QueryError) in try decimal(call) }) {
      (call) throws(QueryError) in
      // Division keeps as many digits as its operands say; the zeros make sure of enough of them.
      let dividend = try call.numeric(0).op(.add, .number("0." + String(repeating: "0", count: 40)))
      return .call("trunc", dividend.op(.divide, try call.numeric(1)), try call.scale())
    },
  ]

  private static let powers: [FunctionDefinition] = [
    real("sqrt", "square_root"), real("cbrt", native: "cbrt"), real("ln", "natural_log"), real("log", "natural_log"),
    real("log2", "log2"), real("log10", "log10"), real("log1p", "log1p"), real("exp", "exponential"),
    real("exp2", "exp2"), real("exp10", "exp10"), real("erf", "error_function"),
    real("erfc", "complementary_error_function"), real("tgamma", "gamma_function"), real("lgamma", "log_gamma"),
    .scalar("pow", "power", returns: { (call) throws(QueryError) in try number(call, .float) }) {
      (call) throws(QueryError) in .hogql("power", try call.float(0), try call.float(1))
    },
    .scalar("hypot", returns: { (call) throws(QueryError) in try number(call, .float) }) {
      (call) throws(QueryError) in .hogql("hypotenuse", try call.float(0), try call.float(1))
    },
    .scalar("intExp2", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in .hogql("integer_power", .integer(2), try call.bigint(0), .integer(62))
    },
    .scalar("intExp10", returns: { (call) throws(QueryError) in try number(call, .int) }) {
      (call) throws(QueryError) in .hogql("integer_power", .integer(10), try call.bigint(0), .integer(18))
    },
  ]

  private static let angles: [FunctionDefinition] = [
    real("sin", "sine"), real("cos", "cosine"), real("tan", "tangent"), real("asin", "arc_sine"),
    real("acos", "arc_cosine"), real("atan", native: "atan"), real("sinh", "hyperbolic_sine"),
    real("cosh", "hyperbolic_cosine"), real("asinh", native: "asinh"), real("acosh", "area_cosine"),
    real("atanh", "area_tangent"), real("degrees", native: "degrees"), real("radians", native: "radians"),
    .scalar("atan2", returns: { (call) throws(QueryError) in try number(call, .float) }) {
      (call) throws(QueryError) in .call("atan2", try call.float(0), try call.float(1))
    },
  ]

  /// The return rule of a function of numbers.
  static func number(_ call: TypingCall, _ type: HogQLType) throws(QueryError) -> HogQLType {
    for index in call.arguments.indices { try call.requireNumeric(index) }
    return type
  }

  /// The first argument's type, a boolean's as integer.
  static func sameNumber(_ call: TypingCall) throws(QueryError) -> HogQLType {
    for index in call.arguments.indices { try call.requireNumeric(index) }
    let type = call.type(0).notNull
    return type.isBoolean || type.isNullConstant ? .int : type
  }

  private static func commonNumber(_ call: TypingCall) throws(QueryError) -> HogQLType {
    try call.requireNumeric(0, 1)
    return try number(call)
  }

  private static func extreme(_ call: TypingCall) throws(QueryError) -> HogQLType {
    let type = try call.widened()
    return type.nullable(if: call.types.allSatisfy(\.isNullable))
  }

  /// Without a third argument the result has the larger scale of the two.
  private static func decimal(_ call: TypingCall) throws(QueryError) -> HogQLType {
    try call.requireNumeric(0, 1, 2)
    if let scale = call.constant(2)?.integer { return .decimal(Int(clamping: min(max(scale, 0), 76))) }
    return .decimal(max(call.type(0).decimalScale ?? 0, call.type(1).decimalScale ?? 0))
  }

  private static func real(_ name: String, _ runtime: String) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try number(call, .float) }) { (call) throws(QueryError) in
      .hogql(runtime, try call.float(0))
    }
  }

  private static func real(_ name: String, native: String) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try number(call, .float) }) { (call) throws(QueryError) in
      .call(native, try call.float(0))
    }
  }
}

extension LoweringCall {
  /// Whether the argument is an integer or a boolean.
  func isWhole(_ index: Int) -> Bool { type(index).kind == .int || type(index).isBoolean }

  func numeric(_ index: Int) throws(QueryError) -> SQLExpr { try number(index).cast(to: .numeric) }

  /// The larger or smaller of all that are not NULL.
  fileprivate func extreme(_ name: String) throws(QueryError) -> SQLExpr {
    var values: [SQLExpr] = []
    for index in arguments.indices where !type(index).isNullConstant {
      let value = try sql(index, as: type)
      values.append(byteOrder(lowering.needsCast(value) ? value.cast(to: type.postgres) : value, type))
    }
    return values.isEmpty ? .null(type.postgres) : .call(name, values)
  }

  fileprivate func remainder(of runtime: String, float: String) throws(QueryError) -> SQLExpr {
    if type.isFloat { return .hogql(float, try self.float(0), try self.float(1)) }
    return SQLExpr.hogql(runtime, try numeric(0), try numeric(1)).cast(to: type.postgres)
  }

  fileprivate func scale() throws(QueryError) -> SQLExpr { .integer(Int64(type.decimalScale ?? 0)) }
}
