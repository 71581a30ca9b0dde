// Times moved by an interval or a number of units. `+ INTERVAL` and `toIntervalDay` are in Functions+Structures.

extension FunctionTable {
  static let intervals: [FunctionDefinition] =
    [
      moved("dateAdd", "date_add", "timeStampAdd", .add), moved("dateSub", "date_subtract", "timeStampSub", .subtract),
    ]
    + IntervalUnit.allCases.flatMap { unit in
      let plural = unit.rawValue.prefix(1).uppercased() + unit.rawValue.dropFirst() + "s"
      return [stepped("add" + plural, unit, .add), stepped("subtract" + plural, unit, .subtract)]
    }

  /// `addDays(t, n)`
  private static func stepped(_ name: String, _ unit: IntervalUnit, _ operation: SQLOperator) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in
      try call.requireNumeric(1)
      return try movedType(call, time: 0, by: unit)
    }) { (call) throws(QueryError) in
      try call.moved(time: 0, by: call.interval(1, of: unit), unit, operation)
    }
  }

  /// `dateAdd(t, INTERVAL 1 day)` and `dateAdd('day', 1, t)`.
  private static func moved(_ name: String, _ second: String, _ third: String, _ operation: SQLOperator)
    -> FunctionDefinition
  {
    .scalar(name, second, third, returns: { (call) throws(QueryError) in
      if call.count == 3 {
        try call.requireNumeric(1)
        guard let unit = IntervalUnit(rawValue: call.constant(0)?.string?.lowercased() ?? "") else {
          throw QueryError(
            "The unit of \(call.name) must be a constant: second, minute, hour, day, week, month, quarter or year.",
            at: call.span(0))
        }
        return try movedType(call, time: 2, by: unit)
      }
      let time = call.type(0).intervalUnit == nil ? 0 : 1
      guard let unit = call.type(1 - time).intervalUnit else {
        throw call.wrongType(1, expected: "an interval, such as INTERVAL 1 day")
      }
      return try movedType(call, time: time, by: unit)
    }) { (call) throws(QueryError) in
      if call.count == 3 {
        let unit = IntervalUnit(rawValue: try call.constantString(0).lowercased()) ?? .day
        return try call.moved(time: 2, by: call.interval(1, of: unit), unit, operation)
      }
      let time = call.type(0).intervalUnit == nil ? 0 : 1
      return try call.moved(time: time, by: call.sql(1 - time), call.type(1 - time).intervalUnit ?? .day, operation)
    }
  }

  /// A Date stays one unless hours or less are added; a constant text is a time.
  private static func movedType(_ call: TypingCall, time: Int, by unit: IntervalUnit) throws(QueryError) -> HogQLType {
    if call.constant(time)?.string != nil { return .dateTime64 }
    try call.requireTemporal(time)
    let type = call.type(time)
    if type.isNullConstant { return .dateTime }
    guard type.isDate else { return type.notNull }
    return unit.isOfDays ? .date : .dateTime
  }
}

extension IntervalUnit {
  /// Whether it counts days, which differ in length where clocks change.
  var isOfDays: Bool {
    switch self {
    case .second, .minute, .hour: false
    default: true
    }
  }
}

extension LoweringCall {
  /// So many units, the fraction of the number cut off.
  fileprivate func interval(_ index: Int, of unit: IntervalUnit) throws(QueryError) -> SQLExpr {
    let (name, count) = unit.inPostgres
    if let value = constant(index)?.integer {
      return .cast(.string("\(value.multipliedReportingOverflow(by: Int64(count)).partialValue) \(name)"), .interval)
    }
    let number = try number(index)
    let whole = type(index).isFloat || type(index).isDecimal ? SQLExpr.call("trunc", number) : number
    return SQLExpr.cast(.string("\(count) \(name)"), .interval).op(.multiply, whole)
  }

  /// Days and longer are added on the calendar of the time's zone.
  fileprivate func moved(time index: Int, by interval: SQLExpr, _ unit: IntervalUnit, _ operation: SQLOperator)
    throws(QueryError) -> SQLExpr
  {
    if type(index).isNullConstant { return .null(type.postgres) }
    if type.isDate { return try typed(index).op(operation, interval).cast(to: .date) }
    guard unit.isOfDays else { return try moment(index).op(operation, interval) }
    return try localTime(index).op(operation, interval).local(in: zone(index))
  }
}
