import Rows

/// The PostgreSQL types that text is turned into.
enum ValueForm: Sendable, Hashable {
  case bool, int16, int32, int64, float, double, date, uuid, json, jsonb, bytea, text
  /// `precision` is nil for `numeric` alone, which takes any number of digits.
  case numeric(precision: Int?, scale: Int)
  /// At most so many characters.
  case limitedText(Int)
  /// So many digits after the second.
  case time(digits: Int)
  case timestamp(digits: Int, hasZone: Bool)

  /// - Returns: nil for a type that is not one of these.
  init?(_ type: ColumnType) {
    let (name, modifiers) = Self.parts(type.name)
    let digits = modifiers.first.map { min(max($0, 0), 6) } ?? 6
    switch name {
    case "boolean", "bool": self = .bool
    case "smallint", "int2": self = .int16
    case "integer", "int", "int4": self = .int32
    case "bigint", "int8": self = .int64
    case "real", "float4": self = .float
    case "double precision", "float8": self = .double
    case "numeric", "decimal": self = .numeric(precision: modifiers.first, scale: modifiers.dropFirst().first ?? 0)
    case "text": self = .text
    case "character varying", "varchar": self = modifiers.first.map { .limitedText($0) } ?? .text
    case "character", "char": self = .limitedText(modifiers.first ?? 1)
    case "date": self = .date
    case "time", "time without time zone": self = .time(digits: digits)
    case "timestamp", "timestamp without time zone": self = .timestamp(digits: digits, hasZone: false)
    case "timestamptz", "timestamp with time zone": self = .timestamp(digits: digits, hasZone: true)
    case "uuid": self = .uuid
    case "json": self = .json
    case "jsonb": self = .jsonb
    case "bytea": self = .bytea
    default: return nil
    }
  }

  var isText: Bool {
    switch self {
    case .text, .limitedText: true
    default: false
    }
  }

  var isJSON: Bool { self == .json || self == .jsonb }

  /// Whether a number of JSON may be a value: a time or an identifier is a string there.
  var takesNumbers: Bool {
    switch self {
    case .bool, .date, .time, .timestamp, .uuid, .bytea: false
    default: true
    }
  }

  /// What is wrong with a value that is of quite another kind.
  var problem: ValueProblem {
    switch self {
    case .bool: .notBool
    case .date: .notDate
    case .time: .notTime
    case .timestamp: .notTimestamp
    case .uuid: .notUUID
    case .bytea: .notBytea
    default: .number
    }
  }

  /// `timestamp(3) with time zone` is `timestamp with time zone` and 3.
  private static func parts(_ type: String) -> (name: String, modifiers: [Int]) {
    guard let open = type.firstIndex(of: "("), let close = type.lastIndex(of: ")"), open < close else {
      return (type.lowercased(), [])
    }
    let modifiers = type[type.index(after: open)..<close].split(separator: ",").map { part in
      Int(part.filter { $0 != " " }) ?? 0
    }
    return ((type[..<open] + type[type.index(after: close)...]).lowercased(), modifiers)
  }
}
