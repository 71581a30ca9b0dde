// Array functions with a lambda: it is written out over the rows of `unnest`.

extension FunctionTable {
  static let lambdaArrays: [FunctionDefinition] = [
    .scalar("arrayMap", nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      .array(try mappedType(call))
    }) { (call) throws(QueryError) in
      let (rows, value, type) = try call.mappedRows()
      return rows.array(call.toStorage(value, type))
    },
    .scalar("arrayFilter", nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try requireTest(call)
      return .array(try firstElement(call))
    }) { (call) throws(QueryError) in
      let (rows, condition) = try call.testedRows()
      return rows.array(rows.stored.first ?? .null, where: condition)
    },
    .scalar("arrayCount", nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try tested(call, .int)
    }) {
      (call) throws(QueryError) in
      let (rows, condition) = try call.testedRows()
      return rows.scalar(SQLAggregate("count", [.star]).expr, where: condition)
    },
    .scalar("arrayExists", nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try tested(call, .flag)
    }) {
      (call) throws(QueryError) in
      let (rows, condition) = try call.testedRows()
      return .exists(.select(SQLSelect(.integer(1), from: rows.from, where: condition)))
    },
    .scalar("arrayAll", nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try tested(call, .flag)
    }) {
      (call) throws(QueryError) in
      let (rows, condition) = try call.testedRows()
      let fails = SQLExpr.coalesce(condition, .boolean(false)).negated
      return SQLExpr.exists(.select(SQLSelect(.integer(1), from: rows.from, where: fails))).negated
    },
    sorted("arraySort", isDescending: false), sorted("arrayReverseSort", isDescending: true),
    .scalar("arrayFold", nulls: .never, lambda: { (call, count) throws(QueryError) in
      guard call.count >= 3, count >= 2 else {
        throw QueryError(
          "arrayFold needs a lambda of the accumulator and an element, an array and a start.", at: call.span)
      }
      var types = [call.type(call.count - 1)]
      for index in 1..<(call.count - 1) { types.append(try call.element(index)) }
      return Array(types.prefix(count))
    }, returns: { (call) throws(QueryError) in call.type(call.count - 1) }) { (call) throws(QueryError) in
      try call.folded()
    },
  ]

  static let foundElements: [FunctionDefinition] = [
    found("arrayFirst", isLast: false), found("arrayLast", isLast: true),
    foundIndex("arrayFirstIndex", isLast: false), foundIndex("arrayLastIndex", isLast: true),
  ]

  private static func tested(_ call: TypingCall, _ type: HogQLType) throws(QueryError) -> HogQLType {
    _ = try firstElement(call)
    try requireTest(call)
    return type
  }

  /// NaN and NULL stand at the end in both directions.
  private static func sorted(_ name: String, isDescending: Bool) -> FunctionDefinition {
    .scalar(name, nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      .array(try firstElement(call))
    }) { (call) throws(QueryError) in
      let (rows, value, type) = try call.mappedRows()
      var order: [SQLOrder] = []
      if type.isFloat && isDescending {
        order.append(SQLOrder(value.equals(.cast(.string("NaN"), .double)), nullsFirst: false))
      }
      order.append(
        SQLOrder(call.byteOrder(value, type), isDescending: isDescending, nullsFirst: isDescending ? false : nil))
      return rows.array(rows.stored.first ?? .null, orderBy: order + [SQLOrder(rows.position)])
    }
  }

  private static func found(_ name: String, isLast: Bool) -> FunctionDefinition {
    .scalar(name, nulls: .own, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try requireTest(call)
      return try firstElement(call)
    }) { (call) throws(QueryError) in
      let (rows, condition) = try call.testedRows()
      let order = [SQLOrder(rows.position, isDescending: isLast)]
      let element = rows.scalar(rows.values.first ?? .null, where: condition, orderBy: order, first: true)
      return call.type.isNullable ? element : .coalesce(element, call.defaultValue(call.type))
    }
  }

  private static func foundIndex(_ name: String, isLast: Bool) -> FunctionDefinition {
    .scalar(name, nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try tested(call, .int)
    }) {
      (call) throws(QueryError) in
      let (rows, condition) = try call.testedRows()
      let index = rows.scalar(SQLAggregate(isLast ? "max" : "min", [rows.position]).expr, where: condition)
      return .coalesce(index, .integer(0))
    }
  }
}

extension LoweringCall {
  /// `arrayFold((acc, x) -> .., array, start)` over arrays that are written out, step by step; over others when the
  /// lambda adds to the accumulator.
  fileprivate func folded() throws(QueryError) -> SQLExpr {
    let body = try lambda(0)
    let last = count - 1
    let start = try typed(last)
    if let steps = try constantSteps(before: last) {
      var result = start
      for values in steps { result = try body([result] + values, as: type) }
      return result
    }
    if case .call(let sum) = body.body.kind, sum.name == "plus", let left = sum.arguments.first,
      let added = sum.arguments.last, let accumulator = body.parameters.first, type.isNumber,
      case .parameter(accumulator.id, _) = left.kind, !added.mentions(accumulator.id)
    {
      let rows = try elementRows(from: 1, to: last)
      let values = Array(rows.values.prefix(body.parameters.count - 1))
      let total = try lowering.binding(body.parameters, to: [start] + values) { () throws(QueryError) in
        rows.scalar(SQLAggregate("sum", [try lowering.number(added)]).expr)
      }
      return start.op(.add, .coalesce(total, .integer(0))).cast(to: type.postgres)
    }
    throw error(
      0, "arrayFold over this array needs a lambda of the form (acc, x) -> acc + f(x).",
      hint: "Use arraySum, arrayMax, arrayStringConcat or another array function.")
  }

  /// The elements of each step when all arrays are written out with at most 32 elements.
  private func constantSteps(before last: Int) throws(QueryError) -> [[SQLExpr]]? {
    var columns: [[SQLExpr]] = []
    for index in 1..<max(last, 1) {
      guard let parts = try argument(index).arrayParts, parts.count <= 32 else { return nil }
      var values: [SQLExpr] = []
      for part in parts { values.append(try lowering.convert(part, to: type(index).element ?? .null)) }
      columns.append(values)
    }
    guard let first = columns.first, columns.allSatisfy({ $0.count == first.count }) else { return nil }
    return first.indices.map { step in columns.map { $0[step] } }
  }
}

extension TypedExpr {
  /// Whether the lambda parameter stands somewhere inside.
  fileprivate func mentions(_ id: Int) -> Bool {
    if case .parameter(id, _) = kind { return true }
    return kind.children.contains { $0.mentions(id) }
  }
}
