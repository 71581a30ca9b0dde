/// Values as other types: NULL where the value is none of the type, unless the name says otherwise.
extension FunctionTable {
  static let conversions: [FunctionDefinition] =
    numberConversions + momentConversions + casts + encodings + readable + lookups + [
    .scalar("toString", returns: .string) { (call) throws(QueryError) in
      guard call.count > 1 else { return try call.text(0).cast(to: .text) }
      guard case .dateTime(let precision, _) = call.type(0).kind else {
        throw call.error(1, "Only a date with a time has a time zone.")
      }
      let type = HogQLType(.dateTime(precision: precision, zone: try call.constantString(1)))
      return call.lowering.text(try call.sql(0), of: type)
    },
    .scalar("toNullableString", nulls: .own, returns: .string.nullable) { (call) throws(QueryError) in
      try call.text(0).cast(to: .text)
    },
    .scalar("toBool", nulls: .own, returns: .bool.nullable) { (call) throws(QueryError) in try call.bool() },
    .scalar("toUUID", nulls: .own, returns: .uuid.nullable) { (call) throws(QueryError) in try call.uuid() },
    .scalar("toUUIDOrDefault", nulls: .never, returns: .uuid) { (call) throws(QueryError) in
      .coalesce(try call.uuid(), try call.sql(1).cast(to: .uuid))
    },
    .scalar("toTypeName", nulls: .never, returns: .string) { (call) throws(QueryError) in
      .text(call.typeName(try call.argument(0)))
    },
    .scalar("defaultValueOfTypeName", nulls: .own, returns: { (call) throws(QueryError) in
      try namedType(call, 0).type
    }) { (call) throws(QueryError) in
      let sql = call.defaultValue(call.type)
      return call.lowering.needsCast(sql) ? sql.cast(to: call.type.postgres) : sql
    },
    .unsupported(
      "reinterpretAsInt8", "reinterpretAsInt16", "reinterpretAsInt32", "reinterpretAsInt64", "reinterpretAsInt128",
      "reinterpretAsInt256", "reinterpretAsUInt8", "reinterpretAsUInt16", "reinterpretAsUInt32", "reinterpretAsUInt64",
      "reinterpretAsUInt128", "reinterpretAsUInt256", "reinterpretAsFloat32", "reinterpretAsFloat64",
      "reinterpretAsUUID", reason: "needs the bytes in which ClickHouse stores values."),
  ]

  private static let numberConversions: [FunctionDefinition] = [
    .scalar("toInt", "toInt64", "toIntOrNull", "toInt64OrNull", nulls: .own, returns: .int.nullable) {
      (call) throws(QueryError) in try call.wholeNumber()
    },
    .scalar("toFloat", "toFloat64", "toFloatOrNull", "toFloat64OrNull", nulls: .own, returns: .float.nullable) {
      (call) throws(QueryError) in try call.floatingNumber()
    },
    .scalar("toIntOrZero", "toInt64OrZero", returns: text(0, gives: .int)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(try call.wholeNumber(), .integer(0)))
    },
    .scalar("toFloatOrZero", "toFloat64OrZero", returns: text(0, gives: .float)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(try call.floatingNumber(), .integer(0)))
    },
    .scalar("toIntOrDefault", "toInt64OrDefault", nulls: .own, returns: numberOrDefault(.int)) {
      (call) throws(QueryError) in
      .coalesce(try call.wholeNumber(), call.count > 1 ? try call.bigint(1) : .integer(0))
    },
    .scalar("toFloatOrDefault", "toFloat64OrDefault", nulls: .own, returns: numberOrDefault(.float)) {
      (call) throws(QueryError) in
      .coalesce(try call.floatingNumber(), call.count > 1 ? try call.float(1) : .integer(0))
    },
    .scalar("toDecimal", nulls: .own, returns: { (call) throws(QueryError) in
      guard let scale = call.constant(1)?.integer, (0...18).contains(scale) else {
        throw QueryError("The scale must be a constant from 0 to 18.", at: call.span(1))
      }
      return .decimal(Int(scale)).nullable
    }) { (call) throws(QueryError) in try call.decimal(scale: call.type.decimalScale ?? 0) },
  ]

  private static func numberOrDefault(_ type: HogQLType) -> FunctionDefinition.ReturnRule {
    { (call) throws(QueryError) in
      try call.requireNumeric(1)
      return type.nullable(if: call.type(1).isNullable)
    }
  }

  private static let casts: [FunctionDefinition] = [
    .scalar("castTo", "accurateCast", arity: 2...2, nulls: .own, returns: { (call) throws(QueryError) in
      let type = try namedType(call, 1).type
      return type.nullable(if: type.isNullable || call.type(0).isNullable)
    }) { (call) throws(QueryError) in try call.cast(to: namedType(call, 1), throwing: true) },
    .scalar("tryCastTo", "accurateCastOrNull", arity: 2...2, nulls: .own, returns: { (call) throws(QueryError) in
      try namedType(call, 1).type.nullable
    }) { (call) throws(QueryError) in try call.cast(to: namedType(call, 1), throwing: false) },
  ]

  private static func namedType(_ call: TypingCall, _ index: Int) throws(QueryError) -> NamedType {
    try namedType(call.constant(index)?.string, at: call.span(index))
  }

  private static func namedType(_ call: LoweringCall, _ index: Int) throws(QueryError) -> NamedType {
    try namedType(call.constant(index)?.string, at: call.argument(index).span)
  }

  /// The type of a constant name.
  static func namedType(_ name: String?, at span: Span) throws(QueryError) -> NamedType {
    guard let name else { throw QueryError("The type must be a constant string.", at: span) }
    if let type = NamedType(name) { return type }
    throw QueryError(
      "There is no type \(name) here.", at: span,
      hint: "There are Int64, Float64, Decimal(18, 2), String, Bool, Date, DateTime, UUID, Array(..) and Nullable(..).")
  }
}

/// The first argument as another type; NULL when it cannot be.
extension LoweringCall {
  func wholeNumber() throws(QueryError) -> SQLExpr {
    switch type(0).kind {
    case .null: return .null(.bigint)
    case .int: return try sql(0).cast(to: .bigint)
    case .bool, .flag: return try number(0).cast(to: .bigint)
    case .string, .json: return .hogql("text_int", try text(0))
    case .float: return .hogql("float_int", try typed(0))
    case .decimal: return .hogql("numeric_int", try typed(0))
    case .date: return try sql(0).op(.subtract, .cast(.string("1970-01-01"), .date)).cast(to: .bigint)
    case .dateTime: return .call("floor", .extract("EPOCH", try sql(0))).cast(to: .bigint)
    default: throw unconvertible("a number")
    }
  }

  func floatingNumber() throws(QueryError) -> SQLExpr {
    switch type(0).kind {
    case .null: return .null(.double)
    case .float: return try sql(0)
    case .int: return .hogql("int_float", try bigint(0))
    case .bool, .flag, .decimal: return try float(0)
    case .string, .json: return .hogql("text_float", try text(0))
    case .date: return try sql(0).op(.subtract, .cast(.string("1970-01-01"), .date)).cast(to: .double)
    case .dateTime: return SQLExpr.extract("EPOCH", try sql(0)).cast(to: .double)
    default: throw unconvertible("a number")
    }
  }

  func decimal(scale: Int) throws(QueryError) -> SQLExpr {
    let digits = SQLExpr.integer(Int64(scale))
    switch type(0).kind {
    case .null: return .null(.numeric)
    case .int, .decimal, .bool, .flag: return .hogql("number_decimal", try number(0), digits)
    case .float: return .hogql("float_decimal", try sql(0), digits)
    case .string, .json: return .hogql("text_decimal", try text(0), digits)
    default: throw unconvertible("a decimal")
    }
  }

  func bool() throws(QueryError) -> SQLExpr {
    let type = type(0)
    if type.isNullConstant { return .null(.boolean) }
    if type.isBoolean { return try sql(0) }
    if type.isString { return .hogql("text_bool", try text(0)) }
    guard type.isNumber else { throw unconvertible("a boolean") }
    return try sql(0).op(.notEqual, .integer(0))
  }

  func uuid() throws(QueryError) -> SQLExpr {
    if type(0).isNullConstant { return .null(.uuid) }
    if type(0).kind == .uuid { return try sql(0) }
    guard type(0).isString else { throw unconvertible("a UUID") }
    return .hogql("text_uuid", try text(0))
  }

  func unconvertible(_ target: String) -> QueryError {
    error(0, "\(type(0).clickHouseName) cannot become \(target).")
  }

  /// `CAST` and its kin. The throwing form fails where the other gives NULL, and cuts off a float's fraction.
  func cast(to target: NamedType, throwing: Bool) throws(QueryError) -> SQLExpr {
    let from = type(0)
    let name = target.type.notNull.clickHouseName
    let value: SQLExpr
    switch target {
    case .array, .tuple, .map: return try sql(0, as: target.type)
    case .integer(let range, _):
      let number = try wholeNumber(truncating: throwing)
      value = .hogql("bounded", number, .integer(range.lowerBound), .integer(range.upperBound))
    case .scalar(let type): value = try scalar(type, throwing: throwing)
    }
    let mayFail = from.isString || from.isFloat || target.isBounded
    guard throwing, mayFail, target.type.kind != .string, !from.isNullConstant else { return value }
    return .hogql("required", value, try text(0).cast(to: .text), .string(name))
  }

  private func wholeNumber(truncating: Bool) throws(QueryError) -> SQLExpr {
    guard truncating, type(0).isFloat, name != "accurateCast" else { return try wholeNumber() }
    return .hogql("float_int", .call("trunc", try typed(0)))
  }

  private func scalar(_ type: HogQLType, throwing: Bool) throws(QueryError) -> SQLExpr {
    switch type.kind {
    case .int: return try wholeNumber(truncating: throwing)
    case .float: return self.type(0).kind == .int && throwing ? try float(0) : try floatingNumber()
    case .decimal(let scale): return try decimal(scale: scale)
    case .bool: return try bool()
    case .uuid: return try uuid()
    case .date: return try date()
    case .dateTime(let precision, let zone): return try moment(precision: precision, zone: zone)
    default: return try text(0).cast(to: .text)
    }
  }

  /// The name that toTypeName gives: constant integers are as small as they can be.
  fileprivate func typeName(_ expr: TypedExpr) -> String {
    if let value = expr.constant?.integer, expr.type.kind == .int {
      let bits: [(ClosedRange<Int64>, String)] = [
        (0...255, "UInt8"), (0...65535, "UInt16"), (0...4_294_967_295, "UInt32"), (0...Int64.max, "UInt64"),
        (-128...127, "Int8"), (-32768...32767, "Int16"), (-2_147_483_648...2_147_483_647, "Int32"),
      ]
      return bits.first { $0.0.contains(value) }?.1 ?? "Int64"
    }
    if case .dateTime(let precision, nil) = expr.type.kind {
      return HogQLType(.dateTime(precision: precision, zone: timeZone), isNullable: expr.type.isNullable).clickHouseName
    }
    return expr.type.clickHouseName
  }
}

extension NamedType {
  fileprivate var isBounded: Bool {
    if case .integer = self { true } else { false }
  }
}
