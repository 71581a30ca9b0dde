// The beginning of the day, week, month .. that holds a time, and the numbers of weeks, months and days.

extension FunctionTable {
  static let periodStarts: [FunctionDefinition] = [
    startDay("toStartOfYear", "year"), startDay("toStartOfQuarter", "quarter"), startDay("toStartOfMonth", "month"),
    startDay("toMonday", "week"),
    .scalar("toStartOfISOYear", returns: { (call) throws(QueryError) in try day(ofTime: call) }) {
      (call) throws(QueryError) in .hogql("start_of_iso_year", try call.clock(0).day())
    },
    .scalar("toLastDayOfMonth", returns: { (call) throws(QueryError) in try day(ofTime: call) }) {
      (call) throws(QueryError) in
      let next = try call.clock(0).truncated(to: "month").op(.add, .cast(.string("1 month"), .interval))
      return next.cast(to: .date).op(.subtract, .integer(1))
    },
    .scalar("toStartOfWeek", returns: { (call) throws(QueryError) in try day(ofTime: call) }) {
      (call) throws(QueryError) in try call.startOfWeek()
    },
    .scalar("toLastDayOfWeek", returns: { (call) throws(QueryError) in try day(ofTime: call) }) {
      (call) throws(QueryError) in try call.startOfWeek().op(.add, .integer(6))
    },
    .scalar("toStartOfDay", returns: { (call) throws(QueryError) in try moment(ofTime: call, zone: 1) }) {
      (call) throws(QueryError) in
      let clock = call.clock(0, zone: 1)
      if clock.isDate { return try clock.moment() }
      return try clock.truncated(to: "day").local(in: clock.zone)
    },
    .scalar("toStartOfHour", returns: { (call) throws(QueryError) in try moment(ofTime: call) }) {
      (call) throws(QueryError) in try call.clock(0).startOfHour()
    },
    startMoment("toStartOfMinute", seconds: 60), startMoment("toStartOfFiveMinutes", seconds: 300),
    startMoment("toStartOfTenMinutes", seconds: 600), startMoment("toStartOfFifteenMinutes", seconds: 900),
    startMoment("timeSlot", seconds: 1800),
    .scalar("toStartOfSecond", returns: { (call) throws(QueryError) in
      try call.requireTemporal(0)
      return HogQLType(.dateTime(precision: 6, zone: call.type(0).zone))
    }) { (call) throws(QueryError) in .hogql("time_bucket", try call.clock(0).moment(), .integer(1)) },
    .scalar("toTime", returns: { (call) throws(QueryError) in
      try call.requireTemporal(0)
      return .string
    }) { (call) throws(QueryError) in .call("to_char", try call.clock(0).local(), .string("HH24:MI:SS")) },
    .scalar("timeSlots", nulls: .never, returns: { (call) throws(QueryError) in
      try call.requireTemporal(0)
      try call.requireNumeric(1, 2)
      return .array(HogQLType(.dateTime(precision: 0, zone: call.type(0).zone)))
    }) { (call) throws(QueryError) in
      .hogql(
        "time_slots", try call.clock(0).moment(), try call.bigint(1),
        call.count > 2 ? try call.bigint(2) : .integer(1800))
    },
  ]

  static let periodNumbers: [FunctionDefinition] = [
    digits("toYYYYMM", ["YEAR", "MONTH"]), digits("toYYYYMMDD", ["YEAR", "MONTH", "DAY"]),
    digits("toYYYYMMDDhhmmss", ["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"]),
    .scalar("toWeek", returns: { (call) throws(QueryError) in try number(ofTime: call) }) {
      (call) throws(QueryError) in
      let week = WeekMode(try call.mode(1, default: 0))
      let day = try call.clock(0, zone: 2).day()
      guard week.belongsToOneYear else {
        return .hogql("week_in_year", day, .boolean(week.startsOnSunday), .boolean(week.isFull))
      }
      return SQLExpr.hogql("year_week", day, .boolean(week.startsOnSunday), .boolean(week.isFull))
        .op(.modulo, .integer(100))
    },
    .scalar("toYearWeek", returns: { (call) throws(QueryError) in try number(ofTime: call) }) {
      (call) throws(QueryError) in
      let week = WeekMode(try call.mode(1, default: 0))
      let day = try call.clock(0, zone: 2).day()
      return .hogql("year_week", day, .boolean(week.startsOnSunday), .boolean(week.isFull))
    },
  ]

  static func day(ofTime call: TypingCall) throws(QueryError) -> HogQLType {
    try call.requireTemporal(0)
    return .date
  }

  static func moment(ofTime call: TypingCall, _ index: Int = 0, zone: Int? = nil) throws(QueryError) -> HogQLType {
    try call.requireTemporal(index)
    let given = zone.flatMap { call.constant($0)?.string }
    return HogQLType(.dateTime(precision: 0, zone: given ?? call.type(index).zone))
  }

  private static func startDay(_ name: String, _ field: String) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try day(ofTime: call) }) { (call) throws(QueryError) in
      try call.clock(0).truncated(to: field).cast(to: .date)
    }
  }

  private static func startMoment(_ name: String, seconds: Int64) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try moment(ofTime: call) }) { (call) throws(QueryError) in
      .hogql("time_bucket", try call.clock(0).moment(), .integer(seconds))
    }
  }

  /// The fields as the digits of one number, two for each.
  private static func digits(_ name: String, _ fields: [String]) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try number(ofTime: call) }) { (call) throws(QueryError) in
      var number: SQLExpr?
      for field in fields {
        let part = try call.clock(0).part(field)
        number = number.map { $0.op(.multiply, .integer(100)).op(.add, part) } ?? part
      }
      return number ?? .null(.bigint)
    }
  }
}

/// How a mode of `toWeek` counts: MySQL's eight.
private struct WeekMode {
  let startsOnSunday: Bool
  /// The first week is the first one that lies wholly in the year, not the first with four days in it.
  let isFull: Bool
  /// Days at the year's ends belong to a week of the year beside; else they are in week 0 or 53.
  let belongsToOneYear: Bool

  init(_ mode: Int64) {
    startsOnSunday = mode & 1 == 0
    isFull = (mode & 4 == 0) == startsOnSunday
    belongsToOneYear = mode & 2 != 0
  }
}

extension LoweringCall {
  /// Weeks begin on Sunday in even modes; without a mode the project decides.
  fileprivate func startOfWeek() throws(QueryError) -> SQLExpr {
    let isSunday = try mode(1, default: weekStartsOnSunday ? 0 : 3) & 1 == 0
    let clock = clock(0, zone: 2)
    guard isSunday else { return try clock.truncated(to: "week").cast(to: .date) }
    let shifted = try clock.local().op(.add, .cast(.string("1 day"), .interval))
    return SQLExpr.call("date_trunc", .string("week"), shifted).cast(to: .date).op(.subtract, .integer(1))
  }
}

extension Clock {
  /// The local hour's beginning; told by the distance from it, so that a repeated hour stays two.
  func startOfHour() throws(QueryError) -> SQLExpr {
    if zone == "UTC" { return try truncated(to: "hour").local(in: zone) }
    let elapsed = try local().op(.subtract, truncated(to: "hour"))
    return try moment().op(.subtract, elapsed)
  }
}
