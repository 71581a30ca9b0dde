// Dates, times and intervals from their parts.

extension FunctionTable {
  static let madeTimes: [FunctionDefinition] = [
    .scalar("make_date", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1, 2)
      return .date
    }) { (call) throws(QueryError) in
      .hogql("made_date", try call.bigint(0), try call.bigint(1), try call.bigint(2))
    },
    .scalar("make_timestamp", "make_timestamptz", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1, 2, 3, 4, 5)
      return HogQLType(.dateTime(precision: 0, zone: call.constant(6)?.string))
    }) { (call) throws(QueryError) in
      let day = SQLExpr.hogql("made_date", try call.bigint(0), try call.bigint(1), try call.bigint(2))
      let local = SQLExpr.hogql("made_time", day, try call.bigint(3), try call.bigint(4), try call.bigint(5))
      // `make_timestamptz` shows the project's time in another zone, `make_timestamp` reads the parts in it.
      let zone = call.name == "make_timestamp" ? call.constant(6)?.string : nil
      return local.local(in: zone ?? call.timeZone)
    },
    .scalar("make_interval", returns: { (call) throws(QueryError) in
      try call.requireNumeric(0, 1, 2, 3, 4, 5)
      let hasTime = (3..<6).contains { call.constant($0)?.integer != 0 }
      return HogQLType(.interval(hasTime ? .second : .day))
    }) { (call) throws(QueryError) in
      let (years, months, days) = (try call.integer(0), try call.integer(1), try call.integer(2))
      let (hours, minutes, seconds) = (try call.integer(3), try call.integer(4), try call.float(5))
      return .call("make_interval", years, months, .integer(0), days, hours, minutes, seconds)
    },
  ]
}
