// Operators, under the names of the functions that they are, and what every query needs.

extension FunctionTable {
  static let operators: [FunctionDefinition] =
    arithmetic + comparisons + logic + [
      .scalar("like", nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.like(call, .like, negated: false)
      },
      .scalar("notLike", nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.like(call, .like, negated: true)
      },
      .scalar("ilike", nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.like(call, .ilike, negated: false)
      },
      .scalar("notILike", nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.like(call, .ilike, negated: true)
      },
      .scalar("match", nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.match(call, ignoringCase: false, negated: false)
      },
      .scalar("notMatch", arity: 2...2, nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.match(call, ignoringCase: false, negated: true)
      },
      .scalar("matchIgnoringCase", arity: 2...2, nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.match(call, ignoringCase: true, negated: false)
      },
      .scalar("notMatchIgnoringCase", arity: 2...2, nulls: .never, returns: .flag) { (call) throws(QueryError) in
        try call.lowering.match(call, ignoringCase: true, negated: true)
      },
      .scalar("concat", nulls: .never, returns: .string) { (call) throws(QueryError) in
        try call.lowering.concat(call.arguments)
      },
    ]

  private static let comparisons: [FunctionDefinition] = [
    .scalar("equals", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.equality(call, .equal, negated: false)
    },
    .scalar("notEquals", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.equality(call, .equal, negated: true)
    },
    .scalar("less", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.inequality(call, .less)
    },
    .scalar("lessOrEquals", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.inequality(call, .lessOrEqual)
    },
    .scalar("greater", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.inequality(call, .greater)
    },
    .scalar("greaterOrEquals", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.inequality(call, .greaterOrEqual)
    },
    .scalar("between", arity: 3...3, nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.between(call, negated: false)
    },
    .scalar("notBetween", arity: 3...3, nulls: .never, returns: .flag) { (call) throws(QueryError) in
      try call.lowering.between(call, negated: true)
    },
    .scalar("isDistinctFrom", arity: 2...2, nulls: .never, returns: .flag) { (call) throws(QueryError) in
      let (l, r) = try call.lowering.operands(call.argument(0), call.argument(1), .distinctFrom, call)
      return l.op(.distinctFrom, r)
    },
    .scalar("isNotDistinctFrom", arity: 2...2, nulls: .never, returns: .flag) { (call) throws(QueryError) in
      let (l, r) = try call.lowering.operands(call.argument(0), call.argument(1), .distinctFrom, call)
      return l.op(.notDistinctFrom, r)
    },
    .scalar("isNull", "isnull", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      call.type(0).isNullConstant ? .boolean(true) : try call.sql(0).isNull
    },
    .scalar("isNotNull", nulls: .never, returns: .flag) { (call) throws(QueryError) in
      call.type(0).isNullConstant ? .boolean(false) : try call.sql(0).isNotNull
    },
  ]

  /// Three-valued, as in SQL; in a condition the operands are conditions too.
  private static let logic: [FunctionDefinition] = [
    .scalar("and", nulls: .propagate, returns: logicType) { (call) throws(QueryError) in
      .all(try call.lowering.logical(call))
    },
    .scalar("or", nulls: .propagate, returns: logicType) { (call) throws(QueryError) in
      .anyOf(try call.lowering.logical(call))
    },
    .scalar("xor", nulls: .propagate, returns: logicType) { (call) throws(QueryError) in
      let parts = try call.lowering.truths(call)
      guard var result = parts.first else { return .boolean(false) }
      for part in parts.dropFirst() { result = result.op(.notEqual, part) }
      return result
    },
    .scalar("not", nulls: .propagate, returns: logicType) { (call) throws(QueryError) in
      try call.lowering.truth(call.argument(0)).negated
    },
  ]

  private static let logicType: FunctionDefinition.ReturnRule = { call throws(QueryError) in
    for index in call.arguments.indices {
      let type = call.type(index)
      guard type.isNumeric || type.isNullConstant else { throw call.wrongType(index, expected: "a boolean") }
    }
    return call.types.allSatisfy { $0.kind == .bool } ? .bool : .flag
  }

  static let basicAggregates: [FunctionDefinition] = [
    .aggregate("count", empty: .own, returns: { _ in .int }) { (call) throws(QueryError) in
      if call.count == 0 { return call.aggregate("count", .star) }
      // Counted by bytes, which sorts fastest and tells texts apart as HogQL does.
      let isText = call.isDistinct && call.type(0).kind == .string
      return call.aggregate("count", isText ? call.call.byteOrder(try call.sql(0), .string) : try call.sql(0))
    },
    .aggregate("sum", empty: .typeDefault, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      let type = call.type(0)
      return type.isFloat || type.isDecimal ? type : .int
    }) { (call) throws(QueryError) in
      if call.type(0).isBoolean, !call.isDistinct {
        return call.aggregate("count", [.star], where: try call.sql(0))
      }
      let sum = call.aggregate("sum", try call.number(0))
      return call.type(0).kind == .int ? sum.cast(to: .bigint) : sum
    },
    .aggregate("avg", empty: .nan, returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .float
    }) { (call) throws(QueryError) in
      call.aggregate("avg", try call.number(0)).cast(to: .double)
    },
    .aggregate("min", empty: .typeDefault, returns: { $0.type(0) }) { (call) throws(QueryError) in
      try extreme(call, "min")
    },
    .aggregate("max", empty: .typeDefault, returns: { $0.type(0) }) { (call) throws(QueryError) in
      try extreme(call, "max")
    },
  ]

  /// Postgres has no min and max of booleans, uuids and `jsonb`; NaN counts only when there is nothing else.
  private static func extreme(_ call: AggregateCall, _ name: String) throws(QueryError) -> SQLExpr {
    let type = call.type(0)
    if type.isBoolean { return call.aggregate(name == "min" ? "bool_and" : "bool_or", try call.sql(0)) }
    if type.isFloat, name == "max" {
      let value = try call.sql(0)
      return .coalesce(
        call.aggregate("max", [value], where: value.op(.notEqual, .cast(.string("NaN"), .double))),
        call.aggregate("max", value))
    }
    if type.kind == .uuid { return call.aggregate(name, try call.sql(0).cast(to: .text)).cast(to: .uuid) }
    if type.mapTypes != nil {
      throw QueryError("\(name) cannot compare maps.", at: call.span, hint: "Compare their keys or values.")
    }
    if type.kind == .json {
      let text = call.call.lowering.text(try call.sql(0), of: type)
      return call.aggregate(name, call.call.byteOrder(text, .string)).cast(to: .jsonb)
    }
    if type.tupleElements != nil {
      guard call.window == nil else {
        throw QueryError("\(name) of tuples cannot be a window function.", at: call.span, hint: "Use a part of the tuple.")
      }
      var values = SQLAggregate("array_agg", [try call.sql(0)])
      values.orderBy = call.call.lowering.flatKey(try call.sortKey(0)).map { SQLOrder($0, isDescending: name == "max") }
      return .subscripted(call.build(values).expr, .integer(1))
    }
    if type.isString { return call.aggregate(name, try call.call.byteOrder(call.sql(0), .string)) }
    return call.aggregate(name, try call.sql(0))
  }
}

extension Lowering {
  /// LIKE; a backslash at the pattern's end would be an error in Postgres.
  func like(_ call: LoweringCall, _ operation: SQLOperator, negated: Bool) throws(QueryError) -> SQLExpr {
    for index in 0..<2 where !call.type(index).isString && !call.type(index).isNullConstant {
      throw call.error(
        index, "LIKE needs text, not \(call.type(index).clickHouseName).", hint: "Convert it with toString.")
    }
    return try equality(call, operation, negated: negated)
  }

  /// Operands of AND and OR: conditions where NULL may stand for false, else three-valued.
  func logical(_ call: LoweringCall) throws(QueryError) -> [SQLExpr] {
    guard call.context != .value else { return try truths(call) }
    var parts: [SQLExpr] = []
    for argument in call.arguments {
      parts.append(call.context == .join ? try lower(argument, in: .join) : try truth(argument, in: .condition))
    }
    return parts
  }

  func truths(_ call: LoweringCall) throws(QueryError) -> [SQLExpr] {
    var parts: [SQLExpr] = []
    for argument in call.arguments { parts.append(try truth(argument)) }
    return parts
  }

  /// A boolean in SQL for a boolean or a number.
  func truth(_ expr: TypedExpr, in context: LoweringContext = .value) throws(QueryError) -> SQLExpr {
    if expr.type.isNullConstant { return .null(.boolean) }
    if case .constant(let value) = expr.kind { return .boolean(value.isTrue) }
    if expr.type.isBoolean { return try lower(expr, in: context) }
    return try value(expr).op(.notEqual, .integer(0))
  }

  /// Everything as text, NULL as ''.
  func concat(_ parts: [TypedExpr]) throws(QueryError) -> SQLExpr {
    var texts: [SQLExpr] = []
    for part in parts {
      if part.type.isNullConstant { continue }
      let text = try text(part)
      texts.append(part.mayBeNull ? .coalesce(text, .string("")) : text)
    }
    guard var result = texts.first else { return .text("") }
    if texts.count == 1 { return result }
    if result.isConstant, texts[1].isConstant { result = result.cast(to: .text) }
    texts[0] = result
    return joined(texts[...])
  }

  /// `a || b || c`; a long list in halves, so that the tree stays low.
  private func joined(_ texts: ArraySlice<SQLExpr>) -> SQLExpr {
    guard let first = texts.first else { return .text("") }
    if texts.count <= 32 { return texts.dropFirst().reduce(first) { $0.op(.concat, $1) } }
    let half = texts.startIndex + texts.count / 2
    return joined(texts[..<half]).op(.concat, joined(texts[half...]).cast(to: .text))
  }
}
