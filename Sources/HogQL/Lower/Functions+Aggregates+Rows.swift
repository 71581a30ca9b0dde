/// What the rules of aggregates share: rows without NULL, and their values as arrays.
extension AggregateCall {
  var lowering: Lowering { call.lowering }

  /// Whether no condition narrows the rows.
  var isUnfiltered: Bool { filters.isEmpty }

  /// The condition that none of the arguments is NULL; nil where none can be.
  func present(_ indexes: Int...) throws(QueryError) -> SQLExpr? { try present(indexes) }

  func present(_ indexes: [Int]) throws(QueryError) -> SQLExpr? {
    var conditions: [SQLExpr] = []
    for index in indexes where mayBeNull(index) { conditions.append(try sql(index).isNotNull) }
    return conditions.isEmpty ? nil : .all(conditions)
  }

  /// The number of rows where none of the arguments is NULL.
  func presentRows(_ indexes: Int...) throws(QueryError) -> SQLExpr { try presentRows(indexes) }

  func presentRows(_ indexes: [Int]) throws(QueryError) -> SQLExpr {
    var count = SQLAggregate("count", [.star])
    count.filter = try present(indexes)
    return buildPlain(count)
  }

  /// The aggregate over the call's rows, without the call's DISTINCT and ORDER BY.
  func buildPlain(_ aggregate: SQLAggregate) -> SQLExpr {
    var aggregate = aggregate
    let conditions = filters + [aggregate.filter].compactMap { $0 }
    aggregate.filter = conditions.isEmpty ? nil : .all(conditions)
    aggregate.over = window
    return aggregate.expr
  }

  /// `value`, or NULL when the result is Nullable and every row has a NULL argument.
  func unlessEmpty(_ value: SQLExpr, isNullable: Bool) throws(QueryError) -> SQLExpr {
    guard isNullable else { return value }
    return .when(try presentRows(Array(0..<count)).op(.greater, .integer(0)), then: value)
  }

  /// `array_agg` of an argument, as arrays store it, without NULLs; NULL over no rows.
  func collected(_ index: Int, orderBy: [SQLOrder] = [], isDistinct: Bool = false) throws(QueryError) -> SQLExpr {
    try collected(index, where: present(index), orderBy: orderBy, isDistinct: isDistinct)
  }

  func collected(_ index: Int, where condition: SQLExpr?, orderBy: [SQLOrder] = [], isDistinct: Bool = false)
    throws(QueryError) -> SQLExpr
  {
    let value = call.toStorage(try sql(index), type(index).notNull)
    // Sorting by bytes is the cheapest order, and the one that DISTINCT shares with the text's own ORDER BY.
    let isSorted = isDistinct || self.isDistinct
    return collected(
      isSorted && type(index).kind == .string ? call.byteOrder(value, .string) : value, where: condition,
      orderBy: orderBy, isDistinct: isDistinct)
  }

  func collected(_ value: SQLExpr, where condition: SQLExpr?, orderBy: [SQLOrder] = [], isDistinct: Bool = false)
    -> SQLExpr
  {
    var values = SQLAggregate("array_agg", [value])
    values.filter = condition
    values.orderBy = orderBy
    values.isDistinct = isDistinct
    return build(values).expr
  }

  /// A collected element of the first argument in its type's own form.
  func element(_ sql: SQLExpr) -> SQLExpr { call.fromStorage(sql, type(0).notNull) }

  /// A number in the form that its type as a number has: booleans as bigint.
  func plainNumber(_ index: Int) throws(QueryError) -> SQLExpr {
    type(index).isBoolean ? try number(index).cast(to: .bigint) : try sql(index)
  }

  /// Postgres has neither ORDER BY nor DISTINCT inside a window's aggregate.
  func refuseWindow() throws(QueryError) {
    guard window != nil else { return }
    throw QueryError("\(name) cannot be a window function.", at: span, hint: "Aggregate in a subquery and join it.")
  }

  /// A constant number among the parameters; `fallback` when there is none at that place.
  func level(_ index: Int, otherwise fallback: Double) throws(QueryError) -> Double {
    guard parameters.indices.contains(index) else { return fallback }
    let level: Double? =
      switch parameters[index].constant {
      case .integer(let value)?: Double(value)
      case .float(let value)?: value
      default: nil
      }
    guard let level, level >= 0, level <= 1 else {
      throw QueryError(
        "The level of \(name) must be a constant between 0 and 1.", at: parameters[index].span,
        hint: "For instance quantile(0.9)(x).")
    }
    return level
  }

  /// A positive constant integer among the parameters; nil when there is none at that place.
  func size(_ index: Int) throws(QueryError) -> Int64? {
    guard parameters.indices.contains(index) else { return nil }
    let value = try call.parameterInteger(index)
    guard value > 0 else {
      throw QueryError(
        "Parameter \(index + 1) of \(name) must be a positive integer, not \(value).", at: parameters[index].span)
    }
    return value
  }
}

extension SQLExpr {
  static let notANumber = SQLExpr.cast(.string("NaN"), .double)

  /// The parts of a ROW, or the expression itself.
  var rowParts: [SQLExpr] {
    if case .row(let parts) = self { parts.flatMap(\.rowParts) } else { [self] }
  }

  /// The value as a number of another Postgres type.
  func converted(to type: SQLTypeName) -> SQLExpr { type == .numeric ? cast(to: type) : self }
}
