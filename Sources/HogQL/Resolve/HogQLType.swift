/// What an expression gives: a kind of value, and whether ClickHouse would call it Nullable.
///
/// Nullability decides results (an aggregate over no rows, an unmatched join side), so it follows ClickHouse and
/// not the Postgres column: a linked column declared NOT NULL is Nullable all the same.
public struct HogQLType: Hashable, Sendable {
  public indirect enum Kind: Hashable, Sendable {
    /// The type of the constant NULL.
    case null
    /// ClickHouse's Bool: `true` and `false`.
    case bool
    /// What a comparison gives: UInt8 1 or 0, a boolean in SQL.
    case flag
    case int
    case float
    case decimal(scale: Int)
    case string
    case uuid
    case date
    /// A moment. `precision` is 0 (seconds) or 6; `zone` names the zone it is shown in, nil the project's.
    case dateTime(precision: Int, zone: String?)
    case interval(IntervalUnit)
    /// A JSON column: text that holds JSON to HogQL, `jsonb` to Postgres.
    case json
    case array(HogQLType)
    case tuple([HogQLType])
    case map(HogQLType, HogQLType)
    /// The partial state of an aggregate (`-State`), which only its `-Merge` can read.
    case state(function: String, HogQLType)
  }

  public var kind: Kind
  public var isNullable: Bool

  public init(_ kind: Kind, isNullable: Bool = false) {
    self.kind = kind
    self.isNullable = isNullable && HogQLType.canBeNullable(kind)
  }

  private static func canBeNullable(_ kind: Kind) -> Bool {
    switch kind {
    case .array, .tuple, .map, .state: false
    default: true
    }
  }
}

extension IntervalUnit {
  /// The unit that Postgres counts in and how many of it one of these is.
  public var inPostgres: (unit: String, count: Int) {
    switch self {
    case .second: ("secs", 1)
    case .minute: ("mins", 1)
    case .hour: ("hours", 1)
    case .day: ("days", 1)
    case .week: ("weeks", 1)
    case .month: ("months", 1)
    case .quarter: ("months", 3)
    case .year: ("years", 1)
    }
  }
}

extension HogQLType {
  public static let null = HogQLType(.null, isNullable: true)
  public static let bool = HogQLType(.bool)
  public static let flag = HogQLType(.flag)
  public static let int = HogQLType(.int)
  public static let float = HogQLType(.float)
  public static let string = HogQLType(.string)
  public static let uuid = HogQLType(.uuid)
  public static let date = HogQLType(.date)
  /// A moment with whole seconds in the project's zone.
  public static let dateTime = HogQLType(.dateTime(precision: 0, zone: nil))
  /// A moment with microseconds in the project's zone.
  public static let dateTime64 = HogQLType(.dateTime(precision: 6, zone: nil))
  public static let json = HogQLType(.json)
  public static func decimal(_ scale: Int) -> HogQLType { HogQLType(.decimal(scale: scale)) }
  public static func array(_ element: HogQLType) -> HogQLType { HogQLType(.array(element)) }
  public static func tuple(_ elements: [HogQLType]) -> HogQLType { HogQLType(.tuple(elements)) }
  public static func map(_ key: HogQLType, _ value: HogQLType) -> HogQLType {
    HogQLType(.map(key, value))
  }

  /// The same kind, Nullable.
  public var nullable: HogQLType { HogQLType(kind, isNullable: true) }
  /// The same kind, not Nullable.
  public var notNull: HogQLType { HogQLType(kind, isNullable: false) }
  public func nullable(if condition: Bool) -> HogQLType { HogQLType(kind, isNullable: condition) }
}

extension HogQLType {
  public var isBoolean: Bool { kind == .bool || kind == .flag }
  public var isNullConstant: Bool { kind == .null }
  public var isString: Bool { kind == .string || kind == .json }
  public var isFloat: Bool { kind == .float }

  public var isDecimal: Bool { decimalScale != nil }

  public var decimalScale: Int? {
    if case .decimal(let scale) = kind { scale } else { nil }
  }

  /// Integers, floats and decimals; not booleans.
  public var isNumber: Bool { kind == .int || kind == .float || isDecimal }

  /// What arithmetic accepts: numbers and booleans.
  public var isNumeric: Bool { isNumber || isBoolean }

  public var isDateTime: Bool {
    if case .dateTime = kind { true } else { false }
  }

  public var isDate: Bool { kind == .date }
  public var isTemporal: Bool { isDate || isDateTime }

  public var intervalUnit: IntervalUnit? {
    if case .interval(let unit) = kind { unit } else { nil }
  }

  /// The element type of an array.
  public var element: HogQLType? {
    if case .array(let element) = kind { element } else { nil }
  }

  public var isArray: Bool { element != nil }

  public var tupleElements: [HogQLType]? {
    if case .tuple(let elements) = kind { elements } else { nil }
  }

  public var mapTypes: (key: HogQLType, value: HogQLType)? {
    if case .map(let key, let value) = kind { (key, value) } else { nil }
  }

  /// Arrays, tuples and maps: what is `jsonb` inside an array.
  public var isComposite: Bool {
    switch kind {
    case .array, .tuple, .map, .state, .json: true
    default: false
    }
  }

  /// The zone that a moment is shown in, when it is not the project's.
  public var zone: String? {
    if case .dateTime(_, let zone) = kind { zone } else { nil }
  }
}
