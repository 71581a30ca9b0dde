/// Arrays as rows of a subquery, walked in parallel.
struct ElementRows {
  let from: SQLFrom
  /// The elements in the form in which their arrays store them.
  let stored: [SQLExpr]
  /// The elements in their types' forms.
  let values: [SQLExpr]
  /// The 1-based position.
  let position: SQLExpr

  /// `ARRAY(SELECT item .. ORDER BY position)`
  func array(_ item: SQLExpr, where condition: SQLExpr? = nil, orderBy: [SQLOrder]? = nil) -> SQLExpr {
    .arrayOf(SQLSelect(item, from: from, where: condition, orderBy: orderBy ?? [SQLOrder(position)]))
  }

  /// `(SELECT item ..)`
  func scalar(_ item: SQLExpr, where condition: SQLExpr? = nil, orderBy: [SQLOrder] = [], first: Bool = false)
    -> SQLExpr
  {
    var select = SQLSelect(item, from: from, where: condition, orderBy: orderBy)
    if first { select.limit = .integer(1) }
    return .subquery(.select(select))
  }
}

extension LoweringCall {
  /// Elements are rows of a subquery of their own, and there a window would be another one.
  func refuseWindows() throws(QueryError) {
    for argument in arguments where argument.facts.contains(.window) {
      throw QueryError(
        "A window function cannot stand inside \(name).", at: argument.span, hint: "Compute it in a subquery.")
    }
  }

  /// The arrays from argument `start` on as rows, those from `end` on left out.
  func elementRows(from start: Int, to end: Int = .max) throws(QueryError) -> ElementRows {
    try refuseWindows()
    let alias = alias("e")
    var (arrays, columns): ([SQLExpr], [String]) = ([], [])
    var (stored, values): ([SQLExpr], [SQLExpr]) = ([], [])
    for index in arguments.indices where index >= start && index < end {
      let name = arrays.isEmpty ? "v" : "v\(arrays.count + 1)"
      let column = SQLExpr.column(table: alias, name: name)
      arrays.append(try sql(index))
      columns.append(name)
      stored.append(column)
      values.append(fromStorage(column, type(index).element ?? .null))
    }
    return ElementRows(
      from: .unnest(arrays, as: alias, columns: columns + ["n"]), stored: stored, values: values,
      position: .column(table: alias, name: "n"))
  }

  /// The rows of the arrays and, for each, the lambda's value; without a lambda the first array's element.
  func mappedRows() throws(QueryError) -> (rows: ElementRows, value: SQLExpr, type: HogQLType) {
    guard isLambda(0) else {
      let rows = try elementRows(from: 0)
      return (rows, rows.values.first ?? .null, type(0).element ?? .null)
    }
    let body = try lambda(0)
    let rows = try elementRows(from: 1)
    return (rows, try body(Array(rows.values.prefix(body.parameters.count))), body.type)
  }

  /// The rows of the arrays and, for each, whether the lambda holds; without a lambda whether the element is true.
  func testedRows() throws(QueryError) -> (rows: ElementRows, condition: SQLExpr) {
    if isLambda(0) {
      let body = try lambda(0)
      if body.type.isBoolean || body.type.isNullConstant {
        let rows = try elementRows(from: 1)
        return (rows, try body.condition(Array(rows.values.prefix(body.parameters.count))))
      }
    }
    let (rows, value, type) = try mappedRows()
    return (rows, type.isBoolean ? value : value.op(.notEqual, .integer(0)))
  }
}

extension FunctionTable {
  /// The type that `mappedRows` gives.
  static func mappedType(_ call: TypingCall) throws(QueryError) -> HogQLType {
    if let type = call.lambdaType(0) { return type }
    return call.isLambda(0) ? .null : try call.element(0)
  }

  /// The element type of the first array after the lambda, when there is one.
  static func firstElement(_ call: TypingCall) throws(QueryError) -> HogQLType {
    try call.element(call.isLambda(0) ? 1 : 0)
  }

  /// Refuses a lambda that gives no condition.
  static func requireTest(_ call: TypingCall) throws(QueryError) {
    let type = try mappedType(call)
    guard type.isNumeric || type.isNullConstant else {
      throw QueryError(
        "The lambda of \(call.name) must give a condition, not \(type.clickHouseName).", at: call.span(0),
        hint: "For instance x -> x > 1.")
    }
  }
}
