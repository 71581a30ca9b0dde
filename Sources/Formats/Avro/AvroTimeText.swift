/// Dates, times and decimals as text, as they stand in JSON.
enum AvroTimeText {
  /// `2024-02-29`; years before 1 or after 9999 have a sign and as many digits as they need.
  static func append(daysSince1970 days: Int64, to text: inout [UInt8]) {
    let (year, month, day) = civil(days)
    if year < 0 || year > 9_999 { text.append(UInt8(ascii: year < 0 ? "-" : "+")) }
    append(year.magnitude, digits: 4, to: &text)
    text.append(UInt8(ascii: "-"))
    append(UInt64(month), digits: 2, to: &text)
    text.append(UInt8(ascii: "-"))
    append(UInt64(day), digits: 2, to: &text)
  }

  /// `23:59:59.123456`, with all digits of the unit.
  static func append(timeOfDay value: Int64, _ unit: AvroSchema.Unit, to text: inout [UInt8]) {
    let (seconds, fraction) = value.quotientAndRemainder(dividingBy: unit.perSecond)
    append(UInt64(seconds / 3_600), digits: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(UInt64(seconds / 60 % 60), digits: 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(UInt64(seconds % 60), digits: 2, to: &text)
    text.append(UInt8(ascii: "."))
    append(UInt64(fraction), digits: unit.digits, to: &text)
  }

  /// `2024-02-29T23:59:59.123456Z`; without the `Z` where it is no time of UTC.
  static func append(timestamp value: Int64, _ unit: AvroSchema.Unit, isUTC: Bool, to text: inout [UInt8]) {
    let perDay = 86_400 * unit.perSecond
    let days = floorDivide(value, perDay)
    append(daysSince1970: days, to: &text)
    text.append(UInt8(ascii: "T"))
    append(timeOfDay: value &- days &* perDay, unit, to: &text)
    if isUTC { text.append(UInt8(ascii: "Z")) }
  }

  static func append(_ value: UInt64, digits: Int, to text: inout [UInt8]) {
    let plain = String(value)
    text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, digits - plain.utf8.count)))
    text.append(contentsOf: plain.utf8)
  }

  static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: by)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// The proleptic Gregorian calendar, by eras of 400 years that begin in March.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), Int(month), Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
  }
}
