/// A date function that cuts a column into stretches of days.
struct DateBucket {
  var column: TypedExpr
  var bucket: CalendarDay.Bucket
  var form: Form

  /// What the function gives for a stretch.
  enum Form {
    /// Its first day.
    case date
    /// The moment at which its first day begins.
    case moment
    /// Numbers made of the year, the month and the day: `2024`, `202402`, `20240203`.
    case year, yearMonth, yearMonthDay
  }

  init?(_ expr: TypedExpr, weekStartsOnSunday: Bool) {
    guard case .call(let call) = expr.kind, let first = call.arguments.first else { return nil }
    var argument = first
    let second = call.arguments.dropFirst().first
    let plain: (CalendarDay.Bucket, Form)?
    switch (call.name, call.arguments.count) {
    case ("toDate", 1), ("to_date", 1): plain = (.day, .date)
    case ("toStartOfDay", 1): plain = (.day, .moment)
    case ("toMonday", 1): plain = (.week(startsOnSunday: false), .date)
    case ("toStartOfWeek", 1): plain = (.week(startsOnSunday: weekStartsOnSunday), .date)
    case ("toStartOfWeek", 2):
      guard let mode = second?.constant?.integer, (0...3).contains(mode) else { return nil }
      plain = (.week(startsOnSunday: mode % 2 == 0), .date)
    case ("toStartOfMonth", 1): plain = (.month, .date)
    case ("toStartOfQuarter", 1): plain = (.quarter, .date)
    case ("toStartOfYear", 1): plain = (.year, .date)
    case ("toYear", 1): plain = (.year, .year)
    case ("toYYYYMM", 1): plain = (.month, .yearMonth)
    case ("toYYYYMMDD", 1): plain = (.day, .yearMonthDay)
    case ("dateTrunc", 2), ("date_trunc", 2):
      guard let second else { return nil }
      plain = Self.truncated(first.constant?.string ?? "")
      argument = second
    default: plain = nil
    }
    guard let (bucket, form) = plain, argument.type.isTemporal, case .column(let column) = argument.kind,
      !column.isFilled, column.fallbackAlias == nil
    else { return nil }
    self.column = argument
    self.bucket = bucket
    self.form = form
  }

  private static func truncated(_ unit: String) -> (CalendarDay.Bucket, Form)? {
    switch unit {
    case "day": (.day, .moment)
    case "week": (.week(startsOnSunday: false), .date)
    case "month": (.month, .date)
    case "quarter": (.quarter, .date)
    case "year": (.year, .date)
    default: nil
    }
  }

  /// The day that the constant stands for; nil when it is none that the function could be compared with here.
  func day(_ constant: ConstantValue) -> CalendarDay? {
    switch (form, constant) {
    case (.date, .string(let text)):
      guard let moment = MomentText(text), !moment.hasTime else { return nil }
      return CalendarDay(moment.date)
    case (.moment, .string(let text)):
      guard let moment = MomentText(text), moment.zone == nil, moment.time.map({ $0 == "00:00:00" }) ?? true
      else { return nil }
      return CalendarDay(moment.date)
    case (.year, .integer(let year)):
      return (1...9998).contains(year) ? CalendarDay(year: Int(year), month: 1) : nil
    case (.yearMonth, .integer(let number)):
      guard (101...999_812).contains(number), (1...12).contains(number % 100) else { return nil }
      return CalendarDay(year: Int(number / 100), month: Int(number % 100))
    case (.yearMonthDay, .integer(let number)):
      guard (10_101...99_981_231).contains(number) else { return nil }
      let month = CalendarDay(year: Int(number / 10_000), month: Int(number / 100 % 100))
      let day = month.advanced(by: Int(number % 100) - 1)
      guard (1...12).contains(number / 100 % 100), number % 100 >= 1, day < month.next(.month) else { return nil }
      return day
    default: return nil
    }
  }
}

/// Conditions on a date function of a column as ranges of the column itself, so that an index on it is used.
extension Lowering {
  /// `toStartOfMonth(t) = '2024-02-01'` → `t >= '2024-02-01' AND t < '2024-03-01'`; nil where the rule says nothing.
  func range(_ left: TypedExpr, _ operation: SQLOperator, _ right: TypedExpr) throws(QueryError) -> SQLExpr? {
    if let found = try bucketRange(left, operation, right) { return found }
    guard let mirrored = operation.mirrored else { return nil }
    if let found = try bucketRange(right, mirrored, left) { return found }
    if let found = try dateRange(left, operation, right) { return found }
    return try dateRange(right, mirrored, left)
  }

  private func bucketRange(_ expr: TypedExpr, _ operation: SQLOperator, _ other: TypedExpr) throws(QueryError)
    -> SQLExpr?
  {
    guard let date = DateBucket(expr, weekStartsOnSunday: options.weekStartsOnSunday), !isGiven(expr) else { return nil }
    guard let constant = other.constant ?? constantDate(other), let day = date.day(constant) else {
      return try dayRange(date, operation, other)
    }
    let start = day.start(of: date.bucket)
    let next = start.next(date.bucket)
    let isAligned = start == day
    let column = try value(date.column)
    let low = bound(start, date.column.type)
    let high = bound(next, date.column.type)
    switch operation {
    case .equal: return isAligned ? between(column, low, high) : .boolean(false)
    case .greaterOrEqual: return column.op(.greaterOrEqual, isAligned ? low : high)
    case .greater: return column.op(.greaterOrEqual, high)
    case .less: return column.op(.less, isAligned ? low : high)
    case .lessOrEqual: return column.op(.less, high)
    default: return nil
    }
  }

  /// `toDate('2024-02-03')` as the string in it.
  private func constantDate(_ expr: TypedExpr) -> ConstantValue? {
    guard case .call(let call) = expr.kind, call.name == "toDate" || call.name == "to_date", call.arguments.count == 1
    else { return nil }
    return call.arguments[0].constant?.string.map { .string($0) }
  }

  private func between(_ column: SQLExpr, _ low: SQLExpr, _ high: SQLExpr) -> SQLExpr {
    .all([column.op(.greaterOrEqual, low), column.op(.less, high)])
  }

  /// `toDate(t) >= today() - 7`: any day that is the same for every row.
  private func dayRange(_ date: DateBucket, _ operation: SQLOperator, _ other: TypedExpr) throws(QueryError) -> SQLExpr? {
    guard date.bucket == .day, case .date = date.form, other.type.isDate, other.isFixed, date.column.type.isDateTime
    else { return nil }
    let column = try value(date.column)
    let day = try typed(other)
    let zone = date.column.type.zone
    let low = midnight(day, in: zone)
    let high = midnight(day.op(.add, .integer(1)), in: zone)
    switch operation {
    case .equal: return between(column, low, high)
    case .greaterOrEqual: return column.op(.greaterOrEqual, low)
    case .greater: return column.op(.greaterOrEqual, high)
    case .less: return column.op(.less, low)
    case .lessOrEqual: return column.op(.less, high)
    default: return nil
    }
  }

  /// A Date column against a moment that is the same for every row: the column counts as its midnight.
  private func dateRange(_ column: TypedExpr, _ operation: SQLOperator, _ other: TypedExpr) throws(QueryError) -> SQLExpr? {
    guard case .column(let reference) = column.kind, !reference.isFilled, column.type.isDate, other.type.isDateTime,
      other.isFixed
    else { return nil }
    let local = try typed(other).local(in: options.timeZone)
    let floor = local.cast(to: .date)
    let ceiling = local.op(.add, .cast(.string("23:59:59.999999"), .interval)).cast(to: .date)
    switch operation {
    case .greater, .lessOrEqual: return try value(column).op(operation, floor)
    case .greaterOrEqual, .less: return try value(column).op(operation, ceiling)
    default: return nil
    }
  }

  /// The beginning of a day as a constant of the column's type.
  private func bound(_ day: CalendarDay, _ type: HogQLType) -> SQLExpr {
    if type.isDate { return .cast(.string(day.text), .date) }
    let zone = type.zone ?? options.timeZone
    if zone == "UTC" { return .cast(.string("\(day.text) 00:00:00+00"), .timestamptz) }
    return SQLExpr.cast(.string("\(day.text) 00:00:00"), .timestamp).local(in: zone)
  }
}

extension SQLOperator {
  /// The comparison with its sides exchanged.
  fileprivate var mirrored: SQLOperator? {
    switch self {
    case .equal: .equal
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    default: nil
    }
  }
}

extension TypedExpr {
  /// The columns that are not NULL wherever this condition holds.
  func presentColumns(weekStartsOnSunday: Bool) -> [ColumnReference] {
    guard case .call(let call) = kind else {
      if case .membership(let value, .values(let members), false) = kind, !members.contains(where: \.mayBeNull) {
        return value.bareColumn(weekStartsOnSunday)
      }
      return []
    }
    switch call.name {
    case "and": return call.arguments.flatMap { $0.presentColumns(weekStartsOnSunday: weekStartsOnSunday) }
    case "less", "lessOrEquals", "greater", "greaterOrEquals", "between", "isNotNull":
      return call.arguments.flatMap { $0.bareColumn(weekStartsOnSunday) }
    case "equals", "like", "ilike", "match":
      guard call.arguments.count == 2, call.arguments.contains(where: { !$0.mayBeNull }) else { return [] }
      return call.arguments.flatMap { $0.bareColumn(weekStartsOnSunday) }
    default: return []
    }
  }

  /// The column that this is, or whose date it is.
  private func bareColumn(_ weekStartsOnSunday: Bool) -> [ColumnReference] {
    let expr = DateBucket(self, weekStartsOnSunday: weekStartsOnSunday)?.column ?? self
    if case .column(let column) = expr.kind, !column.isFilled { return [column] }
    return []
  }

  /// Whether the value is one and the same for all rows, and there.
  fileprivate var isFixed: Bool { facts.isEmpty && !mayBeNull && !type.isNullable }
}
