import Rows

/// A type of the warehouse that a value of an Avro file is to become.
enum AvroTarget: Sendable, Hashable {
  case boolean, int16, int32, int64, float, double, bytea, uuid, date, time, timestamp, timestamptz, interval
  case json, jsonb
  /// Nil where the column takes numbers of any length.
  case numeric(precision: Int, scale: Int)
  case anyNumeric
  case text
  /// At most so many characters.
  case limitedText(Int)

  /// - Throws: `FormatError` for a type that nothing here becomes, such as an array.
  init(_ type: ColumnType) throws(FormatError) {
    switch type.name {
    case "boolean": self = .boolean
    case "smallint": self = .int16
    case "integer": self = .int32
    case "bigint": self = .int64
    case "real": self = .float
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
    case "numeric": self = .anyNumeric
    case "text": self = .text
    default:
      guard let target = Self.modified(type.name) else {
        throw FormatError(
          .unsupported, "values of an Avro file do not become \(type)",
          hint: "Choose another type for the column, such as text or jsonb.")
      }
      self = target
    }
  }

  /// A type with numbers in brackets.
  private static func modified(_ name: String) -> AvroTarget? {
    guard let open = name.firstIndex(of: "("), name.hasSuffix(")") else { return nil }
    let numbers = name[name.index(after: open)...].dropLast().split(separator: ",").map { Int($0) }
    switch (name[..<open], numbers.count) {
    case ("numeric", 1): return numbers[0].map { .numeric(precision: $0, scale: 0) }
    case ("numeric", 2):
      guard let precision = numbers[0], let scale = numbers[1], scale >= 0 else { return nil }
      return .numeric(precision: precision, scale: scale)
    case ("character varying", 1): return numbers[0].map { .limitedText($0) }
    default: return nil
    }
  }
}

extension AvroTarget: CustomStringConvertible {
  /// As PostgreSQL prints it.
  var description: String {
    switch self {
    case .boolean: "boolean"
    case .int16: "smallint"
    case .int32: "integer"
    case .int64: "bigint"
    case .float: "real"
    case .double: "double precision"
    case .bytea: "bytea"
    case .uuid: "uuid"
    case .date: "date"
    case .time: "time without time zone"
    case .timestamp: "timestamp without time zone"
    case .timestamptz: "timestamp with time zone"
    case .interval: "interval"
    case .json: "json"
    case .jsonb: "jsonb"
    case .numeric(let precision, let scale): "numeric(\(precision),\(scale))"
    case .anyNumeric: "numeric"
    case .text: "text"
    case .limitedText(let count): "character varying(\(count))"
    }
  }
}
