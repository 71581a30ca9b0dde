/// Reads dates and times in ISO 8601, with a blank or a `T` between them. Without a zone a time is taken as UTC.
struct MomentParser {
  private let text: [UInt8]
  private var at = 0

  init(_ text: String) { self.text = Array(text.utf8) }

  /// Microseconds since 1970.
  consuming func dateTime() -> Int64? {
    guard let year = digits(4, 6), take("-"), let month = digits(2, 2), take("-"), let day = digits(2, 2),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let days = MomentText.days(year: year, month: month, day: day)
    // The 31st of a month with 30 days would be the first of the next one.
    guard MomentText.civil(days).day == Int(day) else { return nil }
    if at == text.count { return days * 86_400_000_000 }
    guard take("T") || take(" "), let time = clock(), let zone = zone(), at == text.count else { return nil }
    return days * 86_400_000_000 + time - zone
  }

  consuming func time() -> Int64? {
    guard let time = clock(), at == text.count else { return nil }
    return time
  }

  private mutating func clock() -> Int64? {
    guard let hour = digits(2, 2), take(":"), let minute = digits(2, 2), hour <= 24, minute < 60 else { return nil }
    var microseconds = (hour * 60 + minute) * 60_000_000
    if take(":") {
      guard let second = digits(2, 2), second < 60 else { return nil }
      microseconds += second * 1_000_000
      if take(".") {
        let start = at
        guard let fraction = digits(1, 9) else { return nil }
        let power = 6 - (at - start)
        microseconds += power >= 0 ? fraction * Int64(Scalar.powersOfTen[power]) : fraction / Int64(Scalar.powersOfTen[-power])
      }
    }
    return microseconds <= 86_400_000_000 ? microseconds : nil
  }

  /// Microseconds east of UTC.
  private mutating func zone() -> Int64? {
    if at == text.count || take("Z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = digits(2, 2) else { return nil }
    _ = take(":")
    guard let minutes = at == text.count ? 0 : digits(2, 2), hours < 16, minutes < 60 else { return nil }
    return (isWest ? -1 : 1) * (hours * 60 + minutes) * 60_000_000
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < text.count, text[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func digits(_ least: Int, _ most: Int) -> Int64? {
    let start = at
    var value: Int64 = 0
    while at < text.count, at - start < most, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[at]) {
      value = value * 10 + Int64(text[at] - UInt8(ascii: "0"))
      at += 1
    }
    return at - start >= least ? value : nil
  }
}
