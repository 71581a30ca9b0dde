/// What a text, or a value of JSON, can be read as without losing anything.
struct ValueClass: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  /// A number of JSON's, which is not text that looks like one.
  static let integer = ValueClass(rawValue: 1 << 0)
  /// A whole number beyond 64 bits.
  static let largeInteger = ValueClass(rawValue: 1 << 1)
  static let decimal = ValueClass(rawValue: 1 << 2)
  /// `NaN` and the infinities.
  static let special = ValueClass(rawValue: 1 << 3)
  /// `true` and `false`.
  static let bool = ValueClass(rawValue: 1 << 4)
  static let letterT = ValueClass(rawValue: 1 << 5)
  static let letterF = ValueClass(rawValue: 1 << 6)
  static let date = ValueClass(rawValue: 1 << 7)
  static let timestamp = ValueClass(rawValue: 1 << 8)
  static let timestamptz = ValueClass(rawValue: 1 << 9)
  static let time = ValueClass(rawValue: 1 << 10)
  /// A time with more than microseconds.
  static let fineTime = ValueClass(rawValue: 1 << 11)
  static let uuid = ValueClass(rawValue: 1 << 12)
  /// An array or an object of JSON.
  static let container = ValueClass(rawValue: 1 << 13)
  static let text = ValueClass(rawValue: 1 << 14)
  /// A number with zeros before it, such as a postal code.
  static let zeroPadded = ValueClass(rawValue: 1 << 15)
  /// A text of no letters.
  static let empty = ValueClass(rawValue: 1 << 16)
  static let null = ValueClass(rawValue: 1 << 17)

  static let numbers: ValueClass = [.integer, .largeInteger, .decimal]
  static let times: ValueClass = [.date, .timestamp, .timestamptz]
  static let nothing: ValueClass = [.empty, .null]

  /// Whether the text is more than words.
  var isTyped: Bool { isDisjoint(with: [.text, .empty, .null, .letterT, .letterF]) }

  /// The class of a field of a CSV file.
  static func of(_ text: [UInt8]) -> ValueClass { text.withUnsafeBytes { of($0.trimmingSpace()) } }

  static func of(_ text: UnsafeRawBufferPointer) -> ValueClass {
    guard let first = text.first else { return .empty }
    if WordText.special(text) != nil { return .special }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
      let number = number(text)
      return number == .text ? time(text) : number
    case UInt8(ascii: "{"), UInt8(ascii: "["): return JSONText.problem(text) == nil ? .container : .text
    default: return word(text)
    }
  }

  /// The class of a string of JSON: one that looks like a number is still a string.
  static func ofString(_ text: UnsafeRawBufferPointer) -> ValueClass {
    guard let first = text.first else { return .empty }
    if first &- UInt8(ascii: "0") <= 9 { return time(text) }
    return isUUID(text) ? .uuid : .text
  }

  /// The class of a number, `.text` where it is none.
  static func number(_ text: UnsafeRawBufferPointer) -> ValueClass {
    guard let number = DecimalDigits(text), number.scale <= 16_383, number.wholeDigits <= 131_072 else { return .text }
    let digits = text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    if digits.count > 1, digits.first == UInt8(ascii: "0"), digits.dropFirst().first.map({ $0 &- UInt8(ascii: "0") <= 9 }) == true {
      return .zeroPadded
    }
    guard IntegerText.isInteger(text) else { return .decimal }
    return IntegerText.parse(text) == nil ? .largeInteger : .integer
  }

  private static func word(_ text: UnsafeRawBufferPointer) -> ValueClass {
    if text.count == 1 {
      if text[0] == UInt8(ascii: "t") { return .letterT }
      return text[0] == UInt8(ascii: "f") ? .letterF : .text
    }
    if WordText.isWord(text, "true") || WordText.isWord(text, "false") { return .bool }
    return isUUID(text) ? .uuid : .text
  }

  private static func time(_ text: UnsafeRawBufferPointer) -> ValueClass {
    if TimeScanner.isoDate(text, 0) != nil {
      if text.count == 10 { return .date }
      guard text.count >= 16 else { return .text }
      return timestamp(text)
    }
    if text.count >= 8, text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":") {
      if case .success = TimeText.time(text, digits: 6) { return .time }
    }
    return isUUID(text) ? .uuid : .text
  }

  private static func timestamp(_ text: UnsafeRawBufferPointer) -> ValueClass {
    let plain = TimeText.timestamp(text, digits: 6, hasZone: false)
    switch plain == .failure(.hasZone) ? TimeText.timestamp(text, digits: 6, hasZone: true) : plain {
    case .success: return plain == .failure(.hasZone) ? .timestamptz : .timestamp
    case .failure(.tooManyDigits): return .fineTime
    case .failure: return .text
    }
  }

  /// Only as PostgreSQL prints one: other spellings would come back changed.
  private static func isUUID(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count == 36 && WordText.uuid(text) != nil && !text.contains { (0x41...0x46).contains($0) }
  }
}
