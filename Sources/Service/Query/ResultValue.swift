public import HogQL
public import JSON
import SQLText

/// A value of an answer: what Postgres sent as text, in the form that its type has in JSON.
///
/// Integers beyond ±2^53 and decimals of more than 15 digits are texts, since a reader of JSON would round them.
/// Moments are in UTC, with a `Z`.
public enum ResultValue {
  /// - Parameter text: a column's text of a session in UTC; nil for NULL.
  public static func json(_ text: String?, _ type: HogQLType) -> JSONValue {
    guard let text else { return .null }
    switch type.kind {
    case .null: return .null
    case .bool: return .bool(isTrue(text))
    case .flag: return .integer(isTrue(text) ? 1 : 0)
    case .int: return integer(text)
    case .float: return float(text)
    case .decimal: return decimal(text)
    case .dateTime: return .string(moment(text))
    case .string, .uuid, .date, .interval, .json: return .string(text)
    case .array(let element): return .array(elements(text, element))
    case .tuple, .map: return parsed(text, type)
    case .state(_, let inner): return json(text, inner)
    }
  }

  /// The value for a cell or a field of text; nil for NULL.
  public static func text(_ text: String?, _ type: HogQLType) -> String? {
    switch json(text, type) {
    case .null: nil
    case .string(let text): text
    case let value: value.text()
    }
  }

  // MARK: Scalars

  private static func isTrue(_ text: String) -> Bool { text == "t" || text == "true" || text == "1" }

  private static let exact: ClosedRange<Int64> = -(1 << 53)...(1 << 53)

  private static func integer(_ text: String) -> JSONValue {
    guard let number = Int64(text) else { return text.contains(".") ? decimal(text) : .string(text) }
    return exact.contains(number) ? .integer(number) : .string(text)
  }

  private static func float(_ text: String) -> JSONValue {
    switch text {
    case "NaN", "nan": .string("nan")
    case "Infinity", "inf": .string("inf")
    case "-Infinity", "-inf": .string("-inf")
    default: .number(text)
    }
  }

  private static func decimal(_ text: String) -> JSONValue {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 || $0 == 45 }) else { return float(text) }
    let short = withoutTrailingZeros(text)
    let digits = short.utf8.filter { (48...57).contains($0) }.drop { $0 == 48 }.count
    return digits > 15 ? .string(short) : .number(short)
  }

  /// Of a number's fraction, and the point where nothing is left of it.
  private static func withoutTrailingZeros(_ text: String) -> String {
    guard text.utf8.contains(46) else { return text }
    var bytes = Array(text.utf8)
    while bytes.last == 48 { bytes.removeLast() }
    if bytes.last == 46 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `2024-01-20 00:00:00.500+00` → `2024-01-20T00:00:00.5Z`.
  private static func moment(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let gap = bytes.firstIndex(where: { $0 == 32 || $0 == UInt8(ascii: "T") }) else { return text }
    let rest = bytes[(gap + 1)...]
    let time = rest.prefix { (48...57).contains($0) || $0 == 58 || $0 == 46 }
    let suffix = rest.hasSuffix(" BC") ? " BC" : ""
    let day = String(decoding: bytes[..<gap], as: UTF8.self)
    return day + "T" + withoutTrailingZeros(String(decoding: time, as: UTF8.self)) + "Z" + suffix
  }

  // MARK: What holds values

  private static func elements(_ text: String, _ element: HogQLType) -> [JSONValue] {
    ArrayText.elements(of: text).map { item in
      guard let item else { return .null }
      return element.isComposite ? parsed(item, element) : json(item, element)
    }
  }

  private static func parsed(_ text: String, _ type: HogQLType) -> JSONValue {
    guard let value = try? JSONValue(parsing: text) else { return .string(text) }
    return typed(value, type)
  }

  /// A value inside a tuple, a map or an array of them.
  private static func typed(_ value: JSONValue, _ type: HogQLType) -> JSONValue {
    if value.isNull { return .null }
    switch type.kind {
    case .flag: return value.boolValue.map { .integer($0 ? 1 : 0) } ?? value
    case .int, .float, .decimal, .dateTime: return scalar(value, type)
    case .json: return .string(value.stringValue ?? value.text())
    case .array(let element): return value.elements.map { .array($0.map { typed($0, element) }) } ?? value
    case .tuple(let types):
      guard let elements = value.elements, elements.count == types.count else { return value }
      return .array(zip(elements, types).map { typed($0, $1) })
    case .map(_, let element):
      return value.members.map { .object($0.map { (key: $0.key, value: typed($0.value, element)) }) } ?? value
    case .state(_, let inner): return typed(value, inner)
    case .null, .bool, .string, .uuid, .date, .interval: return value
    }
  }

  private static func scalar(_ value: JSONValue, _ type: HogQLType) -> JSONValue {
    switch value {
    case .integer(let number): json("\(number)", type)
    case .number(let text), .string(let text): json(text, type)
    default: value
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
