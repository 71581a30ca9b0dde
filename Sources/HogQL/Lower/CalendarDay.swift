/// A day of the Gregorian calendar, as a number of days since 1970-01-01.
struct CalendarDay: Hashable, Comparable, Sendable {
  var number: Int

  static func < (one: CalendarDay, other: CalendarDay) -> Bool { one.number < other.number }

  /// The first day of a month; months count on past 12.
  init(year: Int, month: Int, day: Int = 1) {
    let months = year * 12 + month - 1
    let (y, m) = (months.flooredQuotient(12), months.flooredRemainder(12) + 1)
    // Days before the month, in years that begin in March, where the leap day comes last.
    let shifted = m <= 2 ? y - 1 : y
    let era = shifted.flooredQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468 + day - 1
  }

  private init(number: Int) { self.number = number }

  /// `2024-02-03`
  init?(_ text: String) {
    let parts = text.split(separator: "-").map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2], (1...12).contains(month),
      (1...9999).contains(year)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  var year: Int { yearAndMonth.year }

  private var yearAndMonth: (year: Int, month: Int) {
    var year = number.flooredQuotient(146_097) * 400 + number.flooredRemainder(146_097) * 400 / 146_097 + 1969
    while CalendarDay(year: year + 1, month: 1) <= self { year += 1 }
    var month = 1
    while month < 12, CalendarDay(year: year, month: month + 1) <= self { month += 1 }
    return (year, month)
  }

  /// As Postgres reads it.
  var text: String {
    let (year, month) = yearAndMonth
    let day = number - CalendarDay(year: year, month: month).number + 1
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  func advanced(by days: Int) -> CalendarDay { CalendarDay(number: number + days) }

  /// A stretch of days that a date function maps to one value.
  enum Bucket: Hashable, Sendable {
    case day
    case week(startsOnSunday: Bool)
    case month, quarter, year
  }

  /// The first day of the bucket that the day is in.
  func start(of bucket: Bucket) -> CalendarDay {
    let (year, month) = yearAndMonth
    switch bucket {
    case .day: return self
    // 1970-01-01 was a Thursday.
    case .week(let startsOnSunday): return advanced(by: -(number + (startsOnSunday ? 4 : 3)).flooredRemainder(7))
    case .month: return CalendarDay(year: year, month: month)
    case .quarter: return CalendarDay(year: year, month: (month - 1) / 3 * 3 + 1)
    case .year: return CalendarDay(year: year, month: 1)
    }
  }

  /// The first day of the next bucket, for a day that starts one.
  func next(_ bucket: Bucket) -> CalendarDay {
    let (year, month) = yearAndMonth
    switch bucket {
    case .day: return advanced(by: 1)
    case .week: return advanced(by: 7)
    case .month: return CalendarDay(year: year, month: month + 1)
    case .quarter: return CalendarDay(year: year, month: month + 3)
    case .year: return CalendarDay(year: year + 1, month: 1)
    }
  }
}

extension Int {
  fileprivate func flooredQuotient(_ divisor: Int) -> Int { (self - flooredRemainder(divisor)) / divisor }
  fileprivate func flooredRemainder(_ divisor: Int) -> Int { (self % divisor + divisor) % divisor }
}
