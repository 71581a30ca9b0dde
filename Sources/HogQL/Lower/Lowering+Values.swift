/// Expressions by kind.
extension Lowering {
  /// The value in its type's Postgres form.
  func value(_ expr: TypedExpr) throws(QueryError) -> SQLExpr { try lower(expr, in: .value) }

  /// A condition: NULL counts as false.
  func condition(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    switch expr.kind {
    case .constant(let value): return .boolean(value.isTrue)
    default: break
    }
    guard expr.type.isBoolean || expr.type.isNullConstant else {
      throw QueryError(
        "A condition must be a boolean, not \(expr.type.clickHouseName).", at: expr.span,
        hint: "Compare it with something, for instance `x > 0`.")
    }
    return try lower(expr, in: .condition)
  }

  /// Constants with a cast to their type.
  func typed(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    let sql = try value(expr)
    return needsCast(sql) ? sql.cast(to: expr.type.postgres) : sql
  }

  func needsCast(_ sql: SQLExpr) -> Bool {
    switch sql {
    case .null, .string, .integer, .number: true
    case .array(let elements): elements.isEmpty
    case .unary(.negate, let inner): needsCast(inner)
    default: false
    }
  }

  func lower(_ expr: TypedExpr, in context: LoweringContext) throws(QueryError) -> SQLExpr {
    try spend(at: expr.span)
    for replacement in replacements where replacement.expr.isSame(as: expr) { return replacement.sql }
    switch expr.kind {
    case .constant(let value): return constant(value, type: expr.type)
    case .column(let column):
      places.note(column, at: expr.span)
      // NULL counts as false there, as the default does.
      let isPlain = column.isFilled && context == .condition && expr.type.isBoolean && column.fallbackAlias == nil
      return self.column(column, type: expr.type, isFilled: column.isFilled && !(isPlain && !isGiven(expr)))
    case .parameter(let id, let name):
      if let sql = bindings[id] { return sql }
      throw QueryError("The lambda parameter \(name) has no value here.", at: expr.span)
    case .call(let call): return try self.call(call, of: expr, in: context)
    case .lambda, .pendingLambda:
      throw QueryError(
        "A lambda can only be an argument of a function such as arrayMap.", at: expr.span)
    case .jsonPath(let base, let steps): return try jsonText(base, steps)
    case .subquery(let query): return .subquery(try isolated { () throws(QueryError) in try self.query(query) })
    case .membership(let value, let set, let negated):
      return try membership(value, in: set, negated: negated, context: context)
    case .arrayJoin(let array):
      for entry in unrolled where entry.array.isSame(as: array) { return entry.sql }
      return .call("unnest", try self.value(array))
    case .star: return .star
    }
  }

  /// Lowers a subquery, to which the replacements of this select mean nothing.
  func isolated<Result>(_ body: () throws(QueryError) -> Result) throws(QueryError) -> Result {
    let saved = (replacements, unrolled, groupsHaveRows, groupKeys, anchor, rowOrder, present)
    defer { (replacements, unrolled, groupsHaveRows, groupKeys, anchor, rowOrder, present) = saved }
    (replacements, unrolled, groupsHaveRows, groupKeys, anchor, rowOrder, present) = ([], [], false, [], nil, [], [])
    return try body()
  }

  private func column(_ column: ColumnReference, type: HogQLType, isFilled: Bool) -> SQLExpr {
    var sql = SQLExpr.column(table: column.alias, name: column.column)
    switch column.storage {
    case .own: break
    case .cast: sql = sql.cast(to: type.postgres)
    case .timestamp: sql = sql.local(in: "UTC")
    }
    if let alias = column.fallbackAlias {
      sql = .coalesce(sql, .column(table: alias, name: column.fallbackColumn ?? column.column))
    }
    if column.isStored { sql = fromStorage(sql, type) }
    return isFilled ? .coalesce(sql, defaultValue(type)) : sql
  }

  func constant(_ value: ConstantValue, type: HogQLType) -> SQLExpr {
    switch value {
    case .null: .null
    case .boolean(let value): .boolean(value)
    case .integer(let value): type.isBoolean ? .boolean(value != 0) : .integer(value)
    case .bigInteger(let digits): .number(digits)
    case .float(let value): float(value)
    case .string(let value): .string(value)
    case .array(let values):
      .cast(
        .array(values.map { element in
          let type = type.element ?? .string
          return type.isComposite ? encode(constant(element, type: type), type) : constant(element, type: type)
        }), type.postgres)
    case .tuple(let values):
      .call(
        "jsonb_build_array",
        zip(values, type.tupleElements ?? []).map { encode(constant($0, type: $1), $1) })
    }
  }

  /// A double precision constant; a plain number would be numeric to Postgres.
  private func float(_ value: Double) -> SQLExpr {
    if value.isNaN { return .cast(.string("NaN"), .double) }
    if value.isInfinite { return .cast(.string(value < 0 ? "-Infinity" : "Infinity"), .double) }
    return .cast(.string("\(value)"), .double)
  }

  /// The default that ClickHouse puts where a value of the type is missing.
  func defaultValue(_ type: HogQLType) -> SQLExpr {
    if type.isNullable { return .null(type.postgres) }
    switch type.kind {
    case .null: return .null
    case .bool, .flag: return .boolean(false)
    case .int, .decimal: return .integer(0)
    case .float: return .cast(.integer(0), .double)
    case .string: return .string("")
    case .json: return .null(.jsonb)
    case .uuid: return .cast(.string("00000000-0000-0000-0000-000000000000"), .uuid)
    case .date: return .cast(.string("1970-01-01"), .date)
    case .dateTime: return .cast(.string("1970-01-01 00:00:00+00"), .timestamptz)
    case .interval: return .cast(.string("0"), .interval)
    case .array(let element): return .emptyArray(of: element.arrayStorage)
    case .tuple(let elements):
      return .call("jsonb_build_array", elements.map { encode(defaultValue($0), $0) })
    case .map: return .cast(.string("{}"), .jsonb)
    case .state(_, let type): return defaultValue(type)
    }
  }
}

extension ConstantValue {
  /// Whether the constant counts as true where a condition is asked for.
  var isTrue: Bool {
    switch self {
    case .boolean(let value): value
    case .integer(let value): value != 0
    default: false
    }
  }
}
