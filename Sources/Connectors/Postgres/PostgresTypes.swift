import ConnectorKit

/// One type at the source, as `pg_type` describes it.
struct PostgresType: Sendable {
  var oid: UInt32
  /// As `format_type` prints it without a modifier.
  var name: String
  /// `pg_type.typtype`: b(ase), c(omposite), d(omain), e(num), m(ultirange), p(seudo), r(ange).
  var kind: Character
  /// The element's type where this is a true array.
  var element: UInt32?
  /// The type under a domain, with its modifier printed.
  var base: UInt32?
  var baseName: String?
  /// `extension.type` where an extension brought it.
  var extensionType: String?
  var hasBinary: Bool
}

/// Decides what a source's types become in the warehouse. Pure.
///
/// A type is kept where the warehouse has it with the same binary form: the built-in ones, and those of an
/// extension that is there too. Binary forms of built-in types are the same from PostgreSQL 13 to 18.
struct PostgresTypes: Sendable {
  var types: [UInt32: PostgresType]
  var warehouse: WarehouseTypes

  /// Types below this number are built in, and have the same one in every server.
  /// (`FirstGenbkiObjectId` in PostgreSQL's `transam.h`.)
  private static let firstOther: UInt32 = 10000

  /// Built in, and still not the same elsewhere: names of objects by number, money in a locale's unit, and
  /// those without a binary form that can be read back.
  private static let asText: Set<UInt32> = [
    24, 2202, 2203, 2204, 2205, 2206, 4096, 4089, 3734, 3769, 4191,  // reg*
    790,  // money
    1033, 194, 3361, 3402, 5017, 3642, 4600, 4601, 705,  // aclitem, pg_node_tree, statistics, gtsvector, brin
  ]

  struct Mapping: Equatable {
    var type: String
    var reading: SourceColumn.Reading
    var note: String?
  }

  /// - Parameter printed: the column's type with its modifier, such as `numeric(12,2)`.
  func mapping(of oid: UInt32, printed: String) -> Mapping {
    guard let type = types[oid] else { return toText(printed, "its type is not known") }
    if let element = type.element { return array(type, element, printed) }
    return scalar(type, printed)
  }

  private func scalar(_ type: PostgresType, _ printed: String) -> Mapping {
    if type.oid < Self.firstOther { return builtIn(type, printed) }
    switch type.kind {
    case "d":
      guard let base = type.base, let baseName = type.baseName else { break }
      var mapping = mapping(of: base, printed: baseName)
      // A domain has its base's binary form; only in an array does its own number show.
      if mapping.reading == .asItIs, isBuiltIn(base) { mapping.reading = .asBase }
      mapping.note = "domain \(printed) is stored as \(mapping.type)"
      return mapping
    case "e": return toText(printed, "enum")
    case "c": return Mapping(type: "jsonb", reading: .asJSON, note: "composite type \(printed) is stored as jsonb")
    case "r", "m": return toText(printed, "range type")
    default: break
    }
    if let name = type.extensionType, type.hasBinary, let there = warehouse.extensionTypes[name] {
      return Mapping(type: there + modifier(of: printed), reading: .asItIs, note: nil)
    }
    if type.extensionType == "hstore.hstore" {
      return Mapping(type: "jsonb", reading: .asJSON, note: "the warehouse lacks hstore, so it is stored as jsonb")
    }
    return toText(printed, "type that the warehouse lacks,")
  }

  private func builtIn(_ type: PostgresType, _ printed: String) -> Mapping {
    if Self.asText.contains(type.oid) || type.kind == "p" || !type.hasBinary { return toText(printed, "type") }
    if type.kind == "c" { return Mapping(type: "jsonb", reading: .asJSON, note: "composite type \(printed) is stored as jsonb") }
    if type.kind == "m", warehouse.serverVersion < 140000 { return toText(printed, "type that the warehouse lacks,") }
    if warehouse.serverVersion < 150000, hasUnusualScale(printed) {
      return Mapping(type: "numeric", reading: .asItIs, note: "\(printed) needs PostgreSQL 15 in the warehouse; stored as numeric")
    }
    return Mapping(type: printed, reading: .asItIs, note: nil)
  }

  private func array(_ type: PostgresType, _ element: UInt32, _ printed: String) -> Mapping {
    guard let elementType = types[element] else { return toText(printed, "array type") }
    let name = printed.hasSuffix("[]") ? String(printed.dropLast(2)) : elementType.name
    let inner = scalar(elementType, name)
    // The binary form names the elements' type by its number, which only built-in types have everywhere.
    let isPortable = isBuiltIn(element) && !inner.type.hasSuffix("[]")
    switch inner.reading {
    case .asItIs where !isPortable, .asBase where !isPortable:
      return Mapping(type: "text[]", reading: .asTextArray, note: "\(printed) is stored as text[]")
    case .asItIs: return Mapping(type: inner.type + "[]", reading: .asItIs, note: inner.note)
    case .asBase: return Mapping(type: inner.type + "[]", reading: .asBase, note: "\(printed) is stored as \(inner.type)[]")
    case .asJSON: return Mapping(type: "jsonb", reading: .asJSON, note: "\(printed) is stored as jsonb")
    case .asText, .asTextArray:
      return Mapping(type: "text[]", reading: .asTextArray, note: "\(printed) is stored as text[]")
    }
  }

  /// Whether a type, or the one under a domain, is built in.
  private func isBuiltIn(_ oid: UInt32) -> Bool {
    oid < Self.firstOther || types[oid]?.base.map(isBuiltIn) == true
  }

  private func toText(_ printed: String, _ what: String) -> Mapping {
    Mapping(type: "text", reading: .asText, note: "\(what) \(printed) is stored as text")
  }

  private func modifier(of printed: String) -> String {
    guard let open = printed.lastIndex(of: "("), printed.hasSuffix(")") else { return "" }
    return String(printed[open...])
  }

  /// A scale below zero or above the precision came with PostgreSQL 15.
  private func hasUnusualScale(_ printed: String) -> Bool {
    guard printed.hasPrefix("numeric("), let comma = printed.firstIndex(of: ",") else { return false }
    let precision = Int(printed.dropFirst(8).prefix { $0 != "," }) ?? 0
    let scale = Int(printed[printed.index(after: comma)...].dropLast()) ?? 0
    return scale < 0 || scale > precision
  }
}
