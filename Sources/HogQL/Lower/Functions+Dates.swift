// Dates and times: the parts of a time, and moments as numbers. See the files beside this for the rest.

extension FunctionTable {
  static let dates: [FunctionDefinition] =
    dateParts + moments + zones + periodStarts + periodNumbers + buckets + differences + timeTexts + madeTimes

  private static let dateParts: [FunctionDefinition] = [
    datePart("toYear", "YEAR"), datePart("toQuarter", "QUARTER"), datePart("toMonth", "MONTH"),
    datePart("toDayOfMonth", "DAY"), datePart("toDayOfYear", "DOY"), datePart("toISOYear", "ISOYEAR"),
    datePart("toISOWeek", "WEEK"), datePart("toHour", "HOUR"), datePart("toMinute", "MINUTE"),
    datePart("toSecond", "SECOND"),
    .scalar("toDayOfWeek", returns: { (call) throws(QueryError) in try number(ofTime: call) }) {
      (call) throws(QueryError) in
      let day = try call.clock(0, zone: 2).part("ISODOW")
      switch try call.mode(1, default: 0) & 3 {
      case 0: return day
      case 1: return day.op(.subtract, .integer(1))
      case 2: return day.op(.modulo, .integer(7))
      default: return day.op(.modulo, .integer(7)).op(.add, .integer(1))
      }
    },
    // Chosen by the first argument, NULL for a name that is no part.
    .scalar("date_part", nulls: .own, returns: { (call) throws(QueryError) in
      try call.requireTemporal(1)
      return .int.nullable
    }) { (call) throws(QueryError) in
      let fields = [
        "year": "YEAR", "month": "MONTH", "day": "DAY", "hour": "HOUR", "minute": "MINUTE", "second": "SECOND",
        "dow": "ISODOW", "doy": "DOY", "quarter": "QUARTER",
      ]
      guard let field = fields[try call.constantString(0).lowercased()] else { return .null(.bigint) }
      return try call.clock(1).part(field)
    },
  ]

  private static let moments: [FunctionDefinition] = [
    .scalar("now", "current_timestamp", "nowInBlock", returns: { (call) throws(QueryError) in
      HogQLType(.dateTime(precision: 6, zone: call.constant(0)?.string))
    }) { (call) throws(QueryError) in .call("now") },
    .scalar("today", "current_date", returns: .date) { (call) throws(QueryError) in call.today },
    .scalar("yesterday", returns: .date) { (call) throws(QueryError) in call.today.op(.subtract, .integer(1)) },
    .scalar("toUnixTimestamp", returns: { (call) throws(QueryError) in
      if call.constant(0)?.string == nil { try call.requireTemporal(0) }
      return .int
    }) { (call) throws(QueryError) in
      let moment = call.type(0).isString ? try call.sql(0, as: call.parsed(zone: 1)) : try call.moment(0)
      return SQLExpr.call("floor", .extract("EPOCH", moment)).cast(to: .bigint)
    },
    .scalar("toUnixTimestamp64Milli", returns: { (call) throws(QueryError) in try number(ofTime: call) }) {
      (call) throws(QueryError) in
      let seconds = SQLExpr.extract("EPOCH", try call.moment(0))
      return SQLExpr.call("floor", seconds.op(.multiply, .integer(1000))).cast(to: .bigint)
    },
    .scalar("fromUnixTimestamp", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .dateTime
    }) { (call) throws(QueryError) in .call("to_timestamp", try call.float(0)) },
    .scalar("to_timestamp", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return HogQLType(.dateTime(precision: 0, zone: call.constant(1)?.string))
    }) { (call) throws(QueryError) in .call("to_timestamp", try call.float(0)) },
    .scalar("fromUnixTimestamp64Milli", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .dateTime64
    }) { (call) throws(QueryError) in
      .call("to_timestamp", try call.float(0).op(.divide, .integer(1000)))
    },
    .scalar("UUIDv7ToDateTime", returns: { (call) throws(QueryError) in
      guard call.type(0).kind == .uuid || call.type(0).isNullConstant else {
        throw call.wrongType(0, expected: "a UUID", hint: "Convert it with toUUID.")
      }
      return .dateTime64
    }) { (call) throws(QueryError) in .hogql("uuid_v7_time", try call.typed(0)) },
    .scalar("toModifiedJulianDay", returns: { (call) throws(QueryError) in
      try call.requireString(0)
      return .int.nullable
    }) { (call) throws(QueryError) in .hogql("modified_julian_day", try call.typed(0)) },
    .scalar("fromModifiedJulianDay", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0)
      return .string.nullable
    }) { (call) throws(QueryError) in
      let day = SQLExpr.cast(.string("1858-11-17"), .date).op(.add, try call.integer(0))
      return .call("to_char", day.cast(to: .timestamp), .string("YYYY-MM-DD"))
    },
  ]

  private static let zones: [FunctionDefinition] = [
    .scalar("toTimeZone", returns: { (call) throws(QueryError) in try inZone(call, time: 0, zone: 1) }) {
      (call) throws(QueryError) in try call.moment(0)
    },
    // The zone comes first, as in Postgres.
    .scalar("timezone", returns: { (call) throws(QueryError) in try inZone(call, time: 1, zone: 0) }) {
      (call) throws(QueryError) in try call.moment(1)
    },
    .scalar("timeZoneOf", nulls: .never, returns: { (call) throws(QueryError) in
      try call.requireTemporal(0)
      return .string
    }) { (call) throws(QueryError) in .text(call.zone(0)) },
    .scalar("timeZoneOffset", returns: { (call) throws(QueryError) in try number(ofTime: call) }) {
      (call) throws(QueryError) in
      let moment = try call.moment(0)
      let shift = moment.local(in: call.zone(0)).op(.subtract, moment.local(in: "UTC"))
      return SQLExpr.extract("EPOCH", shift).cast(to: .bigint)
    },
  ]

  /// The return rule of a number that is taken from a time.
  static func number(ofTime call: TypingCall) throws(QueryError) -> HogQLType {
    try call.requireTemporal(0)
    return .int
  }

  private static func datePart(_ name: String, _ field: String) -> FunctionDefinition {
    .scalar(name, returns: { (call) throws(QueryError) in try number(ofTime: call) }) { (call) throws(QueryError) in
      try call.clock(0).part(field)
    }
  }

  private static func inZone(_ call: TypingCall, time: Int, zone: Int) throws(QueryError) -> HogQLType {
    try call.requireTemporal(time)
    guard let name = call.constant(zone)?.string else {
      throw call.wrongType(zone, expected: "the name of a time zone, such as 'Europe/Paris'")
    }
    let precision = if case .dateTime(let precision, _) = call.type(time).kind { precision } else { 0 }
    return HogQLType(.dateTime(precision: precision, zone: name))
  }
}

/// A time argument as the clock on the wall shows it, in the zone that applies.
struct Clock {
  let call: LoweringCall
  let index: Int
  let zone: String

  var isDate: Bool { call.type(index).isDate }

  /// The local time, a `timestamp`.
  func local() throws(QueryError) -> SQLExpr {
    isDate ? try call.sql(index).cast(to: .timestamp) : try call.moment(index).local(in: zone)
  }

  /// The local day, a `date`.
  func day() throws(QueryError) -> SQLExpr { isDate ? try call.typed(index) : try local().cast(to: .date) }

  /// The moment; of a Date its midnight.
  func moment() throws(QueryError) -> SQLExpr { isDate ? try local().local(in: zone) : try call.moment(index) }

  /// A field of the local time as a whole number.
  func part(_ field: String) throws(QueryError) -> SQLExpr {
    let value = SQLExpr.extract(field, try local())
    return (field == "SECOND" ? .call("floor", value) : value).cast(to: .bigint)
  }

  /// The beginning of the field's period, as local time.
  func truncated(to field: String) throws(QueryError) -> SQLExpr {
    .call("date_trunc", .string(field), try local())
  }
}

extension LoweringCall {
  /// The time argument in the zone of argument `zoneIndex` when that is given, else in its own or the project's.
  func clock(_ index: Int, zone zoneIndex: Int? = nil) -> Clock {
    let given = zoneIndex.flatMap { constant($0)?.string }
    return Clock(call: self, index: index, zone: given ?? zone(index))
  }

  /// A constant small number that selects a way of counting.
  func mode(_ index: Int, default value: Int64) throws(QueryError) -> Int64 {
    arguments.indices.contains(index) ? try constantInteger(index) : value
  }

  var today: SQLExpr { SQLExpr.call("now").local(in: timeZone).cast(to: .date) }

  /// The type that a text is read as, in the zone of an argument if it is there.
  func parsed(zone index: Int) -> HogQLType {
    HogQLType(.dateTime(precision: 6, zone: constant(index)?.string))
  }
}
