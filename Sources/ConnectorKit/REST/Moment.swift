/// Moments in microseconds since 1970, UTC, and the texts that APIs write them in.
enum Moment {
  /// Reads ISO 8601: `2024-02-29`, `2024-02-29T12:00:00`, with fractions and a zone (`Z`, `+02:00`, `+0200`, `+02`); UTC
  /// where it names none. Nil for anything else, days that are not in the calendar included.
  static func parse(_ text: [UInt8]) -> Int64? {
    var reader = Reader(text: text)
    guard let day = reader.day() else { return nil }
    if reader.isAtEnd { return day * 86_400_000_000 }
    guard reader.takes(UInt8(ascii: "T")) || reader.takes(UInt8(ascii: "t")) || reader.takes(UInt8(ascii: " ")) else { return nil }
    guard let clock = reader.clock() else { return nil }
    guard let zone = reader.zone(), reader.isAtEnd else { return nil }
    return day * 86_400_000_000 + clock - zone
  }

  /// Days since 1970 of `2024-02-29`, nothing behind it.
  static func parseDay(_ text: [UInt8]) -> Int32? {
    var reader = Reader(text: text)
    guard let day = reader.day(), reader.isAtEnd else { return nil }
    return Int32(day)
  }

  static func text(_ microseconds: Int64, _ format: RESTTimeFormat) -> String {
    switch format {
    case .unixSeconds: "\(floorDivide(microseconds, 1_000_000))"
    case .unixMilliseconds: "\(floorDivide(microseconds, 1000))"
    case .iso: iso(microseconds)
    }
  }

  /// `2024-02-29T12:00:00.000000Z`
  static func iso(_ microseconds: Int64) -> String {
    let days = floorDivide(microseconds, 86_400_000_000)
    let clock = microseconds - days * 86_400_000_000
    let (year, month, day) = civil(days)
    let seconds = clock / 1_000_000
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2)).\(padded(clock % 1_000_000, 6))Z"
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    let quotient = value / by
    return value % by < 0 ? quotient - 1 : quotient
  }

  /// Days since 1970 of a date of the Gregorian calendar; its years begin in March here.
  static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = floorDivide(y, 400)
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private struct Reader {
    let text: [UInt8]
    var at = 0

    var isAtEnd: Bool { at == text.count }

    mutating func takes(_ byte: UInt8) -> Bool {
      guard at < text.count, text[at] == byte else { return false }
      at += 1
      return true
    }

    mutating func number(_ width: Int) -> Int64? {
      guard at + width <= text.count else { return nil }
      var value: Int64 = 0
      for place in at..<at + width {
        let digit = text[place] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int64(digit)
      }
      at += width
      return value
    }

    mutating func day() -> Int64? {
      guard let year = number(4), takes(UInt8(ascii: "-")), let month = number(2), takes(UInt8(ascii: "-")), let day = number(2),
        (1...12).contains(month)
      else { return nil }
      let start = days(year, month, 1)
      let length = days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - start
      return (1...length).contains(day) ? start + day - 1 : nil
    }

    /// Microseconds since midnight; a leap second is the first of the next minute.
    mutating func clock() -> Int64? {
      guard let hour = number(2), takes(UInt8(ascii: ":")), let minute = number(2), hour < 24, minute < 60 else { return nil }
      var micros = (hour * 60 + minute) * 60_000_000
      guard takes(UInt8(ascii: ":")) else { return micros }
      guard let second = number(2), second <= 60 else { return nil }
      micros += second * 1_000_000
      guard takes(UInt8(ascii: ".")) || takes(UInt8(ascii: ",")) else { return micros }
      var unit: Int64 = 100_000
      let start = at
      while at < text.count, text[at] &- UInt8(ascii: "0") < 10 {
        micros += Int64(text[at] - UInt8(ascii: "0")) * unit
        unit /= 10
        at += 1
      }
      return at > start ? micros : nil
    }

    /// Microseconds ahead of UTC.
    mutating func zone() -> Int64? {
      if isAtEnd || takes(UInt8(ascii: "Z")) || takes(UInt8(ascii: "z")) { return 0 }
      let sign: Int64 = takes(UInt8(ascii: "-")) ? -1 : 1
      if sign == 1, !takes(UInt8(ascii: "+")) { return nil }
      guard let hours = number(2) else { return nil }
      if isAtEnd { return sign * hours * 3_600_000_000 }
      _ = takes(UInt8(ascii: ":"))
      guard let minutes = number(2) else { return nil }
      return sign * (hours * 60 + minutes) * 60_000_000
    }
  }
}
