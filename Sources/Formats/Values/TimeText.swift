/// Dates and times as ISO 8601 and PostgreSQL write them, in PostgreSQL's counting: days and microseconds since 2000.
enum TimeText {
  /// `2024-02-29`, `20240229`, `0044-03-15 BC`, `infinity`.
  static func date(_ text: UnsafeRawBufferPointer) -> Result<Int32, ValueProblem> {
    if let days = TimeScanner.isoDate(text, 0), text.count == 10 { return .success(days) }
    if let end = infinity(text) { return .success(end ? .max : .min) }
    var scanner = TimeScanner(text)
    guard let date = scanner.date(), scanner.isAtEnd || scanner.takesEra() else { return .failure(.notDate) }
    guard let days = date.days(isBC: scanner.isBC) else { return .failure(date.isPossible ? .outOfRange : .notDate) }
    return .success(days)
  }

  /// `12:30`, `12:30:00.123456`, as microseconds since midnight.
  static func time(_ text: UnsafeRawBufferPointer, digits: Int) -> Result<Int64, ValueProblem> {
    var scanner = TimeScanner(text)
    guard let time = scanner.timeOfDay() else { return .failure(.notTime) }
    if !scanner.isAtEnd { return .failure(scanner.zone() != nil && scanner.isAtEnd ? .hasZone : .notTime) }
    return kept(time, digits)
  }

  /// A date, perhaps a time and perhaps a zone. Without a zone the time is UTC's.
  @inline(__always)
  static func timestamp(_ text: UnsafeRawBufferPointer, digits: Int, hasZone: Bool) -> Result<Int64, ValueProblem> {
    var scanner = TimeScanner(text)
    guard let days = scanner.commonDate() else { return rareTimestamp(text, digits, hasZone) }
    guard let time = scanner.timeOfDay() else { return .failure(.notTimestamp) }
    let result = finish(days: days, time, &scanner, digits, hasZone)
    if case .failure(.notTimestamp) = result { return rareTimestamp(text, digits, hasZone) }
    return result
  }

  @inline(__always)
  private static func finish(
    days: Int32, _ time: TimeOfDay, _ scanner: inout TimeScanner, _ digits: Int, _ hasZone: Bool
  ) -> Result<Int64, ValueProblem> {
    var offset: Int64 = 0
    if !scanner.isAtEnd {
      if let seconds = scanner.zone() {
        guard hasZone else { return .failure(scanner.isAtEnd ? .hasZone : .notTimestamp) }
        offset = Int64(seconds)
      }
      if !scanner.isAtEnd { return .failure(.notTimestamp) }
    }
    if time.lostDigits || digits < 6, case .failure(let problem) = kept(time, digits) { return .failure(problem) }
    let value = (Int64(days) * 86_400 - offset) * 1_000_000 + time.microseconds
    return value < range.lowerBound || value >= range.upperBound ? .failure(.outOfRange) : .success(value)
  }

  /// Dates alone, years of five digits, years before Christ, the infinities, and what is no time.
  @inline(never)
  private static func rareTimestamp(_ text: UnsafeRawBufferPointer, _ digits: Int, _ hasZone: Bool)
    -> Result<Int64, ValueProblem>
  {
    if let end = infinity(text) { return .success(end ? .max : .min) }
    var body = text
    var isBC = false
    if text.count > 3, WordText.isWord(UnsafeRawBufferPointer(rebasing: text.suffix(2)), "bc") {
      isBC = true
      body = UnsafeRawBufferPointer(rebasing: text.dropLast(2)).trimmingSpace()
    }
    var scanner = TimeScanner(body)
    guard let date = scanner.date() else { return .failure(.notTimestamp) }
    guard let days = date.days(isBC: isBC) else { return .failure(date.isPossible ? .outOfRange : .notTimestamp) }
    // The last day in the range, and a few more: their microseconds still fit 64 bits.
    guard abs(Int64(days)) <= 106_751_985 else { return .failure(.outOfRange) }
    var time = TimeOfDay()
    if !scanner.isAtEnd {
      guard scanner.takesSeparator(), let found = scanner.timeOfDay() else { return .failure(.notTimestamp) }
      time = found
    }
    return finish(days: days, time, &scanner, digits, hasZone)
  }

  private static func kept(_ time: TimeOfDay, _ digits: Int) -> Result<Int64, ValueProblem> {
    let unit = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1][min(max(digits, 0), 6)]
    if time.lostDigits || time.microseconds % Int64(unit) != 0 { return .failure(.tooManyDigits(kept: digits)) }
    return .success(time.microseconds)
  }

  /// From 4714-11-24 BC to the end of 294276.
  private static let range: Range<Int64> = -211_813_488_000_000_000..<9_223_371_331_200_000_000

  /// - Returns: true for `infinity`, false for `-infinity`.
  private static func infinity(_ text: UnsafeRawBufferPointer) -> Bool? {
    switch WordText.special(text) {
    case .infinity: true
    case .negativeInfinity: false
    default: nil
    }
  }
}

/// A time of day, midnight unless set.
struct TimeOfDay {
  /// Up to the end of the day inclusive, which is written 24:00:00.
  var microseconds: Int64 = 0
  /// Whether there were digits behind the microseconds that are not 0.
  var lostDigits = false
}

/// A date in the Gregorian calendar, as it was written.
struct CalendarDate {
  var year: Int
  var month: Int
  var day: Int

  /// Whether there is such a day, in a year that PostgreSQL knows or not.
  var isPossible: Bool { year > 0 && (1...12).contains(month) && day >= 1 && day <= Self.length(month, year) }

  /// Days since 2000-01-01; nil where there is no such day or PostgreSQL knows none.
  func days(isBC: Bool) -> Int32? {
    guard year > 0 else { return nil }
    let year = isBC ? 1 - year : year
    guard (1...12).contains(month), day >= 1, day <= Self.length(month, year), year <= 5_874_897 else { return nil }
    let days = Self.daysSince2000(year, month, day)
    return days >= -2_451_545 ? Int32(days) : nil
  }

  @inline(__always)
  static func length(_ month: Int, _ year: Int) -> Int {
    if month == 2 { return year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return 30 + (month + month >> 3) & 1
  }

  /// Counts from 1 March, so that the leap day is the last of its year; an era is 400 years.
  @inline(__always)
  static func daysSince2000(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 730_425
  }
}
