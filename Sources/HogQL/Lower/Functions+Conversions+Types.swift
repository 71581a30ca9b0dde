/// A type as `CAST`, `accurateCastOrNull` and `JSONExtract` name it: ClickHouse's names and SQL's.
indirect enum NamedType: Sendable {
  case scalar(HogQLType)
  /// An integer of fewer bits, or without a sign.
  case integer(ClosedRange<Int64>, isNullable: Bool)
  case array(NamedType)
  case tuple([(name: String?, type: NamedType)])
  case map(NamedType)

  var type: HogQLType {
    switch self {
    case .scalar(let type): type
    case .integer(_, let isNullable): .int.nullable(if: isNullable)
    case .array(let element): .array(element.type)
    case .tuple(let elements): .tuple(elements.map(\.type.type))
    case .map(let value): .map(.string, value.type)
    }
  }

  /// The same, Nullable; arrays, tuples and maps cannot be.
  var nullable: NamedType? {
    switch self {
    case .scalar(let type): .scalar(type.nullable)
    case .integer(let range, _): .integer(range, isNullable: true)
    default: nil
    }
  }

  /// Reads a name such as `Array(Nullable(Int64))`; nil when there is no such type here.
  init?(_ name: String) {
    var reader = Reader(text: Array(name.unicodeScalars))
    guard let type = reader.type(depth: 0), reader.isAtEnd else { return nil }
    self = type
  }

  private struct Reader {
    let text: [Unicode.Scalar]
    var position = 0

    init(text: [Unicode.Scalar]) { self.text = text }

    var isAtEnd: Bool { position >= text.count }

    mutating func skipSpaces() {
      while position < text.count, text[position] == " " { position += 1 }
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      skipSpaces()
      guard position < text.count, text[position] == scalar else { return false }
      position += 1
      skipSpaces()
      return true
    }

    mutating func word() -> String {
      skipSpaces()
      var word = String.UnicodeScalarView()
      while position < text.count, text[position].properties.isAlphabetic || text[position] == "_"
        || ("0"..."9").contains(text[position])
      {
        word.append(text[position])
        position += 1
      }
      skipSpaces()
      return String(word)
    }

    mutating func quoted() -> String? {
      guard take("'") else { return nil }
      var result = String.UnicodeScalarView()
      while position < text.count, text[position] != "'" {
        result.append(text[position])
        position += 1
      }
      return take("'") ? String(result) : nil
    }

    mutating func type(depth: Int) -> NamedType? {
      let name = word()
      return name.isEmpty ? nil : type(named: name, depth: depth)
    }

    mutating func type(named name: String, depth: Int) -> NamedType? {
      guard depth < 32 else { return nil }
      switch name {
      case "Nullable": return parenthesized { $0.type(depth: depth + 1) }?.nullable
      case "LowCardinality": return parenthesized { $0.type(depth: depth + 1) }
      case "Array": return parenthesized { $0.type(depth: depth + 1) }.map { .array($0) }
      case "Map":
        return parenthesized { reader in
          guard case .scalar(.string)? = reader.type(depth: depth + 1), reader.take(",") else { return nil }
          return reader.type(depth: depth + 1).map { .map($0) }
        }
      case "Tuple": return parenthesized { $0.elements(depth: depth + 1) }.map { .tuple($0) }
      default: return scalar(name)
      }
    }

    mutating func parenthesized<Result>(_ read: (inout Reader) -> Result?) -> Result? {
      guard take("("), let result = read(&self), take(")") else { return nil }
      return result
    }

    mutating func elements(depth: Int) -> [(name: String?, type: NamedType)]? {
      var elements: [(name: String?, type: NamedType)] = []
      repeat {
        let first = word()
        if let type = isNameAhead ? self.type(depth: depth) : nil {
          elements.append((first, type))
        } else if let type = type(named: first, depth: depth) {
          elements.append((nil, type))
        } else {
          return nil
        }
      } while take(",")
      return elements
    }

    /// Whether another word follows: the one before it was an element's name.
    private var isNameAhead: Bool { position < text.count && text[position].properties.isAlphabetic }

    mutating func scalar(_ name: String) -> NamedType? {
      if let range = NamedType.integers[name] { return .integer(range, isNullable: false) }
      switch name.lowercased() {
      case "int", "integer", "bigint", "int64": return .scalar(.int)
      case "float", "double", "real", "float64", "float32": return .scalar(.float)
      case "string", "text", "varchar", "char":
        if take("("), !(Int(word()) != nil && take(")")) { return nil }
        return .scalar(.string)
      case "bool", "boolean": return .scalar(.bool)
      case "uuid": return .scalar(.uuid)
      case "date", "date32": return .scalar(.date)
      case "datetime", "timestamp", "timestamptz": return moment(precision: 0)
      case "datetime64": return moment(precision: nil)
      case "decimal", "numeric", "decimal32", "decimal64", "decimal128": return decimal()
      default: return nil
      }
    }

    mutating func moment(precision fixed: Int?) -> NamedType? {
      var precision = fixed ?? 3
      var zone: String?
      if take("(") {
        if fixed == nil {
          guard let digits = Int(word()) else { return nil }
          precision = digits
          if take(",") { zone = quoted() }
        } else {
          zone = quoted()
        }
        guard take(")") else { return nil }
      }
      return .scalar(HogQLType(.dateTime(precision: precision == 0 ? 0 : 6, zone: zone)))
    }

    mutating func decimal() -> NamedType? {
      guard take("(") else { return .scalar(.decimal(0)) }
      guard var scale = Int(word()) else { return nil }
      if take(",") {
        guard let second = Int(word()) else { return nil }
        scale = second
      }
      guard take(")"), (0...18).contains(scale) else { return nil }
      return .scalar(.decimal(scale))
    }
  }

  private static let integers: [String: ClosedRange<Int64>] = [
    "Int8": -128...127, "Int16": -32768...32767, "Int32": -2_147_483_648...2_147_483_647, "UInt8": 0...255,
    "UInt16": 0...65535, "UInt32": 0...4_294_967_295, "UInt64": 0...Int64.max,
  ]
}
