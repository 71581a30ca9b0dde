/// Paths into JSON.
extension Lowering {
  /// The value at the path as `jsonb`, NULL when there is none.
  func jsonAt(_ base: TypedExpr, _ steps: [JSONStep]) throws(QueryError) -> SQLExpr {
    var json = try self.json(base)
    for step in steps {
      switch step {
      case .key(let key): json = json.op(.arrow, .string(key))
      case .index(let index): json = .hogql("json_element", json, .integer(index))
      case .expression(let expr):
        json = expr.type.isString
          ? json.op(.arrow, try typed(expr)) : .hogql("json_element", json, try number(expr).cast(to: .bigint))
      }
    }
    return json
  }

  /// The value at the path as HogQL's text: raw JSON, without the quotes at both ends of a string.
  func jsonText(_ base: TypedExpr, _ steps: [JSONStep]) throws(QueryError) -> SQLExpr {
    .hogql("json_text", try jsonAt(base, steps))
  }

  /// What a JSON column holds, or the JSON in a string.
  func json(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    if expr.type.kind == .json || expr.type.isArray { return try value(expr) }
    return .hogql("text_json", try typed(expr))
  }

  /// `properties->>'plan'` for a path of keys whose text is compared with a constant that no other JSON value than a
  /// string without escapes (or a boolean) can have the text of. It can use an index on that expression.
  func plainPath(_ expr: TypedExpr, comparedWith constant: String) throws(QueryError) -> SQLExpr? {
    guard case .jsonPath(let base, let steps) = expr.kind, case .key(let last)? = steps.last else { return nil }
    guard let first = constant.unicodeScalars.first, !"-0123456789[{".unicodeScalars.contains(first) else { return nil }
    guard !constant.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" || $0.value < 32 }) else { return nil }
    return try jsonAt(base, Array(steps.dropLast())).op(.arrowText, .string(last))
  }
}
