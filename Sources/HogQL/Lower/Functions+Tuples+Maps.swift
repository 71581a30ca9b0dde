// Tuples and maps. Tuples are made and taken apart in Functions+Structures.

extension FunctionTable {
  static let tuplesAndMaps: [FunctionDefinition] = tupleArithmetic + madeMaps + mapParts + changedMaps

  private static let tupleArithmetic: [FunctionDefinition] = [
    elementwise("tuplePlus", .add), elementwise("tupleMinus", .subtract), elementwise("tupleMultiply", .multiply),
    elementwise("tupleDivide", .divide), elementwise("tupleMultiplyByNumber", .multiply),
    elementwise("tupleDivideByNumber", .divide),
    .scalar("tupleNegate", nulls: .never, returns: { (call) throws(QueryError) in
      .tuple(try numbers(call, 0).map { $0.isBoolean ? .int : $0 })
    }) { (call) throws(QueryError) in
      var parts: [SQLExpr] = []
      for (index, type) in (call.type.tupleElements ?? []).enumerated() {
        parts.append(call.encode(.unary(.negate, try call.part(0, index, as: type)), type))
      }
      return .call("jsonb_build_array", parts)
    },
    .scalar("tupleHammingDistance", nulls: .never, returns: { (call) throws(QueryError) in
      let (left, right) = (try tuple(call, 0), try tuple(call, 1))
      guard left.count == right.count else { throw call.wrongType(1, expected: "a tuple of the same length") }
      return .int
    }) { (call) throws(QueryError) in .hogql("tuple_distance", try call.sql(0), try call.sql(1)) },
    .scalar("tupleToNameValuePairs", nulls: .never, returns: { (call) throws(QueryError) in
      .array(.tuple([.string, HogQLType.widened(try tuple(call, 0)) ?? .string]))
    }) { (call) throws(QueryError) in .hogql("tuple_pairs", try call.sql(0)) },
    .unsupported("untuple", reason: "would give several columns at once; write t.1, t.2 instead."),
  ]

  static func tuple(_ call: TypingCall, _ index: Int) throws(QueryError) -> [HogQLType] {
    if let elements = call.type(index).tupleElements { return elements }
    throw call.wrongType(index, expected: "a tuple")
  }

  private static func numbers(_ call: TypingCall, _ index: Int) throws(QueryError) -> [HogQLType] {
    let elements = try tuple(call, index)
    guard elements.allSatisfy({ $0.isNumeric }) else { throw call.wrongType(index, expected: "a tuple of numbers") }
    return elements
  }

  /// Arithmetic element by element, with another tuple or one number.
  private static func elementwise(_ name: String, _ operation: SQLOperator) -> FunctionDefinition {
    let isDivision = operation == .divide
    return .scalar(name, nulls: .never, returns: { (call) throws(QueryError) in
      let left = try numbers(call, 0)
      let right = name.hasSuffix("Number") ? left.map { _ in call.type(1) } : try numbers(call, 1)
      if name.hasSuffix("Number") { try call.requireNumeric(1) }
      guard left.count == right.count else { throw call.wrongType(1, expected: "a tuple of the same length") }
      return .tuple(zip(left, right).map { a, b in
        let type = a.widened(with: b) ?? .float
        return isDivision ? HogQLType.float.nullable(if: type.isNullable) : type.isBoolean ? .int : type
      })
    }) { (call) throws(QueryError) in
      var parts: [SQLExpr] = []
      for (index, type) in (call.type.tupleElements ?? []).enumerated() {
        let left = try call.part(0, index, as: type)
        let right = try call.type(1).tupleElements == nil ? call.sql(1, as: type) : call.part(1, index, as: type)
        let value = isDivision ? SQLExpr.hogql("divide", left, right) : left.op(operation, right)
        parts.append(call.encode(value.cast(to: type.postgres), type))
      }
      return .call("jsonb_build_array", parts)
    }
  }
}

extension LoweringCall {
  /// An element of a tuple argument as a number of the type.
  fileprivate func part(_ argument: Int, _ index: Int, as type: HogQLType) throws(QueryError) -> SQLExpr {
    if let parts = try self.argument(argument).tupleParts, parts.indices.contains(index) {
      let value = try lowering.convert(parts[index], to: type)
      return lowering.needsCast(value) ? value.cast(to: type.postgres) : value
    }
    let types = self.type(argument).tupleElements ?? []
    guard types.indices.contains(index) else { return .null(type.postgres) }
    let value = decode(try sql(argument), at: .integer(Int64(index)), types[index])
    return lowering.number(value, of: types[index]).cast(to: type.postgres)
  }
}
