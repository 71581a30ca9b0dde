// Periods of any length: `toStartOfInterval(t, INTERVAL 15 minute)`, and `dateTrunc` for those of length one.

extension FunctionTable {
  static let buckets: [FunctionDefinition] = [
    .scalar("toStartOfInterval", returns: { (call) throws(QueryError) in
      try bucketType(call, time: 0, interval: 1, origin: 2)
    }) { (call) throws(QueryError) in try call.bucket(time: 0, interval: 1, origin: 2) },
    .scalar("date_bin", returns: { (call) throws(QueryError) in
      try bucketType(call, time: 1, interval: 0, origin: 2)
    }) { (call) throws(QueryError) in try call.bucket(time: 1, interval: 0, origin: 2) },
    .scalar("dateTrunc", "date_trunc", returns: { (call) throws(QueryError) in
      let unit = try periodUnit(call.constant(0)?.string, of: call)
      try call.requireTemporal(1)
      return unit.isCalendar ? .date : try moment(ofTime: call, 1, zone: 2)
    }) { (call) throws(QueryError) in
      guard let unit = IntervalUnit(rawValue: try call.constantString(0).lowercased()) else { return .null }
      return try call.clock(1, zone: 2).start(of: unit, count: 1)
    },
    .scalar("tumbleStart", "tumble", returns: { (call) throws(QueryError) in
      try windowType(call)
    }) { (call) throws(QueryError) in try call.tumbled() },
    .scalar("tumbleEnd", returns: { (call) throws(QueryError) in try windowType(call) }) {
      (call) throws(QueryError) in try call.tumbled().op(.add, try call.sql(1))
    },
    .unsupported("hop", "hopStart", "hopEnd", reason: "belongs to ClickHouse's window views."),
  ]

  private static func bucketType(_ call: TypingCall, time: Int, interval: Int, origin: Int) throws(QueryError)
    -> HogQLType
  {
    try call.requireTemporal(time)
    guard let unit = call.type(interval).intervalUnit else {
      throw call.wrongType(interval, expected: "an interval, such as INTERVAL 5 minute")
    }
    if call.count > origin, call.constant(origin)?.string == nil {
      try call.requireTemporal(origin)
      return call.type(time).notNull
    }
    return unit.isCalendar ? .date : try moment(ofTime: call, time, zone: origin)
  }

  /// `tumble` gives both ends, the others one.
  private static func windowType(_ call: TypingCall) throws(QueryError) -> HogQLType {
    guard let unit = call.type(1).intervalUnit, !unit.isCalendar else {
      throw call.wrongType(1, expected: "an interval of days or less")
    }
    let end = try moment(ofTime: call, zone: 2)
    return call.name == "tumble" ? .tuple([end, end]) : end
  }

  private static func periodUnit(_ name: String?, of call: TypingCall) throws(QueryError) -> IntervalUnit {
    if let name, let unit = IntervalUnit(rawValue: name.lowercased()) { return unit }
    throw QueryError(
      "The unit of \(call.name) must be a constant: second, minute, hour, day, week, month, quarter or year.",
      at: call.span(0))
  }
}

extension IntervalUnit {
  /// Weeks and longer: their beginnings are Dates.
  var isCalendar: Bool {
    switch self {
    case .second, .minute, .hour, .day: false
    case .week, .month, .quarter, .year: true
    }
  }
}

extension LoweringCall {
  fileprivate func bucket(time: Int, interval: Int, origin: Int) throws(QueryError) -> SQLExpr {
    guard let unit = type(interval).intervalUnit else { return .null(type.postgres) }
    let count = try intervalCount(interval)
    guard count > 0 else { throw error(interval, "The interval of \(name) must be longer than zero.") }
    guard arguments.indices.contains(origin), constant(origin)?.string == nil else {
      return try clock(time, zone: origin).start(of: unit, count: count)
    }
    let (clock, start) = (clock(time), clock(origin))
    let bucket: SQLExpr
    switch unit {
    case .month, .quarter, .year:
      let months = count &* (unit == .year ? 12 : unit == .quarter ? 3 : 1)
      bucket = .hogql("months_from", try clock.local(), .integer(months), try start.local())
    default:
      bucket = .hogql("span_from", try clock.local(), try sql(interval), try start.local())
    }
    return type.isDate ? bucket.cast(to: .date) : bucket.local(in: clock.zone)
  }

  fileprivate func tumbled() throws(QueryError) -> SQLExpr {
    guard let unit = type(1).intervalUnit else { return .null(type.postgres) }
    let start = try clock(0, zone: 2).start(of: unit, count: intervalCount(1))
    guard name == "tumble", let end = type.tupleElements?.first else { return start }
    return .call("jsonb_build_array", encode(start, end), encode(start.op(.add, try sql(1)), end))
  }

  /// The whole number in `INTERVAL 5 minute` or `toIntervalMinute(5)`.
  private func intervalCount(_ index: Int) throws(QueryError) -> Int64 {
    if case .call(let call) = try argument(index).kind, let count = call.arguments.first?.constant?.integer {
      return count
    }
    throw error(
      index, "The interval of \(name) must be a constant.", hint: "Write it as INTERVAL 5 minute, for instance.")
  }
}

extension Clock {
  /// The beginning of the period of `count` units that holds the time: a date for weeks and longer, else a moment.
  func start(of unit: IntervalUnit, count: Int64) throws(QueryError) -> SQLExpr {
    switch unit {
    case .second: return .hogql("time_bucket", try moment(), .integer(count))
    case .minute: return .hogql("time_bucket", try moment(), .integer(count &* 60))
    case .hour:
      if count == 1 { return try startOfHour() }
      return SQLExpr.hogql("start_of_hours", try local(), .integer(count)).local(in: zone)
    case .day:
      if count > 1 {
        return SQLExpr.hogql("start_of_days", try day(), .integer(count)).cast(to: .timestamp).local(in: zone)
      }
      return isDate ? try moment() : try truncated(to: "day").local(in: zone)
    case .week:
      return count == 1 ? try truncated(to: "week").cast(to: .date)
        : .hogql("start_of_weeks", try day(), .integer(count))
    case .month where count > 1: return .hogql("start_of_months", try day(), .integer(count))
    case .quarter where count > 1: return .hogql("start_of_months", try day(), .integer(count &* 3))
    case .year where count > 1: return .hogql("start_of_years", try day(), .integer(count))
    case .month, .quarter, .year: return try truncated(to: unit.rawValue).cast(to: .date)
    }
  }
}
