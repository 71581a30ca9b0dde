/// Dates and times as text.
enum MomentText {
  static func date(_ days: Int64) -> String {
    let (year, month, day) = civil(days)
    return "\(padded(year, 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
  }

  static func time(_ value: Int64, _ unit: TimeUnit) -> String {
    let perSecond = [1000, 1_000_000, 1_000_000_000][unit.rawValue - 1] as Int64
    let seconds = value.floorDivided(by: perSecond)
    // The product may pass the lowest number by less than a second: the difference is right all the same.
    let fraction = value &- seconds &* perSecond
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return "\(parts.joined(separator: ":")).\(padded(fraction, unit.digits))"
  }

  /// `2024-02-29 23:59:59.123456+00`; for JSON `2024-02-29T23:59:59.123456Z`.
  static func timestamp(_ value: Int64, _ unit: TimeUnit, isUTC: Bool, isISO: Bool) -> String {
    let perDay = 86_400 * ([1000, 1_000_000, 1_000_000_000][unit.rawValue - 1] as Int64)
    let days = value.floorDivided(by: perDay)
    let zone = isUTC ? (isISO ? "Z" : "+00") : ""
    // As with the seconds.
    return "\(date(days))\(isISO ? "T" : " ")\(time(value &- days &* perDay, unit))\(zone)"
  }

  static func padded(_ value: Int64, _ digits: Int) -> String {
    let text = String(value.magnitude)
    return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// The proleptic Gregorian date, years before 1 counted on below 0.
  static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
    // Years are counted from March on, so that the leap day is their last one.
    let shifted = days + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
  }

  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
