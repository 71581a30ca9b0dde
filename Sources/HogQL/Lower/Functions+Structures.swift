// Arrays, tuples and intervals as the syntax makes them and takes them apart.

extension FunctionTable {
  static let structures: [FunctionDefinition] = [
    .scalar("array", arity: 0...Int.max, nulls: .never, returns: { (call) throws(QueryError) in
      .array(try call.widened())
    }) { (call) throws(QueryError) in
      let element = call.type.element ?? .null
      var parts: [SQLExpr] = []
      for argument in call.arguments.indices {
        let sql = try call.sql(argument, as: element)
        parts.append(element.isComposite ? call.encode(sql, element) : sql)
      }
      return SQLExpr.array(parts).cast(to: call.type.postgres)
    },
    .scalar("tuple", arity: 0...Int.max, nulls: .never, returns: { .tuple($0.types) }) { (call) throws(QueryError) in
      var parts: [SQLExpr] = []
      for index in call.arguments.indices {
        parts.append(call.encode(try call.typed(index), call.type(index).nullable(if: call.mayBeNull(index))))
      }
      return .call("jsonb_build_array", parts)
    },
    .scalar("tupleElement", nulls: .own, returns: { (call) throws(QueryError) in try tupleElement(call) }) {
      (call) throws(QueryError) in
      let index = try call.constantInteger(1)
      if let parts = try call.argument(0).tupleParts, parts.indices.contains(Int(index) - 1) {
        return try call.lowering.value(parts[Int(index) - 1])
      }
      return call.decode(try call.sql(0), at: .integer(index - 1), call.type)
    },
    .scalar("arrayElement", nulls: .own, returns: { (call) throws(QueryError) in
      if let (_, value) = call.type(0).mapTypes { return value }
      return try call.element(0).nullable(if: call.element(0).isNullable || call.type(1).isNullable)
    }) { (call) throws(QueryError) in try call.lowering.element(call) },
    .scalar("slice", arity: 3...3, nulls: .never, returns: { (call) throws(QueryError) in
      .array(try call.element(0))
    }) { (call) throws(QueryError) in
      .slice(
        try call.sql(0), from: call.type(1).isNullConstant ? nil : try call.integer(1),
        to: call.type(2).isNullConstant ? nil : try call.integer(2))
    },
    interval(.second, "toIntervalSecond"), interval(.minute, "toIntervalMinute"), interval(.hour, "toIntervalHour"),
    interval(.day, "toIntervalDay"), interval(.week, "toIntervalWeek"), interval(.month, "toIntervalMonth"),
    interval(.quarter, "toIntervalQuarter"), interval(.year, "toIntervalYear"),
  ]

  private static func tupleElement(_ call: TypingCall) throws(QueryError) -> HogQLType {
    guard let types = call.type(0).tupleElements else { throw call.wrongType(0, expected: "a tuple") }
    guard let index = call.constant(1)?.integer, index >= 1, index <= Int64(types.count) else {
      throw QueryError(
        "The tuple has \(types.count) elements, and no such one as this.", at: call.span(1),
        hint: "Count from 1.")
    }
    return types[Int(index) - 1]
  }

  private static func interval(_ unit: IntervalUnit, _ name: String) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return HogQLType(.interval(unit))
    }) { (call) throws(QueryError) in
      let (name, count) = unit.inPostgres
      if let value = call.constant(0)?.integer {
        return .cast(.string("\(value &* Int64(count)) \(name)"), .interval)
      }
      return SQLExpr.cast(.string("\(count) \(name)"), .interval).op(.multiply, try call.number(0))
    }
  }
}

extension Lowering {
  /// `a[i]` of an array or a map: the default of the element's type when there is none.
  func element(_ call: LoweringCall) throws(QueryError) -> SQLExpr {
    let container = try call.sql(0)
    if let (_, value) = call.type(0).mapTypes {
      let found = decode(container, at: try call.text(1), value)
      return value.isNullable ? found : .coalesce(found, defaultValue(value))
    }
    let element = call.type(0).element ?? .null
    let stored: SQLExpr
    if let index = call.constant(1)?.integer, index > 0 {
      stored = .subscripted(container, .integer(index))
    } else {
      stored = .hogql("array_element", container, try call.integer(1))
    }
    let found = fromStorage(stored, element)
    return element.isNullable ? found : .coalesce(found, defaultValue(element))
  }
}
