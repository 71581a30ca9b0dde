// How far two times are apart: `dateDiff` counts crossed boundaries, `age` whole units.

extension FunctionTable {
  static let differences: [FunctionDefinition] = [
    .scalar("dateDiff", "date_diff", returns: { (call) throws(QueryError) in try distance(call) }) {
      (call) throws(QueryError) in
      let unit = try call.spanUnit()
      switch unit {
      case .day:
        return try call.clock(2).day().op(.subtract, call.clock(1).day()).cast(to: .bigint)
      case .week, .month, .quarter, .year:
        return .hogql("\(unit.rawValue)s_crossed", try call.clock(1).day(), try call.clock(2).day())
      case .hour:
        return try call.crossed(call.clock(1).startOfHour(), call.clock(2).startOfHour(), perSecond: 1, size: 3600)
      default:
        let (start, end) = (try call.clock(1).moment(), try call.clock(2).moment())
        return try call.crossed(start, end, perSecond: unit.perSecond, size: unit == .minute ? 60 : 1)
      }
    },
    .scalar("age", returns: { (call) throws(QueryError) in try distance(call) }) { (call) throws(QueryError) in
      let unit = try call.spanUnit()
      let (start, end) = (try call.clock(1).local(), try call.clock(2).local())
      switch unit {
      case .month, .quarter, .year:
        let months = SQLExpr.hogql("whole_months", start, end)
        return unit == .month ? months : months.op(.divide, .integer(unit == .year ? 12 : 3))
      default:
        let scaled = SQLExpr.extract("EPOCH", end.op(.subtract, start))
        let units = unit.seconds > 1
          ? scaled.op(.divide, .integer(unit.seconds)) : scaled.op(.multiply, .integer(unit.perSecond))
        return SQLExpr.call("trunc", units).cast(to: .bigint)
      }
    },
  ]

  private static func distance(_ call: TypingCall) throws(QueryError) -> HogQLType {
    guard let name = call.constant(0)?.string, SpanUnit(spelled: name) != nil else {
      throw QueryError(
        "The unit of \(call.name) must be a constant such as 'day', 'hour' or 'month'.", at: call.span(0))
    }
    try call.requireTemporal(1, 2)
    return .int
  }
}

/// A unit of `dateDiff` and `age`, with ClickHouse's short names.
private enum SpanUnit: String, CaseIterable {
  case microsecond, millisecond, second, minute, hour, day, week, month, quarter, year

  init?(spelled: String) {
    let name = spelled.lowercased()
    guard let unit = Self.allCases.first(where: { $0.spellings.contains(name) }) else { return nil }
    self = unit
  }

  private var spellings: [String] {
    let short: [String] = switch self {
    case .microsecond: ["us", "u"]
    case .millisecond: ["ms"]
    case .second: ["ss", "s"]
    case .minute: ["mi", "n"]
    case .hour: ["hh", "h"]
    case .day: ["dd", "d"]
    case .week: ["wk", "ww"]
    case .month: ["mm", "m"]
    case .quarter: ["qq", "q"]
    case .year: ["yyyy", "yy"]
    }
    return [rawValue, rawValue + "s"] + short
  }

  var seconds: Int64 {
    switch self {
    case .minute: 60
    case .hour: 3600
    case .day: 86400
    case .week: 604_800
    default: 1
    }
  }

  var perSecond: Int64 {
    switch self {
    case .microsecond: 1_000_000
    case .millisecond: 1000
    default: 1
    }
  }
}

extension LoweringCall {
  fileprivate func spanUnit() throws(QueryError) -> SpanUnit {
    if let unit = SpanUnit(spelled: try constantString(0)) { return unit }
    throw error(0, "The unit of \(name) is unknown.")
  }

  /// The boundaries of `size` seconds, or of parts of a second, between two moments.
  fileprivate func crossed(_ start: SQLExpr, _ end: SQLExpr, perSecond: Int64, size: Int64)
    throws(QueryError) -> SQLExpr
  {
    let counts = [end, start].map { moment in
      let seconds = SQLExpr.extract("EPOCH", moment)
      let scaled = perSecond > 1 ? seconds.op(.multiply, .integer(perSecond))
        : size > 1 ? seconds.op(.divide, .integer(size)) : seconds
      return SQLExpr.call("floor", scaled)
    }
    return counts[0].op(.subtract, counts[1]).cast(to: .bigint)
  }
}
