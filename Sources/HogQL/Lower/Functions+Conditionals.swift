extension FunctionTable {
  static let conditionals: [FunctionDefinition] = [
    .scalar("if", nulls: .own, returns: { (call) throws(QueryError) in
      try requireCondition(call, 0)
      return try call.widened(from: 1)
    }) { (call) throws(QueryError) in
      .when(try call.condition(0), then: try call.branch(1), otherwise: try call.branch(2))
    },
    .scalar("multiIf", nulls: .own, returns: { (call) throws(QueryError) in
      var values: [HogQLType] = []
      for index in stride(from: 1, to: call.count, by: 2) {
        try requireCondition(call, index - 1)
        values.append(call.type(index))
      }
      guard call.count % 2 == 1, let type = HogQLType.widened(values + [call.type(call.count - 1)]) else {
        throw QueryError(
          "multiIf needs pairs of condition and value, then one more value, all of one type.", at: call.span)
      }
      return type
    }) { (call) throws(QueryError) in
      var branches: [SQLBranch] = []
      for index in stride(from: 1, to: call.count, by: 2) {
        branches.append(SQLBranch(when: try call.condition(index - 1), then: try call.branch(index)))
      }
      return .caseWhen(branches, otherwise: try call.branch(call.count - 1))
    },
    // CASE operand WHEN value THEN result ..: operand, pairs, the value of ELSE.
    .scalar("caseWithExpression", arity: 4...Int.max, nulls: .own, returns: { (call) throws(QueryError) in
      var values = [call.type(call.count - 1)]
      for index in stride(from: 2, to: call.count, by: 2) { values.append(call.type(index)) }
      guard let type = HogQLType.widened(values) else {
        throw QueryError("The branches of CASE have no common type.", at: call.span, hint: "Convert them.")
      }
      return type
    }) { (call) throws(QueryError) in
      var branches: [SQLBranch] = []
      for index in stride(from: 2, to: call.count - 1, by: 2) {
        let (l, r) = try call.lowering.operands(call.argument(0), call.argument(index - 1), .equal, call)
        branches.append(SQLBranch(when: l.equals(r), then: try call.branch(index)))
      }
      return .caseWhen(branches, otherwise: try call.branch(call.count - 1))
    },
    .scalar("coalesce", nulls: .own, returns: { (call) throws(QueryError) in
      try call.widened().nullable(if: call.types.allSatisfy(\.isNullable))
    }) { (call) throws(QueryError) in try call.coalesced() },
    .scalar("ifNull", "ifnull", nulls: .own, returns: { (call) throws(QueryError) in
      try call.widened().nullable(if: call.types.allSatisfy(\.isNullable))
    }) { (call) throws(QueryError) in try call.coalesced() },
    .scalar("nullIf", "nullif", nulls: .own, returns: { $0.type(0).nullable }) { (call) throws(QueryError) in
      if call.type(0).isNullConstant { return .null }
      if call.type(1).isNullConstant { return try call.sql(0) }
      let (l, r) = try call.lowering.operands(call.argument(0), call.argument(1), .equal, call)
      return .when(l.equals(r), then: .null, otherwise: try call.typed(0))
    },
    .scalar("assumeNotNull", nulls: .never, returns: { $0.type(0).notNull }) { (call) throws(QueryError) in
      guard call.mayBeNull(0) else { return try call.sql(0) }
      let type = call.type(0).notNull
      // A JSON column is text to HogQL, its default the empty text, for which `jsonb` has no value but NULL.
      return type.kind == .json ? try call.sql(0) : .coalesce(try call.sql(0), call.defaultValue(type))
    },
    // A hint to ClickHouse's index, which filters nothing by itself.
    .scalar("indexHint", nulls: .never, returns: .flag) { (_) throws(QueryError) in .boolean(true) },
    .scalar("toNullable", nulls: .own, returns: { $0.type(0).nullable }) { (call) throws(QueryError) in
      try call.sql(0)
    },
  ]

  private static func requireCondition(_ call: TypingCall, _ index: Int) throws(QueryError) {
    let type = call.type(index)
    if type.isBoolean || type.isNullConstant { return }
    if case .integer? = call.constant(index) { return }
    throw call.wrongType(index, expected: "a condition", hint: "Compare it with something, for instance `x > 0`.")
  }
}

extension LoweringCall {
  /// A branch in the result's type, constants cast only when all branches would be untyped.
  func branch(_ index: Int) throws(QueryError) -> SQLExpr {
    let sql = try sql(index, as: type)
    return lowering.needsCast(sql) && sql != .null ? sql.cast(to: type.postgres) : sql
  }

  func coalesced() throws(QueryError) -> SQLExpr {
    var parts: [SQLExpr] = []
    for index in arguments.indices where !type(index).isNullConstant {
      parts.append(try sql(index, as: type))
      if !mayBeNull(index) { break }
    }
    guard let first = parts.first else { return .null(type.postgres) }
    if parts.count == 1 { return lowering.needsCast(first) ? first.cast(to: type.postgres) : first }
    return .call("coalesce", parts)
  }
}
