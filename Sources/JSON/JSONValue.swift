/// A JSON value that keeps what it was read from: numbers exactly, members in their order.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Any other number, as its decimal text: `0.10`, `1e400`, `12345678901234567890`.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])
}

extension JSONValue {
  /// A number that reads back as the same `Double`; null for NaN and the infinities, which JSON has not.
  public init(_ value: Double) {
    self = value.isFinite ? .number("\(value)") : .null
  }

  /// The member with this key, the last one where it occurs twice; nil in anything but an object.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.key.isSameText(as: key) }?.value
  }

  /// The element at a position; nil beyond the end and in anything but an array.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  public var isNull: Bool { if case .null = self { true } else { false } }

  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  public var integerValue: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// Any number as the nearest `Double`; nil where none is near, such as for `1e400`.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
    default: nil
    }
  }

  public var elements: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  public var members: [(key: String, value: JSONValue)]? {
    if case .object(let value) = self { value } else { nil }
  }
}

extension JSONValue: Equatable {
  /// Equal as text: members in another order, `1` and `1.0`, or two ways to compose `é` differ.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.isSameText(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.elementsEqual(b) { $0.key.isSameText(as: $1.key) && $0.value == $1.value }
    default: false
    }
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self.init(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(members.map { (key: $0.0, value: $0.1) })
  }
}

extension String {
  /// Byte for byte; Swift's `==` takes texts for equal that are only composed alike.
  fileprivate func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
