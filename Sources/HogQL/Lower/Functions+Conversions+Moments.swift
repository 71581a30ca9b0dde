/// Dates and times from text and numbers.
extension FunctionTable {
  static let momentConversions: [FunctionDefinition] = [
    .scalar("toDate", "to_date", nulls: .own, returns: { (call) throws(QueryError) in
      HogQLType.date.nullable(if: call.type(0).isNullable || call.type(0).isString)
    }) { (call) throws(QueryError) in try call.date() },
    .scalar("toDateTime", nulls: .own, returns: { (call) throws(QueryError) in
      let zone = try zone(call, 1)
      if let text = call.constant(0)?.string {
        let moment = MomentText(text).flatMap { $0.zone == nil && !text.utf8.contains(UInt8(ascii: "T")) ? $0 : nil }
        return HogQLType(.dateTime(precision: moment.map { $0.hasFraction ? 6 : 0 } ?? 6, zone: zone))
      }
      let type = call.type(0)
      if type.isString { return HogQLType(.dateTime(precision: 6, zone: zone), isNullable: true) }
      return HogQLType(.dateTime(precision: 0, zone: zone ?? type.zone), isNullable: type.isNullable)
    }) { (call) throws(QueryError) in
      guard case .dateTime(let precision, let zone) = call.type.kind else { return .null(.timestamptz) }
      return try call.moment(precision: precision, zone: zone)
    },
    .scalar("toDateTime64", returns: { (call) throws(QueryError) in
      let precision = call.constant(1)?.integer ?? 6
      return HogQLType(.dateTime(precision: precision == 0 ? 0 : 6, zone: try zone(call, 2) ?? call.type(0).zone))
    }) { (call) throws(QueryError) in
      guard case .dateTime(_, let zone) = call.type.kind else { return .null(.timestamptz) }
      var value = try call.moment(precision: 6, zone: zone)
      if call.type(0).isString, call.constant(0) == nil || value.isParsed {
        value = .hogql("required", value, try call.text(0).cast(to: .text), .string("DateTime64"))
      }
      switch call.constant(1)?.integer {
      case 0?: return .call("date_trunc", .string("second"), value)
      case 3?: return .call("date_trunc", .string("milliseconds"), value)
      default: return value
      }
    },
    .scalar("parseDateTimeBestEffort", nulls: .own, returns: { (call) throws(QueryError) in
      try call.requireString(0)
      return HogQLType(
        .dateTime(precision: 6, zone: try zone(call, 1)), isNullable: call.constant(0)?.string == nil)
    }) { (call) throws(QueryError) in
      guard case .dateTime(_, let zone) = call.type.kind else { return .null(.timestamptz) }
      return try call.moment(precision: 6, zone: zone)
    },
    .scalar("toDateTimeUS", nulls: .own, returns: { (call) throws(QueryError) in
      try call.requireString(0)
      return HogQLType(.dateTime(precision: 6, zone: try zone(call, 1)), isNullable: true)
    }) { (call) throws(QueryError) in
      .hogql("text_moment", try call.text(0), .string(call.type.zone ?? call.timeZone), .boolean(true))
    },
  ]

  /// The constant name of a time zone, when the argument is there.
  private static func zone(_ call: TypingCall, _ index: Int) throws(QueryError) -> String? {
    guard index < call.count else { return nil }
    if let zone = call.constant(index)?.string { return zone }
    throw QueryError("The time zone must be a constant string.", at: call.span(index))
  }
}

extension SQLExpr {
  /// Whether this reads text as it is met, and so may be NULL.
  fileprivate var isParsed: Bool {
    if case .call("hogql", "text_moment", _) = self { true } else { false }
  }
}

extension LoweringCall {
  /// The first argument as a date; NULL when a text holds none.
  func date() throws(QueryError) -> SQLExpr {
    let type = type(0)
    switch type.kind {
    case .null: return .null(.date)
    case .date: return try sql(0)
    case .dateTime: return try localTime(0).cast(to: .date)
    case .string, .json:
      if let text = constant(0)?.string, let moment = MomentText(text), !moment.hasTime,
        moment.date >= "1970-01-01", moment.date <= "2149-06-06"
      {
        return .cast(.string(moment.date), .date)
      }
      return .hogql("text_date", try text(0))
    case .int, .float, .decimal: return .hogql("number_date", try float(0))
    default: throw unconvertible("a date")
    }
  }

  /// The first argument as a moment. A constant text must hold one; any other that does not gives NULL.
  func moment(precision: Int, zone: String?) throws(QueryError) -> SQLExpr {
    let type = type(0)
    switch type.kind {
    case .null: return .null(.timestamptz)
    case .date: return lowering.midnight(try sql(0), in: zone)
    case .dateTime(let present, _):
      let value = try sql(0)
      return present > precision ? .call("date_trunc", .string("second"), value) : value
    case .string, .json: return try parsedMoment(precision: precision, zone: zone)
    case .int, .float, .decimal:
      if precision > 0 { return .call("to_timestamp", try float(0)) }
      return .hogql("number_moment", try float(0))
    default: throw unconvertible("a date and time")
    }
  }

  private func parsedMoment(precision: Int, zone: String?) throws(QueryError) -> SQLExpr {
    let target = HogQLType(.dateTime(precision: precision, zone: zone))
    let isConstant = constant(0)?.string != nil
    if let text = constant(0)?.string, MomentText(text) != nil,
      let moment = try lowering.constantMoment(argument(0), as: target)
    {
      return precision == 0 && MomentText(text)?.hasFraction == true
        ? .call("date_trunc", .string("second"), moment) : moment
    }
    let parsed = SQLExpr.hogql("text_moment", try text(0), .string(zone ?? timeZone), .boolean(false))
    let value = precision == 0 ? .call("date_trunc", .string("second"), parsed) : parsed
    guard isConstant, name != "tryCastTo", name != "accurateCastOrNull" else { return value }
    return .hogql("required", value, try text(0).cast(to: .text), .string("date and time"))
  }
}
