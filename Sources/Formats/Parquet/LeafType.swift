/// How a column's values are stored.
enum PhysicalType: Sendable, Hashable {
  case boolean, int32, int64, int96, float, double, byteArray
  case fixed(Int)

  init(_ element: SchemaElement) throws(FormatError) {
    switch element.physicalType {
    case 0: self = .boolean
    case 1: self = .int32
    case 2: self = .int64
    case 3: self = .int96
    case 4: self = .float
    case 5: self = .double
    case 6: self = .byteArray
    case 7:
      guard element.typeLength > 0, Int(element.typeLength) <= ParquetLimits.page else {
        throw FormatError(.corrupt, "the field \(element.name.shown) has values of \(element.typeLength) bytes")
      }
      self = .fixed(Int(element.typeLength))
    default:
      throw FormatError(
        .unsupported, "the field \(element.name.shown) has the unknown type \(element.physicalType ?? -1)")
    }
  }

  /// Bytes of each value; nil where they differ, and for booleans, which are bits.
  var width: Int? {
    switch self {
    case .boolean, .byteArray: nil
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .fixed(let length): length
    }
  }

  /// Whether its values are decoded as 64 bits (booleans as 0 and 1, floating point as its bits), not as bytes.
  var isNumber: Bool {
    switch self {
    case .boolean, .int32, .int64, .float, .double: true
    case .int96, .byteArray, .fixed: false
    }
  }
}

/// What a column's values are: `LogicalTypes.md` and, for older files, the converted types.
enum LeafType: Sendable, Hashable {
  case boolean, float16, float, double, date, string, json, uuid, interval, null
  case integer(bits: Int, isSigned: Bool)
  case decimal(precision: Int, scale: Int)
  case time(TimeUnit, isUTC: Bool)
  case timestamp(TimeUnit, isUTC: Bool)
  /// Twelve bytes: nanoseconds of a day, and its Julian number.
  case int96
  /// Bytes, and what the file calls them.
  case bytes(String)

  init(_ element: SchemaElement, _ physical: PhysicalType) throws(FormatError) {
    let annotation = element.annotation ?? Annotation(converted: element)
    if let annotation, let type = try Self(annotation, physical, element) {
      self = type
    } else {
      self.init(physical)
    }
  }

  private init(_ physical: PhysicalType) {
    switch physical {
    case .boolean: self = .boolean
    case .int32: self = .integer(bits: 32, isSigned: true)
    case .int64: self = .integer(bits: 64, isSigned: true)
    case .int96: self = .int96
    case .float: self = .float
    case .double: self = .double
    case .byteArray: self = .bytes("binary")
    case .fixed(let length): self = .bytes("fixed(\(length))")
    }
  }

  /// Nil where the annotation is not meant for the physical type: then that alone counts.
  private init?(_ annotation: Annotation, _ physical: PhysicalType, _ element: SchemaElement) throws(FormatError) {
    switch (annotation, physical) {
    case (.null, _): self = .null
    case (.string, .byteArray), (.enumeration, .byteArray): self = .string
    case (.json, .byteArray): self = .json
    case (.bson, .byteArray): self = .bytes("bson")
    case (.geometry, .byteArray): self = .bytes("geometry")
    case (.geography, .byteArray): self = .bytes("geography")
    case (.uuid, .fixed(16)): self = .uuid
    case (.float16, .fixed(2)): self = .float16
    case (.date, .int32): self = .date
    case (.integer(let bits, let isSigned), .int32) where [8, 16, 32].contains(bits),
      (.integer(let bits, let isSigned), .int64) where bits == 64:
      self = .integer(bits: Int(bits), isSigned: isSigned)
    case (.time(.milliseconds?, let isUTC), .int32): self = .time(.milliseconds, isUTC: isUTC)
    case (.time(let unit?, let isUTC), .int64): self = .time(unit, isUTC: isUTC)
    case (.timestamp(let unit?, let isUTC), .int64): self = .timestamp(unit, isUTC: isUTC)
    case (.timestamp(nil, _), _), (.time(nil, _), _):
      throw FormatError(.unsupported, "the field \(element.name.shown) has times in an unknown unit")
    case (.decimal(let precision, let scale), .int32), (.decimal(let precision, let scale), .int64),
      (.decimal(let precision, let scale), .byteArray), (.decimal(let precision, let scale), .fixed):
      guard precision > 0, scale >= 0, scale <= precision, precision <= 16_383 else {
        throw FormatError(.corrupt, "the field \(element.name.shown) is a decimal(\(precision),\(scale))")
      }
      self = .decimal(precision: Int(precision), scale: Int(scale))
    case (.unknown(-21), .fixed(12)): self = .interval
    default: return nil
    }
  }

  /// As people know it.
  var name: String {
    switch self {
    case .boolean: "boolean"
    case .float16: "float16"
    case .float: "float"
    case .double: "double"
    case .date: "date"
    case .string: "string"
    case .json: "json"
    case .uuid: "uuid"
    case .interval: "interval"
    case .null: "null"
    case .integer(let bits, let isSigned): "\(isSigned ? "" : "u")int\(bits)"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .time(let unit, let isUTC): "time(\(unit.name)\(isUTC ? ", UTC" : ""))"
    case .timestamp(let unit, let isUTC): "timestamp(\(unit.name)\(isUTC ? ", UTC" : ""))"
    case .int96: "int96"
    case .bytes(let name): name
    }
  }

  /// The type in the warehouse that holds every one of its values.
  var columnType: String {
    switch self {
    case .boolean: "boolean"
    case .float16, .float: "real"
    case .double: "double precision"
    case .date: "date"
    case .string, .null: "text"
    case .json: "jsonb"
    case .uuid: "uuid"
    case .interval: "interval"
    case .integer(let bits, let isSigned):
      switch isSigned ? bits : bits + 1 {
      case ...16: "smallint"
      case ...32: "integer"
      case ...64: "bigint"
      default: "numeric(20,0)"
      }
    // PostgreSQL takes a precision up to 1,000; without one it takes any number.
    case .decimal(let precision, let scale): precision <= 1000 ? "numeric(\(precision),\(scale))" : "numeric"
    case .time: "time without time zone"
    case .timestamp(_, let isUTC): isUTC ? "timestamp with time zone" : "timestamp without time zone"
    case .int96: "timestamp without time zone"
    case .bytes: "bytea"
    }
  }

  /// What the type in the warehouse does not say.
  var note: String? {
    switch self {
    case .timestamp(.nanoseconds, _), .time(.nanoseconds, isUTC: false), .int96: "nanoseconds are cut to microseconds"
    case .time(.nanoseconds, isUTC: true): "nanoseconds are cut to microseconds; the times are in UTC"
    case .time(_, isUTC: true): "the times are in UTC"
    case .null: "the file has no value in it"
    case .bytes("bson"): "BSON is kept as its bytes"
    case .bytes("geometry"), .bytes("geography"): "shapes are kept as well-known binary"
    default: nil
    }
  }
}

extension Annotation {
  /// What the deprecated `ConvertedType` means.
  init?(converted element: SchemaElement) {
    switch element.convertedType {
    case 0: self = .string
    case 1, 2: self = .map
    case 3: self = .list
    case 4: self = .enumeration
    case 5: self = .decimal(precision: element.precision ?? 0, scale: element.scale ?? 0)
    case 6: self = .date
    case 7: self = .time(.milliseconds, isUTC: true)
    case 8: self = .time(.microseconds, isUTC: true)
    case 9: self = .timestamp(.milliseconds, isUTC: true)
    case 10: self = .timestamp(.microseconds, isUTC: true)
    case let code? where (11...18).contains(code):
      self = .integer(bits: 8 << ((code - 11) % 4), isSigned: code >= 15)
    case 19: self = .json
    case 20: self = .bson
    // There is no logical type for intervals.
    case 21: self = .unknown(-21)
    default: return nil
    }
  }
}

extension String {
  /// A name from a file, for a message: quoted, cut, and without what a terminal would act on.
  var shown: String {
    let safe = unicodeScalars.prefix(64).map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "?" : String($0) }
    return "\"\(safe.joined())\(unicodeScalars.count > 64 ? "..." : "")\""
  }
}
