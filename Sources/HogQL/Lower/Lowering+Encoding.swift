/// Values inside arrays of composites, tuples and maps: `jsonb`.
extension Lowering {
  /// A value of the type as `jsonb`; NULL becomes JSON's null.
  func encode(_ sql: SQLExpr, _ type: HogQLType) -> SQLExpr {
    let encoded: SQLExpr
    switch type.kind {
    case .null: return .cast(.string("null"), .jsonb)
    case .json, .tuple, .map: encoded = sql
    case .flag: encoded = .call("to_jsonb", sql.cast(to: .integer))
    case .float: encoded = .hogql("float_json", sql)
    case .array(let element) where element.isFloat: encoded = .hogql("float_array_json", sql)
    case .array(let element) where element.kind == .flag:
      encoded = .call("to_jsonb", sql.cast(to: SQLTypeName.integer.array))
    default: encoded = .call("to_jsonb", needsCast(sql) ? sql.cast(to: type.postgres) : sql)
    }
    return type.isNullable ? .coalesce(encoded, .cast(.string("null"), .jsonb)) : encoded
  }

  /// The value that `encode` made, from `jsonb`; JSON's null becomes NULL.
  func decode(_ json: SQLExpr, _ type: HogQLType) -> SQLExpr {
    switch type.kind {
    case .json, .tuple, .map: return json
    case .array(let element): return decodeArray(json, element)
    default: return decodeText(.op(.cast(.string("{}"), .text.array), on: json), type)
    }
  }

  /// The scalar whose `encode` is at `key` (a key or a 0-based index) of an object or array.
  func decode(_ json: SQLExpr, at key: SQLExpr, _ type: HogQLType) -> SQLExpr {
    switch type.kind {
    case .json, .tuple, .map, .array: decode(json.op(.arrow, key), type)
    default: decodeText(json.op(.arrowText, key), type)
    }
  }

  private func decodeText(_ text: SQLExpr, _ type: HogQLType) -> SQLExpr {
    switch type.kind {
    case .string, .null: text
    case .flag: text.cast(to: .integer).cast(to: .boolean)
    case .state(_, let inner): decode(text.cast(to: .jsonb), inner)
    default: text.cast(to: type.postgres)
    }
  }

  private func decodeArray(_ json: SQLExpr, _ element: HogQLType) -> SQLExpr {
    let alias = freshAlias("e")
    let column = SQLExpr.column(table: alias, name: "v")
    let function = element.isComposite ? "jsonb_array_elements" : "jsonb_array_elements_text"
    let value = element.isComposite ? column : decodeText(column, element)
    let from = SQLFrom.function(
      schema: nil, name: function, [json], withOrdinality: true, alias: alias, columns: ["v", "n"], isLateral: false)
    return .arrayOf(SQLSelect(value, from: from, orderBy: [SQLOrder(.column(table: alias, name: "n"))]))
  }

  /// An element of an array (whose storage may be `jsonb`) in its type's own form.
  func fromStorage(_ sql: SQLExpr, _ element: HogQLType) -> SQLExpr {
    element.isComposite ? decode(sql, element) : sql
  }

  /// A value in the form in which an array stores it.
  func toStorage(_ sql: SQLExpr, _ element: HogQLType) -> SQLExpr {
    if element.isComposite { return encode(sql, element) }
    return needsCast(sql) ? sql.cast(to: element.postgres) : sql
  }
}

extension SQLExpr {
  fileprivate static func op(_ path: SQLExpr, on json: SQLExpr) -> SQLExpr { .binary(json, .pathText, path) }
}

extension LoweringCall {
  /// A value of the type as `jsonb`, as tuples, maps and arrays of composites hold it.
  public func encode(_ sql: SQLExpr, _ type: HogQLType) -> SQLExpr { lowering.encode(sql, type) }

  /// The other way round.
  public func decode(_ json: SQLExpr, _ type: HogQLType) -> SQLExpr { lowering.decode(json, type) }

  /// The encoded value at a key or 0-based index of a tuple or map.
  public func decode(_ json: SQLExpr, at key: SQLExpr, _ type: HogQLType) -> SQLExpr {
    lowering.decode(json, at: key, type)
  }

  /// An element as its array stores it → in its type's form.
  public func fromStorage(_ sql: SQLExpr, _ element: HogQLType) -> SQLExpr { lowering.fromStorage(sql, element) }
  /// A value in its type's form → as an array stores it.
  public func toStorage(_ sql: SQLExpr, _ element: HogQLType) -> SQLExpr { lowering.toStorage(sql, element) }

  /// What ClickHouse puts where a value of the type is missing.
  public func defaultValue(_ type: HogQLType) -> SQLExpr { lowering.defaultValue(type) }

  /// Text for `<`, ORDER BY, min: by bytes, where the database does not anyway. Other types unchanged.
  public func byteOrder(_ sql: SQLExpr, _ type: HogQLType) -> SQLExpr { lowering.sortKey(sql, of: type) }

  /// `ARRAY(SELECT body FROM unnest(array) WITH ORDINALITY ORDER BY position)`. `body` gets the element in its type's
  /// form and its 1-based position, and gives the new element in storage form (``toStorage(_:_:)``).
  public func mapArray(
    _ array: SQLExpr, of element: HogQLType, where condition: ((SQLExpr, SQLExpr) throws(QueryError) -> SQLExpr)? = nil,
    _ body: (SQLExpr, SQLExpr) throws(QueryError) -> SQLExpr
  ) throws(QueryError) -> SQLExpr {
    try refuseWindows()
    let alias = alias("e")
    let value = fromStorage(.column(table: alias, name: "v"), element)
    let position = SQLExpr.column(table: alias, name: "n")
    return .arrayOf(
      SQLSelect(
        try body(value, position), from: .unnest([array], as: alias, columns: ["v", "n"]),
        where: try condition?(value, position), orderBy: [SQLOrder(position)]))
  }
}
