/// A moment of UTC to the second, taken apart.
struct Moment: Sendable, Hashable {
  let year, month, day, hour, minute, second: Int
  /// 0 is Sunday.
  let weekday: Int

  /// - Parameter seconds: since 1970, not negative.
  init(seconds: Int) {
    let days = seconds / 86_400
    // The civil calendar from days, by eras of 400 years that begin in March.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
    weekday = (days + 4) % 7
  }

  /// `20130524`
  var dayText: String { digits(year, 4) + digits(month) + digits(day) }
  /// `20130524T000000Z`
  var basic: String { "\(dayText)T\(digits(hour))\(digits(minute))\(digits(second))Z" }

  /// `Fri, 24 May 2013 00:00:00 GMT`
  var http: String {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(days[weekday]), \(digits(day)) \(months[month - 1]) \(digits(year, 4)) "
      + "\(digits(hour)):\(digits(minute)):\(digits(second)) GMT"
  }

  /// Microseconds since 1970 of `2009-10-12T17:50:30.000Z`, as S3 writes it; nil for anything else.
  static func microseconds(iso text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T") else { return nil }
    func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month), (1970...9999).contains(year)
    else { return nil }
    var fraction: Int64 = 0
    if bytes[19] == UInt8(ascii: ".") {
      let digits = (bytes[20..<(bytes.count - 1)] + Array(repeating: UInt8(ascii: "0"), count: 6)).prefix(6)
      guard let value = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
      fraction = value
    }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let yearOfEra = shiftedYear % 400
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return Int64(days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000 + fraction
  }

  private func digits(_ value: Int, _ count: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
