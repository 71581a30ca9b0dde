import JSON

extension AvroSchema {
  /// Reads the JSON text of a schema. Aliases, defaults, orders and documentation make no difference to a reader that takes
  /// the writer's schema as it is, and are not looked at.
  init(parsing text: [UInt8]) throws(FormatError) {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: text, depthLimit: 256)
    } catch {
      throw FormatError(.corrupt, "the schema in the header is no JSON: \(error.reason) at its byte \(error.offset)")
    }
    var parser = AvroSchemaParser()
    let root = try parser.parse(json, in: "", depth: 0)
    self.init(nodes: parser.nodes, root: root)
  }
}

/// Turns a schema's JSON into its list of types, names resolved.
private struct AvroSchemaParser {
  typealias Node = AvroSchema.Node

  var nodes: [Node] = []
  private var named: [String: AvroSchema.Place] = [:]

  private static let depthLimit = 64
  private static let nodeLimit = 100_000

  mutating func parse(_ json: JSONValue, in namespace: String, depth: Int) throws(FormatError) -> AvroSchema.Place {
    guard depth < Self.depthLimit, nodes.count < Self.nodeLimit else {
      throw FormatError(.tooLarge, "the schema has more than \(Self.depthLimit) levels or \(Self.nodeLimit) types")
    }
    switch json {
    case .string(let name): return try place(named: name, in: namespace)
    case .array(let branches): return try union(branches, in: namespace, depth)
    case .object: return try definition(json, in: namespace, depth)
    default: throw broken("a type is neither a name nor an array nor an object")
    }
  }

  private mutating func place(named name: String, in namespace: String) throws(FormatError) -> AvroSchema.Place {
    if let primitive = Self.primitives[name] { return add(primitive) }
    let full = name.contains(".") || namespace.isEmpty ? name : "\(namespace).\(name)"
    guard let place = named[full] ?? named[name] else {
      throw broken("the type \(quoted(name)) is not defined before its use")
    }
    return place
  }

  private mutating func union(_ branches: [JSONValue], in namespace: String, _ depth: Int) throws(FormatError)
    -> AvroSchema.Place
  {
    guard !branches.isEmpty else { throw broken("a union is empty") }
    var places: [AvroSchema.Place] = []
    for branch in branches { places.append(try parse(branch, in: namespace, depth: depth + 1)) }
    return add(.union(places))
  }

  private mutating func definition(_ json: JSONValue, in namespace: String, _ depth: Int) throws(FormatError)
    -> AvroSchema.Place
  {
    guard let type = json["type"] else { throw broken("a type's definition has no \"type\"") }
    guard let kind = type.stringValue else { return try parse(type, in: namespace, depth: depth + 1) }
    switch kind {
    case "array":
      guard let items = json["items"] else { throw broken("an array has no \"items\"") }
      return add(.array(try parse(items, in: namespace, depth: depth + 1)))
    case "map":
      guard let values = json["values"] else { throw broken("a map has no \"values\"") }
      return add(.map(try parse(values, in: namespace, depth: depth + 1)))
    case "record", "error": return try record(json, in: namespace, depth)
    case "enum": return try enumeration(json, in: namespace)
    case "fixed": return try fixed(json, in: namespace)
    default:
      guard let primitive = Self.primitives[kind] else { return try place(named: kind, in: namespace) }
      return add(Self.logical(json, primitive) ?? primitive)
    }
  }

  private mutating func record(_ json: JSONValue, in namespace: String, _ depth: Int) throws(FormatError)
    -> AvroSchema.Place
  {
    let (name, inner) = try self.name(of: json, in: namespace)
    // The place is known before the fields are, which may hold the record itself.
    let place = try define(name, .record([]))
    guard let list = json["fields"]?.elements else { throw broken("the record \(quoted(name)) has no list of fields") }
    var fields: [AvroSchema.Field] = []
    for field in list {
      guard let fieldName = field["name"]?.stringValue, let type = field["type"] else {
        throw broken("a field of the record \(quoted(name)) has no name or no type")
      }
      let id = field["field-id"]?.integerValue.flatMap { Int(exactly: $0) }
      fields.append(AvroSchema.Field(name: fieldName, type: try parse(type, in: inner, depth: depth + 1), id: id))
    }
    nodes[place] = .record(fields)
    return place
  }

  private mutating func enumeration(_ json: JSONValue, in namespace: String) throws(FormatError) -> AvroSchema.Place {
    let (name, _) = try self.name(of: json, in: namespace)
    let symbols = json["symbols"]?.elements?.map(\.stringValue)
    guard let symbols, !symbols.contains(nil) else { throw broken("the enum \(quoted(name)) has no list of symbols") }
    return try define(name, .enumeration(symbols.compactMap { $0 }))
  }

  private mutating func fixed(_ json: JSONValue, in namespace: String) throws(FormatError) -> AvroSchema.Place {
    let (name, _) = try self.name(of: json, in: namespace)
    guard let size = json["size"]?.integerValue, size >= 0, size <= Int64(Int32.max) else {
      throw broken("the fixed type \(quoted(name)) has no size that makes sense")
    }
    let plain = Node.fixed(Int(size))
    return try define(name, Self.logical(json, plain) ?? plain)
  }

  /// The full name, and the namespace that holds for what stands inside.
  private func name(of json: JSONValue, in namespace: String) throws(FormatError) -> (name: String, inner: String) {
    guard let name = json["name"]?.stringValue, !name.isEmpty else {
      throw broken("a record, enum or fixed type has no name")
    }
    if let dot = name.lastIndex(of: ".") { return (name, String(name[..<dot])) }
    let inner = json["namespace"]?.stringValue ?? namespace
    return (inner.isEmpty ? name : "\(inner).\(name)", inner)
  }

  private mutating func define(_ name: String, _ node: Node) throws(FormatError) -> AvroSchema.Place {
    guard named[name] == nil else { throw broken("the type \(quoted(name)) is defined twice") }
    let place = add(node)
    named[name] = place
    return place
  }

  private mutating func add(_ node: Node) -> AvroSchema.Place {
    nodes.append(node)
    return nodes.count - 1
  }

  private static let primitives: [String: Node] = [
    "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double, "bytes": .bytes,
    "string": .string,
  ]

  /// A logical type that is unknown, or does not fit what it stands on, is to be ignored.
  private static func logical(_ json: JSONValue, _ node: Node) -> Node? {
    switch (json["logicalType"]?.stringValue, node) {
    case ("decimal", .bytes): decimal(json, size: nil)
    case ("decimal", .fixed(let size)): decimal(json, size: size)
    case ("uuid", .string): .uuid(isFixed: false)
    case ("uuid", .fixed(16)): .uuid(isFixed: true)
    case ("date", .int): .date
    case ("time-millis", .int): .time(.milliseconds)
    case ("time-micros", .long): .time(.microseconds)
    // Iceberg and others mark with this whether a time is one of UTC.
    case ("timestamp-millis", .long): .timestamp(.milliseconds, isUTC: json["adjust-to-utc"]?.boolValue ?? true)
    case ("timestamp-micros", .long): .timestamp(.microseconds, isUTC: json["adjust-to-utc"]?.boolValue ?? true)
    case ("timestamp-nanos", .long): .timestamp(.nanoseconds, isUTC: json["adjust-to-utc"]?.boolValue ?? true)
    case ("local-timestamp-millis", .long): .timestamp(.milliseconds, isUTC: false)
    case ("local-timestamp-micros", .long): .timestamp(.microseconds, isUTC: false)
    case ("local-timestamp-nanos", .long): .timestamp(.nanoseconds, isUTC: false)
    case ("duration", .fixed(12)): .duration
    default: nil
    }
  }

  private static func decimal(_ json: JSONValue, size: Int?) -> Node? {
    let scale = json["scale"]?.integerValue ?? 0
    guard let precision = json["precision"]?.integerValue, precision > 0, scale >= 0, scale <= precision,
      scale <= 16_383
    else { return nil }
    return .decimal(precision: Int(precision), scale: Int(scale), size: size)
  }

  private func broken(_ why: String) -> FormatError {
    FormatError(.corrupt, "the schema in the header is broken: \(why)")
  }

  /// At most the beginning, since a name is whatever the file says.
  private func quoted(_ name: String) -> String { "\"\(name.prefix(80))\"" }
}
