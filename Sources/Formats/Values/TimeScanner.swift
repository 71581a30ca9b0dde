/// Reads a date, a time and a zone from the front of a text.
struct TimeScanner {
  private let text: UnsafeRawBufferPointer
  private var at = 0
  private(set) var isBC = false

  @inline(__always)
  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  var isAtEnd: Bool { at == text.count }

  /// Days since 2000 of the ten bytes `YYYY-MM-DD` at a place; nil where there is no such date.
  @inline(__always)
  static func isoDate(_ text: UnsafeRawBufferPointer, _ at: Int) -> Int32? {
    guard text.count >= at + 10, text[at + 4] == UInt8(ascii: "-"), text[at + 7] == UInt8(ascii: "-") else { return nil }
    func digit(_ place: Int) -> Int { Int(text[at + place] &- UInt8(ascii: "0")) }
    let digits = (digit(0), digit(1), digit(2), digit(3), digit(5), digit(6), digit(8), digit(9))
    let first = max(max(digits.0, digits.1), max(digits.2, digits.3))
    guard max(first, max(max(digits.4, digits.5), max(digits.6, digits.7))) <= 9 else { return nil }
    let year = digits.0 * 1000 + digits.1 * 100 + digits.2 * 10 + digits.3
    let month = digits.4 * 10 + digits.5
    let day = digits.6 * 10 + digits.7
    guard year >= 1, month >= 1, month <= 12, day >= 1, day <= CalendarDate.length(month, year) else { return nil }
    return Int32(truncatingIfNeeded: CalendarDate.daysSince2000(year, month, day))
  }

  /// `YYYY-MM-DD` with a separator behind it, and a time to follow.
  @inline(__always)
  mutating func commonDate() -> Int32? {
    guard text.count >= 16, let days = Self.isoDate(text, 0) else { return nil }
    at = 10
    return takesSeparator() ? days : nil
  }

  /// `T`, `t` or spaces.
  @inline(__always)
  mutating func takesSeparator() -> Bool {
    guard at < text.count else { return false }
    if text[at] | 0x20 == UInt8(ascii: "t") {
      at += 1
      return true
    }
    let start = at
    skipSpace()
    return at > start
  }

  @inline(__always)
  private mutating func skipSpace() { while at < text.count, text[at] == 0x20 { at += 1 } }

  /// A date of any year: `2024-02-29`, `12024-02-29`, or `20240229`.
  mutating func date() -> CalendarDate? {
    guard let (year, length) = number(most: 8), length >= 4 else { return nil }
    if length == 8, at == text.count || text[at] != UInt8(ascii: "-") {
      return CalendarDate(year: year / 10_000, month: year / 100 % 100, day: year % 100)
    }
    guard length <= 7, takes("-"), let month = two(), takes("-"), let day = two() else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  /// ` BC`, which ends the text.
  mutating func takesEra() -> Bool {
    let rest = UnsafeRawBufferPointer(rebasing: text[at...]).trimmingSpace()
    guard WordText.isWord(rest, "bc") else { return false }
    (at, isBC) = (text.count, true)
    return true
  }

  /// `HH:MM`, `HH:MM:SS`, `HH:MM:SS.ffffff`.
  @inline(__always)
  mutating func timeOfDay() -> TimeOfDay? {
    guard let hour = two(), takes(":"), let minute = two(), hour <= 24, minute <= 59 else { return nil }
    var result = TimeOfDay(microseconds: Int64(hour * 3600 + minute * 60) * 1_000_000)
    if takes(":") {
      guard let second = two(), second <= 59 else { return nil }
      result.microseconds += Int64(second) * 1_000_000
      if at < text.count, text[at] == UInt8(ascii: ".") || text[at] == UInt8(ascii: ",") {
        at += 1
        guard fraction(&result) else { return nil }
      }
    }
    return result.microseconds <= 86_400_000_000 ? result : nil
  }

  private mutating func fraction(_ time: inout TimeOfDay) -> Bool {
    let start = at
    var unit: Int64 = 100_000
    while at < text.count, text[at] &- UInt8(ascii: "0") <= 9 {
      let digit = Int64(text[at] - UInt8(ascii: "0"))
      time.microseconds += digit * unit
      if unit == 0, digit > 0 { time.lostDigits = true }
      unit /= 10
      at += 1
    }
    return at > start
  }

  /// `Z`, `UTC`, `GMT`, `+02`, `+0200`, `+02:00`, `+02:00:00`, perhaps after a space: seconds east of Greenwich.
  @inline(__always)
  mutating func zone() -> Int? {
    let start = at
    skipSpace()
    guard at < text.count else {
      at = start
      return nil
    }
    let first = text[at]
    if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
      at += 1
      guard let hour = two(), hour <= 15 else {
        at = start
        return nil
      }
      var seconds = hour * 3600
      if let minute = sexagesimal() {
        seconds += minute * 60
        if let second = sexagesimal() { seconds += second }
      }
      return first == UInt8(ascii: "-") ? -seconds : seconds
    }
    let rest = UnsafeRawBufferPointer(rebasing: text[at...])
    guard WordText.isWord(rest, "z") || WordText.isWord(rest, "utc") || WordText.isWord(rest, "gmt") else {
      at = start
      return nil
    }
    at = text.count
    return 0
  }

  /// Two digits up to 59, perhaps after a colon; what is none is left in place.
  @inline(__always)
  private mutating func sexagesimal() -> Int? {
    let start = at
    _ = takes(":")
    if let value = two(), value <= 59 { return value }
    at = start
    return nil
  }

  @inline(__always)
  private mutating func takes(_ mark: Unicode.Scalar) -> Bool {
    guard at < text.count, text[at] == UInt8(truncatingIfNeeded: mark.value) else { return false }
    at += 1
    return true
  }

  @inline(__always)
  private mutating func two() -> Int? {
    guard at + 2 <= text.count else { return nil }
    let (tens, ones) = (text[at] &- UInt8(ascii: "0"), text[at + 1] &- UInt8(ascii: "0"))
    guard tens <= 9, ones <= 9 else { return nil }
    at += 2
    return Int(tens) * 10 + Int(ones)
  }

  private mutating func number(most: Int) -> (value: Int, length: Int)? {
    let start = at
    var value = 0
    while at < text.count, at - start < most, text[at] &- UInt8(ascii: "0") <= 9 {
      value = value * 10 + Int(text[at] - UInt8(ascii: "0"))
      at += 1
    }
    return at > start ? (value, at - start) : nil
  }
}
