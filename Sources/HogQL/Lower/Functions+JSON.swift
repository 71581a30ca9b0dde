/// JSON in columns and in text. A path of keys and 1-based indexes follows the JSON; what is missing gives the
/// type's default.
extension FunctionTable {
  static let json: [FunctionDefinition] = scalarsOfJSON + arraysOfJSON + [
    .scalar("JSONHas", returns: json(.flag)) { (call) throws(QueryError) in
      try call.unlessNull(try call.jsonValue().isNotNull)
    },
    .scalar("isValidJSON", returns: json(.flag)) { (call) throws(QueryError) in
      try call.unlessNull(call.type(0).kind == .json ? .boolean(true) : try call.json(0).isNotNull)
    },
    .scalar("JSON_VALUE", returns: json(.string)) { (call) throws(QueryError) in
      guard let steps = JSONPathText.steps(try call.constantString(1)) else {
        throw call.error(1, "That is no JSON path.", hint: "Write it as '$.name.list[0]'.")
      }
      let value = try call.lowering.jsonAt(call.argument(0), steps)
      return try call.unlessNull(.hogql("json_scalar_text", value))
    },
    .scalar("toJSONString", returns: .string) { (call) throws(QueryError) in
      call.type(0).isNullConstant ? .null(.text) : call.jsonText(try call.typed(0), call.type(0).notNull)
    },
    .scalar("JSONExtract", nulls: .own, returns: { (call) throws(QueryError) in
      let target = try typedTarget(call)
      if target.type.isArray || target.type.mapTypes != nil || target.type.tupleElements != nil {
        try requireNotNull(call)
        return target.type
      }
      return target.type.nullable(if: target.type.isNullable || call.anyNullable)
    }) { (call) throws(QueryError) in
      let target = try namedType(call.constant(call.count - 1)?.string, at: call.span)
      return try call.unlessNull(try call.extracted(try call.jsonValue(upTo: call.count - 1), as: target))
    },
  ]

  private static let scalarsOfJSON: [FunctionDefinition] = [
    .scalar("JSONExtractString", returns: json(.string)) { (call) throws(QueryError) in
      try call.unlessNull(.hogql("json_string", try call.jsonValue()))
    },
    .scalar("JSONExtractInt", returns: json(.int)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(.hogql("json_int", try call.jsonValue()), .integer(0)))
    },
    .scalar("JSONExtractUInt", returns: json(.int)) { (call) throws(QueryError) in
      try call.unlessNull(
        .call("greatest", .hogql("json_int", try call.jsonValue()), .integer(0)))
    },
    .scalar("JSONExtractFloat", returns: json(.float)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(.hogql("json_float", try call.jsonValue()), .integer(0)))
    },
    .scalar("JSONExtractBool", returns: json(.flag)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(.hogql("json_bool", try call.jsonValue()), .boolean(false)))
    },
    .scalar("JSONExtractRaw", returns: json(.string)) { (call) throws(QueryError) in
      try call.unlessNull(.coalesce(.hogql("json_text_compact", try call.jsonValue()), .string("")))
    },
    .scalar("JSONLength", returns: json(.int)) { (call) throws(QueryError) in
      try call.unlessNull(.hogql("json_length", try call.jsonValue()))
    },
    .scalar("JSONArrayLength", nulls: .own, returns: json(.int.nullable)) { (call) throws(QueryError) in
      .hogql("json_array_length", try call.jsonValue())
    },
    .scalar("JSONType", returns: json(.string)) { (call) throws(QueryError) in
      try call.unlessNull(.hogql("json_type", try call.jsonValue()))
    },
  ]

  private static let arraysOfJSON: [FunctionDefinition] = [
    .scalar("JSONExtractArrayRaw", nulls: .never, returns: jsonArray(.string)) { (call) throws(QueryError) in
      .hogql("json_elements_raw", try call.jsonValue())
    },
    .scalar("JSONExtractKeys", nulls: .never, returns: jsonArray(.string)) { (call) throws(QueryError) in
      .hogql("json_keys", try call.jsonValue())
    },
    .scalar("JSONExtractKeysAndValuesRaw", nulls: .never, returns: jsonArray(.tuple([.string, .string]))) {
      (call) throws(QueryError) in .hogql("json_pairs_raw", try call.jsonValue())
    },
    .scalar("JSONExtractKeysAndValues", nulls: .never, returns: { (call) throws(QueryError) in
      try requireNotNull(call)
      return .array(.tuple([.string, try typedTarget(call).type]))
    }) { (call) throws(QueryError) in
      let target = try namedType(call.constant(call.count - 1)?.string, at: call.span)
      let value = try call.jsonValue(upTo: call.count - 1)
      return try call.keysAndValues(of: value, as: target, keepingNull: target.type.isNullable)
    },
  ]

  /// JSON as text or column, then a path of strings and integers.
  private static func json(_ type: HogQLType) -> FunctionDefinition.ReturnRule {
    { (call) throws(QueryError) in
      try requireJSON(call, pathEnd: call.count)
      return type
    }
  }

  private static func jsonArray(_ element: HogQLType) -> FunctionDefinition.ReturnRule {
    { (call) throws(QueryError) in
      try requireJSON(call, pathEnd: call.count)
      try requireNotNull(call)
      return .array(element)
    }
  }

  private static func requireJSON(_ call: TypingCall, pathEnd: Int) throws(QueryError) {
    try call.requireString(0)
    for index in 1..<max(pathEnd, 1) {
      let type = call.type(index)
      guard type.isString || type.kind == .int || type.isNullConstant else {
        throw call.wrongType(index, expected: "a key or an index")
      }
    }
  }

  private static func requireNotNull(_ call: TypingCall) throws(QueryError) {
    guard !call.type(0).isNullable else {
      throw call.wrongType(
        0, expected: "JSON that is not Nullable, since an array cannot be",
        hint: "Write `x ?? '[]'`, or assumeNotNull(x).")
    }
  }

  private static func typedTarget(_ call: TypingCall) throws(QueryError) -> NamedType {
    try requireJSON(call, pathEnd: call.count - 1)
    return try namedType(call.constant(call.count - 1)?.string, at: call.span(call.count - 1))
  }
}

extension LoweringCall {
  /// The `jsonb` at the path that the arguments up to `end` make; NULL when there is none.
  fileprivate func jsonValue(upTo end: Int? = nil) throws(QueryError) -> SQLExpr {
    var steps: [JSONStep] = []
    for index in 1..<max(end ?? count, 1) {
      switch constant(index) {
      case .string(let key)?: steps.append(.key(key))
      case .integer(let number)?: steps.append(.index(number))
      default: steps.append(.expression(try argument(index)))
      }
    }
    if type(0).isNullConstant { return .null(.jsonb) }
    return try lowering.jsonAt(argument(0), steps)
  }

  /// A JSON value as a type: NULL where it does not fit a Nullable one, else the type's default.
  fileprivate func extracted(_ json: SQLExpr, as target: NamedType) throws(QueryError) -> SQLExpr {
    switch target {
    case .scalar(let type):
      let value = scalar(json, as: type)
      return type.isNullable ? value : .coalesce(value, defaultValue(type))
    case .integer(let range, let isNullable):
      let value = SQLExpr.hogql(
        "bounded", .hogql("json_whole", json), .integer(range.lowerBound), .integer(range.upperBound))
      return isNullable ? value : .coalesce(value, .integer(0))
    case .array(let element):
      return try mapArray(.hogql("json_elements", json), of: .json) { (value, _) throws(QueryError) in
        toStorage(try extracted(value, as: element), element.type)
      }
    case .tuple(let elements):
      var parts: [SQLExpr] = []
      for (index, element) in elements.enumerated() {
        let place = SQLExpr.integer(Int64(index + 1))
        let member = element.name.map { SQLExpr.hogql("json_member", json, .string($0), place) }
        let value = try extracted(member ?? .hogql("json_element", json, place), as: element.type)
        parts.append(encode(value, element.type.type))
      }
      return .call("jsonb_build_array", parts)
    case .map(let value):
      return .hogql("json_object", try keysAndValues(of: json, as: value, keepingNull: true))
    }
  }

  private func scalar(_ json: SQLExpr, as type: HogQLType) -> SQLExpr {
    let text = SQLExpr.hogql("json_text_or_null", json)
    switch type.kind {
    case .int: return .hogql("json_whole", json)
    case .float: return .hogql("json_real", json)
    case .bool, .flag:
      return SQLExpr.hogql("bounded", .hogql("json_whole", json), .integer(0), .integer(255)).op(.notEqual, .integer(0))
    case .decimal(let scale): return .hogql("number_decimal", .hogql("json_number", json), .integer(Int64(scale)))
    case .uuid: return .hogql("text_uuid", text)
    case .date: return .hogql("text_date", .hogql("json_only_string", json))
    case .dateTime(_, let zone):
      return .coalesce(
        .hogql("text_moment", .hogql("json_only_string", json), .string(zone ?? timeZone), .boolean(false)),
        .call("to_timestamp", .hogql("json_float", json)))
    default: return text
    }
  }

  /// Key and typed value of each member, as a `jsonb` array of two.
  fileprivate func keysAndValues(of json: SQLExpr, as target: NamedType, keepingNull: Bool) throws(QueryError)
    -> SQLExpr
  {
    let pairs = SQLExpr.hogql("json_pairs", json)
    let isNotNull: (SQLExpr, SQLExpr) throws(QueryError) -> SQLExpr = { pair, _ in
      pair.op(.arrow, .integer(1)).op(.notEqual, .cast(.string("null"), .jsonb))
    }
    return try mapArray(pairs, of: .json, where: keepingNull ? nil : isNotNull) { (pair, _) throws(QueryError) in
      let value = try extracted(pair.op(.arrow, .integer(1)), as: target)
      return .call("jsonb_build_array", pair.op(.arrow, .integer(0)), encode(value, target.type))
    }
  }

  /// A value as JSON text, as toJSONString writes it.
  fileprivate func jsonText(_ sql: SQLExpr, _ type: HogQLType) -> SQLExpr {
    let text: SQLExpr
    switch type.kind {
    case .float: text = .hogql("json_float_text", sql)
    case .int, .decimal, .bool, .flag: text = lowering.text(sql, of: type)
    case .map: text = .hogql("json_text_compact", sql)
    case .array(let element): text = jsonText(ofArray: sql, element)
    case .tuple(let elements):
      var parts: [SQLExpr] = [.string("[")]
      for (index, element) in elements.enumerated() {
        if index > 0 { parts.append(.string(",")) }
        parts.append(jsonText(decode(sql, at: .integer(Int64(index)), element), element))
      }
      text = .call("concat", parts + [.string("]")])
    default: text = .hogql("json_quoted", lowering.text(sql, of: type))
    }
    return type.isNullable ? .coalesce(text, .string("null")) : text
  }

  private func jsonText(ofArray array: SQLExpr, _ element: HogQLType) -> SQLExpr {
    let alias = alias("e")
    let item = jsonText(fromStorage(.column(table: alias, name: "v"), element), element)
    let items = SQLExpr.arrayOf(
      SQLSelect(
        item, from: .unnest([array], as: alias, columns: ["v", "n"]),
        orderBy: [SQLOrder(.column(table: alias, name: "n"))]))
    return .call("concat", .string("["), .call("array_to_string", items, .string(",")), .string("]"))
  }
}

/// A path such as `$.a."b c"[0]`.
enum JSONPathText {
  /// Its steps; nil when it is none. A wildcard or a range of indexes means its first element.
  static func steps(_ path: String) -> [JSONStep]? {
    var rest = path.drop { $0 == " " }
    guard rest.popFirst() == "$" else { return nil }
    var steps: [JSONStep] = []
    while let character = rest.popFirst() {
      if character == ".", rest.first == "\"" || rest.first == "`" {
        guard let key = quoted(&rest) else { return nil }
        steps.append(.key(key))
      } else if character == "." {
        let key = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
        guard !key.isEmpty else { return nil }
        steps.append(.key(String(key)))
        rest = rest.dropFirst(key.count)
      } else if character == "[", rest.first == "\"" {
        guard let key = quoted(&rest), rest.popFirst() == "]" else { return nil }
        steps.append(.key(key))
      } else if character == "[", let end = rest.firstIndex(of: "]") {
        let first = rest[..<end].split(separator: " ").first ?? ""
        guard let index = first == "*" ? 0 : Int64(first.prefix { $0.isNumber }) else { return nil }
        steps.append(.index(index &+ 1))
        rest = rest[rest.index(after: end)...]
      } else {
        return nil
      }
    }
    return steps
  }

  private static func quoted(_ rest: inout Substring) -> String? {
    guard let quote = rest.popFirst(), let end = rest.firstIndex(of: quote) else { return nil }
    let key = String(rest[..<end])
    rest = rest[rest.index(after: end)...]
    return key
  }
}
