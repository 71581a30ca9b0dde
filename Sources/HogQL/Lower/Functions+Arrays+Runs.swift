// Array functions that look at neighbours: filling gaps, splitting, numbering repeats.

extension FunctionTable {
  static let arrayRuns: [FunctionDefinition] = [
    filledRuns("arrayFill", isReverse: false), filledRuns("arrayReverseFill", isReverse: true),
    split("arraySplit", isReverse: false), split("arrayReverseSplit", isReverse: true),
    .scalar("arrayEnumerateUniq", nulls: .never, returns: { (call) throws(QueryError) in try numbered(call) }) {
      (call) throws(QueryError) in
      let rows = try call.elementRows(from: 0)
      var number = SQLAggregate("row_number", [])
      number.over = SQLWindow(partitionBy: rows.stored, orderBy: [SQLOrder(rows.position)])
      return rows.array(number.expr)
    },
    .scalar("arrayEnumerateDense", nulls: .never, returns: { (call) throws(QueryError) in try numbered(call) }) {
      (call) throws(QueryError) in
      .hogql("array_dense_numbers", try call.sql(0))
    },
  ]

  private static func numbered(_ call: TypingCall) throws(QueryError) -> HogQLType {
    for index in call.arguments.indices { _ = try call.element(index) }
    return .array(.int)
  }

  /// An element for which the lambda fails becomes the one before it, or after it.
  private static func filledRuns(_ name: String, isReverse: Bool) -> FunctionDefinition {
    .scalar(name, nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try requireTest(call)
      return .array(try firstElement(call))
    }) { (call) throws(QueryError) in
      let runs = try call.runs(isReverse: isReverse, includesOwn: true)
      var first = SQLAggregate("first_value", [runs.value])
      first.over = SQLWindow(partitionBy: [runs.group], orderBy: [SQLOrder(runs.position, isDescending: isReverse)])
      return .arrayOf(SQLSelect(first.expr, from: runs.from, orderBy: [SQLOrder(runs.position)]))
    }
  }

  /// A new array begins at each element for which the lambda holds, or ends there.
  private static func split(_ name: String, isReverse: Bool) -> FunctionDefinition {
    .scalar(name, nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      try requireTest(call)
      return .array(.array(try firstElement(call)))
    }) { (call) throws(QueryError) in
      let runs = try call.runs(isReverse: false, includesOwn: !isReverse)
      let element = call.type.element?.element ?? .null
      var items = SQLAggregate("jsonb_agg", [call.encode(call.fromStorage(runs.value, element), element)])
      items.orderBy = [SQLOrder(runs.position)]
      var select = SQLSelect(items.expr, from: runs.from, orderBy: [SQLOrder(runs.group)])
      select.groupBy = .keys([runs.group])
      return .arrayOf(select)
    }
  }
}

/// Elements with the number of the run to which they belong.
private struct ElementRuns {
  let from: SQLFrom
  let value: SQLExpr
  let position: SQLExpr
  let group: SQLExpr
}

extension LoweringCall {
  /// A run begins at an element for which the lambda holds; without `includesOwn` at the one after it.
  fileprivate func runs(isReverse: Bool, includesOwn: Bool) throws(QueryError) -> ElementRuns {
    let (rows, condition) = try testedRows()
    var count = SQLAggregate("count", [.when(condition, then: .integer(1))])
    count.over = SQLWindow(
      orderBy: [SQLOrder(rows.position, isDescending: isReverse)],
      frame: SQLFrame(
        isRange: false, start: .unboundedPreceding, end: includesOwn ? .currentRow : .preceding(.integer(1))))
    let inner = SQLSelect(
      [SQLItem(rows.stored.first ?? .null), SQLItem(rows.position), SQLItem(count.expr)], from: rows.from)
    let alias = alias("r")
    return ElementRuns(
      from: .query(.select(inner), alias: alias, columns: ["v", "n", "g"], isLateral: false),
      value: .column(table: alias, name: "v"), position: .column(table: alias, name: "n"),
      group: .column(table: alias, name: "g"))
  }
}
