/// Aggregates over something else than the rows' own values: the rows' arguments are collected as `jsonb` arrays, and
/// the base aggregate runs over what is taken out of them in a subquery. With several suffixes, the outer ones' base is
/// such an aggregate again.
struct CollectedRows {
  let aggregate: AggregateCall
  let call: ResolvedCall
  let expr: TypedExpr
  let lowering: Lowering

  typealias Base = (AggregateCall) throws(QueryError) -> SQLExpr

  func sql(_ combinator: Combinator, _ base: Base) throws(QueryError) -> SQLExpr {
    switch combinator {
    case .state: return try collected([])
    case .merge: return try merged(base)
    case .array: return try overElements(base)
    case .forEach: return try forEach(base)
    case .map: return try perKey(base)
    case .argMin: return try extreme(isLatest: false, base)
    case .argMax: return try extreme(isLatest: true, base)
    case .if, .orNull, .orDefault, .distinct:
      throw QueryError("\(call.name) is not supported: its suffixes stand in an unknown order.", at: expr.span)
    }
  }

  /// `array_agg(jsonb_build_array(arguments ..))`, never NULL.
  private func collected(_ extra: [SQLExpr]) throws(QueryError) -> SQLExpr {
    var parts: [SQLExpr] = []
    for index in 0..<aggregate.count { parts.append(lowering.encode(try aggregate.sql(index), aggregate.type(index))) }
    return .coalesce(
      aggregate.aggregate("array_agg", .call("jsonb_build_array", parts + extra)), .emptyArray(of: .jsonb))
  }

  /// The same for a FROM. To Postgres an aggregate belongs to the select whose columns it names, so one over constants
  /// has to name something.
  private func rows() throws(QueryError) -> SQLExpr {
    let isInner = aggregate.replaced != nil
    if isInner || call.children.contains(where: { !$0.facts.isDisjoint(with: [.column, .arrayJoin]) }) {
      return try collected([])
    }
    if let anchor = lowering.anchor { return try collected([anchor.isNull]) }
    return .subquery(.select(SQLSelect(try collected([]))))
  }

  private func column(_ alias: String, _ name: String) -> SQLExpr { .column(table: alias, name: name) }

  /// The base aggregate over given values, with the given types.
  private func inner(_ values: [SQLExpr], _ types: [HogQLType], result: HogQLType, _ base: Base)
    throws(QueryError) -> SQLExpr
  {
    let arguments = types.map { TypedExpr(.star, type: $0, at: expr.span) }
    let inner = LoweringCall(
      name: call.name, span: expr.span, type: result, mayBeNull: result.isNullable, parameters: call.parameters,
      arguments: arguments, context: .value, lowering: lowering)
    return try base(
      AggregateCall(
        call: inner, replaced: values, isDistinct: false, orderBy: [], filters: [], window: nil, hasRows: false))
  }

  private func decoded(_ row: SQLExpr, _ types: [HogQLType]) -> [SQLExpr] {
    types.enumerated().map { lowering.decode(row, at: .integer(Int64($0.offset)), $0.element) }
  }

  private func scalar(_ value: SQLExpr, from: SQLFrom) -> SQLExpr { .subquery(.select(SQLSelect(value, from: from))) }

  private func merged(_ base: Base) throws(QueryError) -> SQLExpr {
    guard case .state(_, let type) = aggregate.type(0).kind, let types = type.element?.tupleElements else {
      throw QueryError("\(call.name) needs a state.", at: expr.span, hint: "Make it with the function's -State form.")
    }
    let alias = lowering.freshAlias("r")
    let states = aggregate.hogql("concat_agg", try aggregate.sql(0))
    let value = try inner(decoded(column(alias, "v"), types), types, result: aggregate.type, base)
    return scalar(value, from: .unnest([states], as: alias, columns: ["v"]))
  }

  private func elementTypes() throws(QueryError) -> [HogQLType] {
    var types: [HogQLType] = []
    for index in 0..<aggregate.count {
      guard let element = aggregate.type(index).element else {
        throw QueryError("Argument \(index + 1) of \(call.name) must be an array.", at: expr.span)
      }
      types.append(element)
    }
    return types
  }

  /// Rows joined with the elements of their first array; the others are walked in parallel.
  private func elements() throws(QueryError) -> (from: SQLFrom, values: [SQLExpr], types: [HogQLType], position: SQLExpr) {
    let types = try elementTypes()
    let (row, item) = (lowering.freshAlias("r"), lowering.freshAlias("e"))
    let each = SQLFrom.function(
      schema: nil, name: "jsonb_array_elements", [column(row, "v").op(.arrow, .integer(0))], withOrdinality: true,
      alias: item, columns: ["v", "n"], isLateral: true)
    let position = column(item, "n")
    let index = position.op(.subtract, .integer(1)).cast(to: .integer)
    let values = types.enumerated().map { offset, type in
      let json = offset == 0
        ? column(item, "v") : column(row, "v").op(.arrow, .integer(Int64(offset))).op(.arrow, index)
      return lowering.decode(json, type)
    }
    return (
      .join(.unnest([try rows()], as: row, columns: ["v"]), .cross, each, on: nil), values, types, position
    )
  }

  private func overElements(_ base: Base) throws(QueryError) -> SQLExpr {
    let (from, values, types, _) = try elements()
    return scalar(try inner(values, types, result: aggregate.type, base), from: from)
  }

  private func forEach(_ base: Base) throws(QueryError) -> SQLExpr {
    let (from, values, types, position) = try elements()
    let element = aggregate.type.element ?? .null
    var select = SQLSelect(
      lowering.toStorage(try inner(values, types, result: element, base), element), from: from,
      orderBy: [SQLOrder(position)])
    select.groupBy = .keys([position])
    return .arrayOf(select)
  }

  private func perKey(_ base: Base) throws(QueryError) -> SQLExpr {
    if let element = aggregate.type(0).element { return try perPair(element, base) }
    guard let (_, valueType) = aggregate.type(0).mapTypes, let (_, resultType) = aggregate.type.mapTypes else {
      throw QueryError("Argument 1 of \(call.name) must be a map.", at: expr.span)
    }
    let (row, entry, group) = (lowering.freshAlias("r"), lowering.freshAlias("e"), lowering.freshAlias("g"))
    let each = SQLFrom.function(
      schema: nil, name: "jsonb_each", [column(row, "v").op(.arrow, .integer(0))], withOrdinality: false, alias: entry,
      columns: ["k", "v"], isLateral: true)
    let value = try inner(
      [lowering.decode(column(entry, "v"), valueType)], [valueType], result: resultType, base)
    var grouped = SQLSelect(
      [SQLItem(column(entry, "k"), name: "k"), SQLItem(lowering.encode(value, resultType), name: "v")],
      from: .join(.unnest([try rows()], as: row, columns: ["v"]), .cross, each, on: nil))
    grouped.groupBy = .keys([column(entry, "k")])
    let object = SQLAggregate("jsonb_object_agg", [column(group, "k"), column(group, "v")]).expr
    return .coalesce(
      scalar(object, from: .query(.select(grouped), alias: group, columns: [], isLateral: false)),
      .cast(.string("{}"), .jsonb))
  }

  /// `sumMap(keys, values)`: two arrays, walked in parallel. A sum of zero is left out.
  private func perPair(_ key: HogQLType, _ base: Base) throws(QueryError) -> SQLExpr {
    guard let value = aggregate.type(1).element, let result = aggregate.type.tupleElements?.last?.element else {
      throw QueryError("\(call.name) needs an array of keys and one of values.", at: expr.span)
    }
    let (row, item, group) = (lowering.freshAlias("r"), lowering.freshAlias("e"), lowering.freshAlias("g"))
    let each = SQLFrom.function(
      schema: nil, name: "jsonb_array_elements", [column(row, "v").op(.arrow, .integer(0))], withOrdinality: true,
      alias: item, columns: ["k", "n"], isLateral: true)
    let index = column(item, "n").op(.subtract, .integer(1)).cast(to: .integer)
    let number = lowering.decode(column(row, "v").op(.arrow, .integer(1)).op(.arrow, index), value)
    var grouped = SQLSelect(
      [
        SQLItem(column(item, "k"), name: "k"),
        SQLItem(lowering.encode(try inner([number], [value.notNull], result: result, base), result), name: "v"),
      ],
      from: .join(.unnest([try rows()], as: row, columns: ["v"]), .cross, each, on: nil),
      where: value.isNullable ? number.isNotNull : nil)
    grouped.groupBy = .keys([column(item, "k")])
    let order = [SQLOrder(lowering.sortKey(lowering.decode(column(group, "k"), key), of: key))]
    func list(_ name: String) -> SQLExpr {
      var list = SQLAggregate("jsonb_agg", [column(group, name)])
      list.orderBy = order
      return .coalesce(list.expr, .cast(.string("[]"), .jsonb))
    }
    return .subquery(
      .select(
        SQLSelect(
          .call("jsonb_build_array", list("k"), list("v")),
          from: .query(.select(grouped), alias: group, columns: [], isLateral: false),
          where: call.definition.names.contains("sum") ? column(group, "v").op(.notEqual, .cast(.string("0"), .jsonb)) : nil)))
  }

  /// Only the rows whose last argument is the greatest or least.
  private func extreme(isLatest: Bool, _ base: Base) throws(QueryError) -> SQLExpr {
    let types = (0..<aggregate.count).map { aggregate.type($0) }
    guard let keyType = types.last else { throw QueryError("\(call.name) needs a key.", at: expr.span) }
    let (row, ranked) = (lowering.freshAlias("r"), lowering.freshAlias("g"))
    let key = lowering.sortKey(
      lowering.decode(column(row, "v"), at: .integer(Int64(types.count - 1)), keyType), of: keyType)
    var rank = SQLAggregate("rank", [])
    rank.over = SQLWindow(orderBy: [SQLOrder(key, isDescending: isLatest, nullsFirst: false)])
    let inside = SQLSelect(
      [SQLItem(column(row, "v"), name: "v"), SQLItem(rank.expr, name: "n")],
      from: .unnest([try rows()], as: row, columns: ["v"]))
    let value = try inner(
      decoded(column(ranked, "v"), Array(types.dropLast())), Array(types.dropLast()), result: aggregate.type, base)
    return .subquery(
      .select(
        SQLSelect(
          value, from: .query(.select(inside), alias: ranked, columns: [], isLateral: false),
          where: column(ranked, "n").equals(.integer(1)))))
  }
}
