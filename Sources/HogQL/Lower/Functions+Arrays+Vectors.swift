// Arrays and tuples of numbers as vectors.

extension FunctionTable {
  static let vectors: [FunctionDefinition] = [
    norm("L1Norm", "vector_l1"), norm("L2Norm", "vector_l2"), norm("LinfNorm", "vector_largest"),
    .scalar("LpNorm", nulls: .never, returns: { (call) throws(QueryError) in try vector(call, 0) }) {
      (call) throws(QueryError) in
      .hogql("vector_norm", try call.vector(0), try call.float(1))
    },
    distance("L1Distance", "vector_l1"), distance("L2Distance", "vector_l2"),
    distance("LinfDistance", "vector_largest"),
    .scalar("LpDistance", nulls: .never, returns: { (call) throws(QueryError) in try vector(call, 0, 1) }) {
      (call) throws(QueryError) in
      let difference = SQLExpr.hogql("vector_difference", try call.vector(0), try call.vector(1))
      return .hogql("vector_norm", difference, try call.float(2))
    },
    .scalar("dotProduct", nulls: .never, returns: { (call) throws(QueryError) in try vector(call, 0, 1) }) {
      (call) throws(QueryError) in
      .hogql("dot_product", try call.vector(0), try call.vector(1))
    },
    .scalar("cosineDistance", nulls: .never, returns: { (call) throws(QueryError) in try vector(call, 0, 1) }) {
      (call) throws(QueryError) in
      .hogql("cosine_distance", try call.vector(0), try call.vector(1))
    },
    normalized("L1Normalize") { (call, vector) throws(QueryError) in .hogql("vector_l1", vector) },
    normalized("L2Normalize") { (call, vector) throws(QueryError) in .hogql("vector_l2", vector) },
    normalized("LinfNormalize") { (call, vector) throws(QueryError) in .hogql("vector_largest", vector) },
    normalized("LpNormalize") { (call, vector) throws(QueryError) in
      .hogql("vector_norm", vector, try call.float(1))
    },
  ]

  private static func norm(_ name: String, _ runtime: String) -> FunctionDefinition {
    .scalar(name, nulls: .never, returns: { (call) throws(QueryError) in try vector(call, 0) }) {
      (call) throws(QueryError) in
      .hogql(runtime, try call.vector(0))
    }
  }

  private static func distance(_ name: String, _ runtime: String) -> FunctionDefinition {
    .scalar(name, nulls: .never, returns: { (call) throws(QueryError) in try vector(call, 0, 1) }) {
      (call) throws(QueryError) in
      .hogql(runtime, .hogql("vector_difference", try call.vector(0), try call.vector(1)))
    }
  }

  /// A tuple divided by its norm.
  private static func normalized(
    _ name: String, norm: @escaping @Sendable (LoweringCall, SQLExpr) throws(QueryError) -> SQLExpr
  ) -> FunctionDefinition {
    .scalar(name, nulls: .never, returns: { (call) throws(QueryError) in
      _ = try vector(call, 0)
      guard let elements = call.type(0).tupleElements else { throw call.wrongType(0, expected: "a tuple of numbers") }
      return .tuple(elements.map { _ in .float })
    }) { (call) throws(QueryError) in
      let vector = try call.vector(0)
      return .hogql("vector_scaled", vector, try norm(call, vector))
    }
  }

  private static func vector(_ call: TypingCall, _ indexes: Int...) throws(QueryError) -> HogQLType {
    for index in indexes {
      let type = call.type(index)
      let elements = type.tupleElements ?? type.element.map { [$0] } ?? [.string]
      guard elements.allSatisfy({ $0.isNumeric || $0.isNullConstant }) else {
        throw call.wrongType(index, expected: "an array or a tuple of numbers")
      }
    }
    return .float
  }
}

extension LoweringCall {
  /// The numbers of an array or a tuple as `double precision[]`.
  fileprivate func vector(_ index: Int) throws(QueryError) -> SQLExpr {
    if type(index).isArray { return try sql(index, as: .array(.float)) }
    return .hogql("tuple_vector", try sql(index))
  }
}
