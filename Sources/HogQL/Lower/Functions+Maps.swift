// Maps: `jsonb` objects whose keys are the text of the keys.

extension FunctionTable {
  static let madeMaps: [FunctionDefinition] = [
    .scalar("map", nulls: .never, returns: { (call) throws(QueryError) in
      guard call.count % 2 == 0 else {
        throw QueryError("map needs pairs of key and value.", at: call.span, hint: "For instance map('a', 1, 'b', 2).")
      }
      var (keys, values): ([HogQLType], [HogQLType]) = ([], [])
      for index in call.arguments.indices {
        if index % 2 == 0 { keys.append(call.type(index)) } else { values.append(call.type(index)) }
      }
      if let index = call.arguments.indices.first(where: { $0 % 2 == 0 && call.arguments[$0].mayBeNull }) {
        throw call.wrongType(index, expected: "a key that is never NULL", hint: "Wrap it with assumeNotNull or ifNull.")
      }
      guard let key = HogQLType.widened(keys), let value = HogQLType.widened(values) else {
        throw QueryError(
          "The keys, or the values, of the map have no common type.", at: call.span, hint: "Convert them.")
      }
      return .map(keys.isEmpty ? .string : key, value)
    }) { (call) throws(QueryError) in
      guard let (_, value) = call.type.mapTypes, call.count > 0 else { return .cast(.string("{}"), .jsonb) }
      var parts: [SQLExpr] = []
      for index in stride(from: 0, to: call.count - 1, by: 2) {
        let key = try call.text(index)
        parts.append(call.lowering.needsCast(key) ? key.cast(to: .text) : key)
        parts.append(call.encode(try call.sql(index + 1, as: value), value))
      }
      return .call("jsonb_build_object", parts)
    },
    .scalar("mapFromArrays", nulls: .never, returns: { (call) throws(QueryError) in
      .map(try call.element(0), try call.element(1))
    }) { (call) throws(QueryError) in
      let rows = try call.elementRows(from: 0)
      guard let (key, value) = call.type.mapTypes, let first = rows.values.first, let last = rows.values.last else {
        return .cast(.string("{}"), .jsonb)
      }
      return rows.object(call.lowering.text(first, of: key), call.encode(last, value))
    },
  ]

  static let mapParts: [FunctionDefinition] = [
    .scalar("mapKeys", nulls: .never, returns: { (call) throws(QueryError) in .array(try map(call).key) }) {
      (call) throws(QueryError) in
      let entries = try call.entries(of: 0)
      return entries.array(call.toStorage(entries.key, call.type.element ?? .string))
    },
    .scalar("mapValues", nulls: .never, returns: { (call) throws(QueryError) in .array(try map(call).value) }) {
      (call) throws(QueryError) in
      let entries = try call.entries(of: 0)
      return entries.array(call.toStorage(entries.value, call.type.element ?? .null))
    },
    .scalar("mapContains", nulls: .never, returns: { (call) throws(QueryError) in
      _ = try map(call)
      return .flag
    }) { (call) throws(QueryError) in
      let found = try call.sql(0).op(.hasKey, call.text(1))
      return call.mayBeNull(1) ? .coalesce(found, .boolean(false)) : found
    },
    .scalar("mapExists", nulls: .never, lambda: entryTypes, returns: { (call) throws(QueryError) in
      _ = try map(call, 1)
      return .flag
    }) { (call) throws(QueryError) in
      let entries = try call.entries(of: 1)
      let condition = try call.lambda(0).condition([entries.key, entries.value])
      return .exists(.select(SQLSelect(.integer(1), from: entries.from, where: condition)))
    },
    .scalar("mapContainsKeyLike", nulls: .never, returns: { (call) throws(QueryError) in
      _ = try map(call)
      try call.requireString(1)
      return .flag
    }) { (call) throws(QueryError) in
      let entries = try call.entries(of: 0)
      let condition = entries.text.op(.like, try call.sql(1))
      return .exists(.select(SQLSelect(.integer(1), from: entries.from, where: condition)))
    },
  ]

  static let changedMaps: [FunctionDefinition] = [
    .scalar("mapFilter", nulls: .never, lambda: entryTypes, returns: { (call) throws(QueryError) in
      _ = try map(call, 1)
      return call.type(1)
    }) { (call) throws(QueryError) in
      let entries = try call.entries(of: 1)
      return entries.object(
        entries.text, entries.stored, where: try call.lambda(0).condition([entries.key, entries.value]))
    },
    .scalar("mapApply", nulls: .never, lambda: entryTypes, returns: { (call) throws(QueryError) in
      _ = try map(call, 1)
      guard let types = call.lambdaType(0)?.tupleElements, let key = types.first, let value = types.last,
        types.count == 2
      else {
        throw QueryError(
          "The lambda of mapApply must give a key and a value.", at: call.span(0),
          hint: "For instance (k, v) -> (k, v + 1).")
      }
      return .map(key, value)
    }) { (call) throws(QueryError) in
      let entries = try call.entries(of: 1)
      let body = try call.lambda(0)
      let pair = try body([entries.key, entries.value])
      return entries.object(pair.op(.arrowText, .integer(0)), pair.op(.arrow, .integer(1)))
    },
    .scalar("mapExtractKeyLike", nulls: .never, returns: { (call) throws(QueryError) in
      _ = try map(call)
      try call.requireString(1)
      return call.type(0)
    }) { (call) throws(QueryError) in
      let entries = try call.entries(of: 0)
      return entries.object(entries.text, entries.stored, where: entries.text.op(.like, try call.sql(1)))
    },
    .scalar("mapUpdate", nulls: .never, returns: { (call) throws(QueryError) in
      _ = (try map(call), try map(call, 1))
      return try call.widened()
    }) { (call) throws(QueryError) in try call.sql(0).op(.concat, call.sql(1)) },
    summed("mapAdd", "map_sum"), summed("mapSubtract", "map_difference"),
    .scalar("mapPopulateSeries", arity: 1...2, nulls: .never, returns: { (call) throws(QueryError) in
      guard try map(call).key.kind == .int else { throw call.wrongType(0, expected: "a map with integer keys") }
      try call.requireNumeric(1)
      return call.type(0)
    }) { (call) throws(QueryError) in
      .hogql("map_series", try call.sql(0), call.count > 1 ? try call.bigint(1) : .null(.bigint))
    },
  ]

  static func map(_ call: TypingCall, _ index: Int = 0) throws(QueryError) -> (key: HogQLType, value: HogQLType) {
    if let types = call.type(index).mapTypes { return types }
    throw call.wrongType(index, expected: "a map")
  }

  /// Lambdas over maps take a key and its value.
  private static let entryTypes: FunctionDefinition.LambdaRule = { call, count throws(QueryError) in
    let types = try map(call, 1)
    guard count == 2 else {
      throw QueryError("The lambda of \(call.name) needs a key and a value.", at: call.span, hint: "Write (k, v) -> ..")
    }
    return [types.key, types.value]
  }

  /// The values of equal keys added up, over any number of maps.
  private static func summed(_ name: String, _ runtime: String) -> FunctionDefinition {
    .scalar(name, nulls: .never, returns: { (call) throws(QueryError) in
      for index in call.arguments.indices {
        guard try map(call, index).value.isNumeric else { throw call.wrongType(index, expected: "a map of numbers") }
      }
      return try call.widened()
    }) { (call) throws(QueryError) in
      let maps = try call.all()
      return maps.dropFirst().reduce(maps.first ?? .null) { .hogql(runtime, $0, $1) }
    }
  }
}

/// The entries of a map as rows of a subquery.
struct MapEntries {
  let from: SQLFrom
  let text: SQLExpr
  let stored: SQLExpr
  let key: SQLExpr
  let value: SQLExpr
  let position: SQLExpr

  func array(_ item: SQLExpr) -> SQLExpr { .arrayOf(SQLSelect(item, from: from, orderBy: [SQLOrder(position)])) }

  func object(_ key: SQLExpr, _ value: SQLExpr, where condition: SQLExpr? = nil) -> SQLExpr {
    let object = SQLAggregate("jsonb_object_agg", [key, value]).expr
    return .coalesce(
      .subquery(.select(SQLSelect(object, from: from, where: condition))), .cast(.string("{}"), .jsonb))
  }
}

extension ElementRows {
  /// A map of one key and value for each row.
  func object(_ key: SQLExpr, _ value: SQLExpr) -> SQLExpr {
    let object = SQLAggregate("jsonb_object_agg", [key, value]).expr
    return .coalesce(.subquery(.select(SQLSelect(object, from: from))), .cast(.string("{}"), .jsonb))
  }
}

extension LoweringCall {
  func entries(of index: Int) throws(QueryError) -> MapEntries {
    let (key, value) = type(index).mapTypes ?? (.string, .null)
    let alias = alias("m")
    let (text, stored) = (SQLExpr.column(table: alias, name: "k"), SQLExpr.column(table: alias, name: "v"))
    let from = SQLFrom.function(
      schema: nil, name: "jsonb_each", [try sql(index)], withOrdinality: true, alias: alias, columns: ["k", "v", "n"],
      isLateral: false)
    return MapEntries(
      from: from, text: text, stored: stored, key: key.kind == .string ? text : text.cast(to: key.postgres),
      value: decode(stored, value), position: .column(table: alias, name: "n"))
  }
}
