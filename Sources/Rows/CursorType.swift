/// The types that a cursor field can have.
public enum CursorType: Sendable, Equatable {
  case integer, numeric, date, timestamp, timestamptz

  /// - Parameter type: as PostgreSQL prints it. Nil for a type that no cursor field can have.
  public init?(_ type: String) {
    switch Self.literalType(type) {
    case "smallint", "integer", "bigint": self = .integer
    case "numeric": self = .numeric
    case "date": self = .date
    case "timestamp without time zone": self = .timestamp
    case "timestamp with time zone": self = .timestamptz
    default: return nil
    }
  }

  public var isTime: Bool { self != .integer && self != .numeric }

  /// The type without its modifier, so that a constant of it is never rounded.
  public static func literalType(_ type: String) -> String {
    guard let open = type.firstIndex(of: "("), let close = type.firstIndex(of: ")") else { return type }
    return String(type[..<open]) + String(type[type.index(after: close)...])
  }
}
