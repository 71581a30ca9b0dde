// Integers are added, subtracted and multiplied by Postgres' own operators, so that plans stay plain. Where ClickHouse
// would wrap around at 64 bits Postgres raises 22003, an error and never a wrong answer; constants near the bounds wrap
// as they should, because they are known here. `sum` adds up in numeric and is only too large when its result is.

extension FunctionTable {
  static let arithmetic: [FunctionDefinition] = [
    .scalar("plus", returns: { (call) throws(QueryError) in try sumType(call, isMinus: false) }) {
      (call) throws(QueryError) in
      try call.lowering.additive(call, .add)
    },
    .scalar("minus", returns: { (call) throws(QueryError) in try sumType(call, isMinus: true) }) {
      (call) throws(QueryError) in
      try call.lowering.additive(call, .subtract)
    },
    .scalar("multiply", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1)
      if let a = call.type(0).decimalScale, let b = call.type(1).decimalScale { return .decimal(a + b) }
      return try number(call)
    }) { (call) throws(QueryError) in
      try call.lowering.arithmetic(call, .multiply)
    },
    .scalar("divide", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1)
      if call.type(0).isDecimal && !call.type(1).isFloat { return call.type(0).notNull }
      return .float
    }) { (call) throws(QueryError) in
      try call.lowering.divide(call)
    },
    .scalar("modulo", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1)
      return try number(call)
    }) { (call) throws(QueryError) in
      guard call.type.isFloat else { return try call.lowering.arithmetic(call, .modulo) }
      return .hogql("modulo", try call.float(0), try call.float(1))
    },
    .scalar("negate", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return call.type(0).isBoolean ? .int : call.type(0).notNull
    }) { (call) throws(QueryError) in .unary(.negate, try call.number(0)) },
  ]

  /// The type of arithmetic: floats win, then the larger decimal scale.
  static func number(_ call: TypingCall) throws(QueryError) -> HogQLType {
    let type = try call.widened().notNull
    return type.isBoolean || type.isNullConstant ? .int : type
  }

  private static func sumType(_ call: TypingCall, isMinus: Bool) throws(QueryError) -> HogQLType {
    let (left, right) = (call.type(0), call.type(1))
    if isMinus, left.isTemporal, right.isTemporal { return .int }
    if left.isTemporal { return try shifted(left, by: right, call) }
    if right.isTemporal && !isMinus { return try shifted(right, by: left, call) }
    try call.requireNumeric(0, 1)
    return try number(call)
  }

  /// A date or time moved by an interval or a number of days or seconds.
  private static func shifted(_ type: HogQLType, by other: HogQLType, _ call: TypingCall) throws(QueryError)
    -> HogQLType
  {
    if let unit = other.intervalUnit {
      guard type.isDate else { return type.notNull }
      return [.second, .minute, .hour].contains(unit) ? .dateTime : .date
    }
    if other.kind == .int || other.isBoolean || other.isNullConstant { return type.notNull }
    throw QueryError(
      "\(call.name) cannot combine \(type.clickHouseName) and \(other.clickHouseName).", at: call.span,
      hint: "Add an INTERVAL, or a whole number of days or seconds.")
  }
}

extension Lowering {
  func arithmetic(_ call: LoweringCall, _ operation: SQLOperator) throws(QueryError) -> SQLExpr {
    if let folded = folded(call, operation) { return .integer(folded) }
    let (left, right) = (try call.argument(0), try call.argument(1))
    if left.type.isNullConstant || right.type.isNullConstant { return .null(call.type.postgres) }
    let l = try operand(left, of: call.type)
    let r = try operand(right, of: call.type)
    if call.type.kind == .int, isHuge(left) || isHuge(right), operation != .modulo {
      return .hogql("wrapped", l.cast(to: .numeric).op(operation, r))
    }
    // int4 arithmetic of two constants or booleans would overflow early.
    return (l.isConstant || left.type.isBoolean) && (r.isConstant || right.type.isBoolean)
      ? l.cast(to: call.type.postgres).op(operation, r) : l.op(operation, r)
  }

  private func operand(_ expr: TypedExpr, of type: HogQLType) throws(QueryError) -> SQLExpr {
    if type.isFloat, !expr.type.isFloat { return try convert(expr, to: .float) }
    return try number(expr)
  }

  /// Arithmetic of constants, wrapping at 64 bits.
  private func folded(_ call: LoweringCall, _ operation: SQLOperator) -> Int64? {
    guard case .integer(let a)? = call.constant(0), case .integer(let b)? = call.constant(1) else { return nil }
    switch operation {
    case .add: return a &+ b
    case .subtract: return a &- b
    case .multiply: return a &* b
    case .modulo where b != 0 && b != -1: return a % b
    default: return nil
    }
  }

  private func isHuge(_ expr: TypedExpr) -> Bool {
    guard let value = expr.constant?.integer else { return false }
    return value.magnitude > 1 << 61
  }

  /// `/` of integers and floats is double precision with inf and nan; of a Decimal it keeps the dividend's scale.
  func divide(_ call: LoweringCall) throws(QueryError) -> SQLExpr {
    if call.type(0).isNullConstant || call.type(1).isNullConstant { return .null(call.type.postgres) }
    if let scale = call.type.decimalScale {
      let quotient = try call.number(0).op(.divide, call.number(1))
      return .call("trunc", quotient, .integer(Int64(scale)))
    }
    let (left, right) = (try call.float(0), try call.float(1))
    return isNonZero(call.constant(1)) ? left.op(.divide, right) : .hogql("divide", left, right)
  }

  private func isNonZero(_ constant: ConstantValue?) -> Bool {
    switch constant {
    case .integer(let value)?: value != 0
    case .float(let value)?: value != 0 && value.isFinite
    default: false
    }
  }

  /// `+` and `-`, dates and intervals included.
  func additive(_ call: LoweringCall, _ operation: SQLOperator) throws(QueryError) -> SQLExpr {
    let (left, right) = (try call.argument(0), try call.argument(1))
    if left.type.isTemporal, right.type.isTemporal { return try difference(left, right) }
    if left.type.isTemporal { return try shift(left, by: right, operation, to: call.type) }
    if right.type.isTemporal { return try shift(right, by: left, operation, to: call.type) }
    return try arithmetic(call, operation)
  }

  /// Days between dates, seconds between moments.
  private func difference(_ left: TypedExpr, _ right: TypedExpr) throws(QueryError) -> SQLExpr {
    if left.type.isDate && right.type.isDate {
      return try value(left).op(.subtract, value(right)).cast(to: .bigint)
    }
    let seconds = SQLExpr.extract("EPOCH", try moment(left).op(.subtract, moment(right)))
    return SQLExpr.call("floor", seconds).cast(to: .bigint)
  }

  /// Calendar steps are taken in the zone's local time, so that a day is a day where clocks change.
  func shift(_ time: TypedExpr, by amount: TypedExpr, _ operation: SQLOperator, to type: HogQLType)
    throws(QueryError) -> SQLExpr
  {
    if amount.type.isNullConstant { return .null(type.postgres) }
    guard let unit = amount.type.intervalUnit else {
      let count = try number(amount)
      if time.type.isDate { return try value(time).op(operation, count.cast(to: .integer)) }
      return try value(time).op(
        operation, SQLExpr.cast(.string("1 second"), .interval).op(.multiply, count))
    }
    let interval = try value(amount)
    if type.isDate { return try value(time).op(operation, interval).cast(to: .date) }
    let start = try moment(time)
    let zone = time.type.zone ?? options.timeZone
    guard ![.second, .minute, .hour].contains(unit) else { return start.op(operation, interval) }
    return start.local(in: zone).op(operation, interval).local(in: zone)
  }
}
