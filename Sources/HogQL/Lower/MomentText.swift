/// A constant string that says a date or a time: `2024-02-03`, `2024-02-03 04:05:06.789`, with `T` and a zone too.
struct MomentText: Hashable, Sendable {
  let date: String
  let time: String?
  /// `Z` or an offset such as `+02:00`.
  let zone: String?

  var hasTime: Bool { time != nil }
  var text: String { date + (time.map { " " + $0 } ?? " 00:00:00") + (zone == "Z" ? "+00" : zone ?? "") }
  var hasFraction: Bool { time?.utf8.contains(UInt8(ascii: ".")) ?? false }

  init?(_ text: String) {
    var reader = Reader(bytes: Array(text.utf8))
    guard let date = reader.date() else { return nil }
    self.date = date
    guard !reader.isAtEnd else {
      (time, zone) = (nil, nil)
      return
    }
    guard reader.skip(" ") || reader.skip("T"), let time = reader.time() else { return nil }
    self.time = time
    zone = reader.zone()
    guard reader.isAtEnd else { return nil }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func skip(_ character: Character) -> Bool {
      guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func digits(_ range: ClosedRange<Int>) -> String? {
      var end = position
      while end < bytes.count, end - position < range.upperBound, (48...57).contains(bytes[end]) { end += 1 }
      guard end - position >= range.lowerBound else { return nil }
      defer { position = end }
      return String(decoding: bytes[position..<end], as: UTF8.self)
    }

    mutating func date() -> String? {
      guard let year = digits(4...4), skip("-"), let month = digits(1...2), skip("-"), let day = digits(1...2),
        let m = Int(month), let d = Int(day), let y = Int(year), (1...12).contains(m), (1...31).contains(d),
        d <= MomentText.days(in: m, of: y)
      else { return nil }
      return "\(year)-\(m < 10 ? "0" : "")\(m)-\(d < 10 ? "0" : "")\(d)"
    }

    mutating func time() -> String? {
      guard let hour = digits(1...2), skip(":"), let minute = digits(2...2), let h = Int(hour), h < 24,
        let m = Int(minute), m < 60
      else { return nil }
      var text = (h < 10 ? "0\(h)" : "\(h)") + ":" + minute
      guard skip(":") else { return text + ":00" }
      guard let second = digits(2...2), let s = Int(second), s < 60 else { return nil }
      text += ":" + second
      if skip(".") {
        guard let fraction = digits(1...9) else { return nil }
        text += "." + fraction.prefix(6)
      }
      return text
    }

    mutating func zone() -> String? {
      if skip("Z") { return "Z" }
      let sign = skip("+") ? "+" : skip("-") ? "-" : ""
      guard !sign.isEmpty, let hour = digits(2...2) else { return nil }
      _ = skip(":")
      return sign + hour + ":" + (digits(2...2) ?? "00")
    }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
