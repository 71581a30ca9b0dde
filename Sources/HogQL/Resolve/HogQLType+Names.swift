extension HogQLType {
  /// The name that ClickHouse gives the type, as `toTypeName` returns it.
  public var clickHouseName: String {
    let name = kindName
    return isNullable && kind != .null ? "Nullable(\(name))" : name
  }

  private var kindName: String {
    switch kind {
    case .null: "Nullable(Nothing)"
    case .bool: "Bool"
    case .flag: "UInt8"
    case .int: "Int64"
    case .float: "Float64"
    case .decimal(let scale): "Decimal(18, \(scale))"
    case .string, .json: "String"
    case .uuid: "UUID"
    case .date: "Date"
    case .dateTime(0, let zone): zone.map { "DateTime('\($0)')" } ?? "DateTime"
    case .dateTime(let precision, let zone):
      zone.map { "DateTime64(\(precision), '\($0)')" } ?? "DateTime64(\(precision))"
    case .interval(let unit): "Interval" + unit.rawValue.prefix(1).uppercased() + unit.rawValue.dropFirst()
    case .array(let element): "Array(\(element.clickHouseName))"
    case .tuple(let elements): "Tuple(\(elements.map(\.clickHouseName).joined(separator: ", ")))"
    case .map(let key, let value): "Map(\(key.clickHouseName), \(value.clickHouseName))"
    case .state(let function, let type): "AggregateFunction(\(function), \(type.clickHouseName))"
    }
  }

  /// The Postgres type that holds a value of this type.
  public var postgres: SQLTypeName {
    switch kind {
    case .null, .string: .text
    case .bool, .flag: .boolean
    case .int: .bigint
    case .float: .double
    case .decimal: .numeric
    case .uuid: .uuid
    case .date: .date
    case .dateTime: .timestamptz
    case .interval: .interval
    case .json, .tuple, .map: .jsonb
    case .state(_, let type): type.postgres
    case .array(let element): element.arrayStorage.array
    }
  }

  /// The Postgres type of this type as an array's element: itself for scalars, `jsonb` for everything composite.
  public var arrayStorage: SQLTypeName { isComposite ? .jsonb : postgres }
}

/// A Postgres type as it is written in SQL; only the names below and arrays of them exist.
public struct SQLTypeName: Hashable, Sendable {
  public let text: String
  private init(_ text: String) { self.text = text }

  public static let text = SQLTypeName("text")
  public static let boolean = SQLTypeName("boolean")
  public static let integer = SQLTypeName("integer")
  public static let bigint = SQLTypeName("bigint")
  public static let double = SQLTypeName("double precision")
  public static let numeric = SQLTypeName("numeric")
  public static let uuid = SQLTypeName("uuid")
  public static let date = SQLTypeName("date")
  public static let timestamp = SQLTypeName("timestamp")
  public static let timestamptz = SQLTypeName("timestamptz")
  public static let time = SQLTypeName("time")
  public static let interval = SQLTypeName("interval")
  public static let jsonb = SQLTypeName("jsonb")
  public static let bytea = SQLTypeName("bytea")
  public static func numeric(precision: Int, scale: Int) -> SQLTypeName {
    SQLTypeName("numeric(\(precision), \(scale))")
  }
  /// The array of this type (Postgres has one array type for all dimensions).
  public var array: SQLTypeName { text.hasSuffix("[]") ? self : SQLTypeName(text + "[]") }
}
