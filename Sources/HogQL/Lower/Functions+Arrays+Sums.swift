// Sums and other aggregates over the elements of an array, with an optional lambda.

extension FunctionTable {
  static let arraySums: [FunctionDefinition] = [
    .scalar("arraySum", arity: 1...Int.max, nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      try summed(call)
    }) { (call) throws(QueryError) in try call.aggregated("sum") },
    .scalar("arrayAvg", arity: 1...Int.max, nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      _ = try summed(call)
      return .float
    }) { (call) throws(QueryError) in try call.aggregated("avg") },
    .scalar("arrayMin", arity: 1...Int.max, nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      try mappedType(call).notNull
    }) { (call) throws(QueryError) in try call.aggregated("min") },
    .scalar("arrayMax", arity: 1...Int.max, nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      try mappedType(call).notNull
    }) { (call) throws(QueryError) in try call.aggregated("max") },
    .scalar("arrayProduct", arity: 1...Int.max, nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      _ = try summed(call)
      return .float
    }) { (call) throws(QueryError) in try call.aggregated("product") },
    .scalar("arrayReduce", nulls: .own, returns: { (call) throws(QueryError) in
      let element = try call.element(1)
      switch call.constant(0)?.string {
      case "sum"?: return element.isNumeric ? (element.isNumber ? element.notNull : .int) : .float
      case "avg"?, "median"?: return .float
      case "count"?, "uniq"?, "uniqExact"?: return .int
      case "min"?, "max"?, "any"?, "anyLast"?: return element
      case "groupArray"?, "groupUniqArray"?: return .array(element.notNull)
      default:
        throw QueryError(
          "arrayReduce cannot use this aggregate.", at: call.span(0),
          hint: "Use 'sum', 'count', 'min', 'max', 'avg', 'median', 'uniq', 'any', 'anyLast' or 'groupArray'.")
      }
    }) { (call) throws(QueryError) in try call.reduced() },
    .scalar("arrayCumSum", nulls: .never, lambda: FunctionDefinition.elements, returns: { (call) throws(QueryError) in
      .array(try summed(call))
    }) {
      (call) throws(QueryError) in
      let (rows, value, type) = try call.mappedRows()
      var sum = SQLAggregate("sum", [call.lowering.number(value, of: type)])
      sum.over = SQLWindow(orderBy: [SQLOrder(rows.position)])
      return rows.array(sum.expr.cast(to: call.elementStorage))
    },
    .scalar("arrayCumSumNonNegative", nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      .array(try summed(call))
    }) { (call) throws(QueryError) in
      let (rows, value, type) = try call.mappedRows()
      let numbers = rows.array(call.lowering.number(value, of: type).cast(to: .numeric))
      return SQLExpr.hogql("sums_not_below_zero", numbers).cast(to: call.type.postgres)
    },
    .scalar("arrayDifference", arity: 1...Int.max, nulls: .never, lambda: FunctionDefinition.elements, returns: {
      (call) throws(QueryError) in
      .array(try summed(call))
    }) { (call) throws(QueryError) in
      let (rows, value, type) = try call.mappedRows()
      let number = call.lowering.number(value, of: type).cast(to: call.elementStorage)
      var before = SQLAggregate("lag", [number, .integer(1), number])
      before.over = SQLWindow(orderBy: [SQLOrder(rows.position)])
      return rows.array(number.op(.subtract, before.expr))
    },
    .scalar("arrayUniq", nulls: .never, returns: { (call) throws(QueryError) in
      for index in call.arguments.indices { _ = try call.element(index) }
      return .int
    }) { (call) throws(QueryError) in
      let rows = try call.elementRows(from: 0)
      var distinct = SQLSelect(rows.stored.map { SQLItem($0) }, from: rows.from)
      distinct.isDistinct = true
      let source = SQLFrom.query(.select(distinct), alias: call.alias("d"), columns: [], isLateral: false)
      return .subquery(.select(SQLSelect(SQLAggregate("count", [.star]).expr, from: source)))
    },
    .scalar("arrayAUC", nulls: .never, returns: { (call) throws(QueryError) in
      _ = (try call.element(0), try call.element(1))
      return .float
    }) { (call) throws(QueryError) in
      .hogql("array_auc", try call.sql(0, as: .array(.float)), try call.sql(1, as: .array(.float)))
    },
  ]

  /// The type of a sum: integers and booleans give integers.
  private static func summed(_ call: TypingCall) throws(QueryError) -> HogQLType {
    let type = try mappedType(call)
    guard type.isNumeric || type.isNullConstant else {
      throw QueryError("\(call.name) needs numbers, not \(type.clickHouseName).", at: call.span(0))
    }
    return type.isNumber ? type.notNull : .int
  }
}

extension LoweringCall {
  fileprivate var elementStorage: SQLTypeName { (type.element ?? .null).postgres }

  /// The aggregate over all elements; 0 or the type's default over none.
  fileprivate func aggregated(_ name: String) throws(QueryError) -> SQLExpr {
    let (rows, value, type) = try mappedRows()
    return .coalesce(aggregate(name, value, type, over: rows), defaultValue(self.type))
  }

  private func aggregate(_ name: String, _ value: SQLExpr, _ element: HogQLType, over rows: ElementRows) -> SQLExpr {
    switch name {
    case "sum":
      return rows.scalar(SQLAggregate("sum", [lowering.number(value, of: element)]).expr.cast(to: type.postgres))
    case "avg": return rows.scalar(SQLAggregate("avg", [float(value, element)]).expr)
    case "product": return rows.scalar(SQLAggregate(schema: "hogql", "product", [float(value, element)]).expr)
    default:
      let order = SQLOrder(byteOrder(value, element), isDescending: name == "max", nullsFirst: false)
      return rows.scalar(value, orderBy: [order], first: true)
    }
  }

  private func float(_ value: SQLExpr, _ element: HogQLType) -> SQLExpr {
    lowering.number(value, of: element).cast(to: .double)
  }

  fileprivate func reduced() throws(QueryError) -> SQLExpr {
    let rows = try elementRows(from: 1)
    let (value, element) = (rows.values.first ?? .null, type(1).element ?? .null)
    switch try constantString(0) {
    case "count": return rows.scalar(SQLAggregate("count", [value]).expr)
    case "uniq", "uniqExact":
      var count = SQLAggregate("count", [rows.stored.first ?? .null])
      count.isDistinct = true
      return rows.scalar(count.expr)
    case "avg": return .coalesce(aggregate("avg", value, element, over: rows), .cast(.string("NaN"), .double))
    case "median":
      var median = SQLAggregate("percentile_cont", [.cast(.string("0.5"), .double)])
      median.withinGroup = [SQLOrder(float(value, element))]
      return .coalesce(rows.scalar(median.expr), .cast(.string("NaN"), .double))
    case "any", "anyLast":
      let isLast = try constantString(0) == "anyLast"
      let order = [SQLOrder(rows.position, isDescending: isLast)]
      return filled(rows.scalar(value, where: value.isNotNull, orderBy: order, first: true))
    case "groupArray": return rows.array(rows.stored.first ?? .null, where: value.isNotNull)
    case "groupUniqArray": return .hogql("array_distinct", try sql(1))
    case let name: return filled(aggregate(name, value, element, over: rows))
    }
  }

  private func filled(_ sql: SQLExpr) -> SQLExpr { type.isNullable ? sql : .coalesce(sql, defaultValue(type)) }
}
