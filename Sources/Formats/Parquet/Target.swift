import Rows

/// A type in the warehouse that values can be written as.
enum Target: Sendable, Hashable {
  case boolean, smallint, integer, bigint, real, double, bytea, uuid, date, time, timestamp, timestamptz, interval, json, jsonb
  /// Digits in all and after the point; nil for any.
  case numeric(Digits?)
  /// Characters at most; nil for any.
  case text(Int?)

  struct Digits: Sendable, Hashable {
    var precision: Int
    var scale: Int
  }

  /// Nil for a type that no value is written as.
  init?(_ type: ColumnType) {
    let (name, modifiers) = Self.split(type.name)
    switch name {
    case "boolean": self = .boolean
    case "smallint": self = .smallint
    case "integer": self = .integer
    case "bigint": self = .bigint
    case "real": self = .real
    case "double precision": self = .double
    case "bytea": self = .bytea
    case "uuid": self = .uuid
    case "date": self = .date
    case "time without time zone": self = .time
    case "timestamp without time zone": self = .timestamp
    case "timestamp with time zone": self = .timestamptz
    case "interval": self = .interval
    case "json": self = .json
    case "jsonb": self = .jsonb
    case "text": self = .text(nil)
    case "character varying": self = .text(modifiers.first)
    case "numeric":
      self = .numeric(modifiers.first.map { Digits(precision: $0, scale: modifiers.count > 1 ? modifiers[1] : 0) })
    default: return nil
    }
    // Without all digits of a second PostgreSQL would round.
    if [.time, .timestamp, .timestamptz, .interval].contains(self), let digits = modifiers.first, digits < 6 { return nil }
  }

  /// `numeric(12,2)` as `numeric` and 12, 2; also where the modifier stands within the name.
  private static func split(_ type: String) -> (String, [Int]) {
    guard let open = type.firstIndex(of: "("), let close = type[open...].firstIndex(of: ")") else { return (type, []) }
    let modifiers = type[type.index(after: open)..<close].split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
    return (String(type[..<open]) + String(type[type.index(after: close)...]), modifiers)
  }

  /// Whether values of a column of the file can be written as this, at least some of them.
  func takes(_ type: LeafType) -> Bool {
    switch self {
    case .text, .json, .jsonb: return true
    default: break
    }
    switch type {
    case .string, .null: return true
    case .boolean: return self == .boolean
    case .float16, .float, .double, .integer, .decimal: return isNumber
    case .date, .timestamp, .int96: return [.date, .timestamp, .timestamptz].contains(self)
    case .time: return self == .time
    case .uuid: return self == .uuid
    case .interval: return self == .interval
    case .bytes(let name): return self == .bytea || self == .uuid && name == "fixed(16)"
    case .json: return false
    }
  }

  var isNumber: Bool {
    switch self {
    case .smallint, .integer, .bigint, .real, .double, .numeric: true
    default: false
    }
  }
}
