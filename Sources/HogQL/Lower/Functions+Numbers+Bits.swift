// Bits of integers.

extension FunctionTable {
  static let bits: [FunctionDefinition] = [
    bitwise("bitAnd", .bitAnd), bitwise("bitOr", .bitOr), bitwise("bitXor", .bitXor),
    .scalar("bitNot", returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      // A literal is as small as it fits: eight bits, sixteen ..
      if let value = call.constant(0)?.integer, value >= 0 {
        for width in [8, 16, 32] where value < 1 << width { return .integer((1 << width) - 1 - value) }
      }
      return .unary(.bitNot, try call.bigint(0))
    },
    .scalar("bitShiftLeft", returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      .hogql("shift_left", try call.bigint(0), try call.bigint(1))
    },
    .scalar("bitShiftRight", returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      .hogql("shift_right", try call.bigint(0), try call.bigint(1))
    },
    .scalar("bitRotateLeft", returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      .hogql("rotate_left", try call.bigint(0), try call.bigint(1))
    },
    .scalar("bitRotateRight", returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      .hogql("rotate_left", try call.bigint(0), SQLExpr.integer(64).op(.subtract, try call.bigint(1)))
    },
    .scalar("bitTest", returns: { (call) throws(QueryError) in try whole(call, .flag) }) { (call) throws(QueryError) in
      SQLExpr.hogql("bit_of", try call.bigint(0), try call.bigint(1)).equals(.integer(1))
    },
    .scalar("bitTestAll", returns: { (call) throws(QueryError) in try whole(call, .flag) }) {
      (call) throws(QueryError) in .all(try call.testedBits())
    },
    .scalar("bitTestAny", returns: { (call) throws(QueryError) in try whole(call, .flag) }) {
      (call) throws(QueryError) in .anyOf(try call.testedBits())
    },
    .scalar("bitCount", returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      .hogql("bit_count", try call.bigint(0))
    },
    .scalar("bitHammingDistance", returns: { (call) throws(QueryError) in try whole(call) }) {
      (call) throws(QueryError) in .hogql("bit_count", try call.bigint(0).op(.bitXor, call.bigint(1)))
    },
    .unsupported("bitSlice", reason: "cuts the bytes of a string between their bits."),
  ]

  private static func bitwise(_ name: String, _ operation: SQLOperator) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try whole(call) }) { (call) throws(QueryError) in
      try call.bigint(0).op(operation, call.bigint(1))
    }
  }

  /// The return rule of a function of integers.
  private static func whole(_ call: TypingCall, _ type: HogQLType = .int) throws(QueryError) -> HogQLType {
    for index in call.arguments.indices {
      let argument = call.type(index)
      guard argument.kind == .int || argument.isBoolean || argument.isNullConstant else {
        throw call.wrongType(index, expected: "an integer", hint: "Convert it with toInt.")
      }
    }
    return type
  }
}

extension LoweringCall {
  fileprivate func testedBits() throws(QueryError) -> [SQLExpr] {
    var tests: [SQLExpr] = []
    for index in arguments.indices.dropFirst() {
      tests.append(SQLExpr.hogql("bit_of", try bigint(0), try bigint(index)).equals(.integer(1)))
    }
    return tests
  }
}
