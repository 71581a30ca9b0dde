import Rows

/// Decodes single values into single columns. What does not fit is noted as a problem of the row, and read over.
struct AvroValueDecoder {
  let nodes: [AvroSchema.Node]
  /// For each record, its fields' names as keys of a JSON object.
  let keys: [[[UInt8]]]
  /// Fields of records within the row's record that are left out of JSON, by their names.
  var omitted: Set<String> = []
  /// Why the row cannot be taken; the first reason counts.
  var problem: String?
  /// Text of a value on its way.
  var scratch: [UInt8] = []
  /// For values that are converted by their text; nil for types that text does not become.
  var writers: [AvroTarget: ValueWriter?] = [:]
  /// Items without bytes, which a short block can hold any number of.
  var emptyItems = 0

  init(_ schema: AvroSchema) {
    nodes = schema.nodes
    keys = schema.nodes.map { node in
      guard case .record(let fields) = node else { return [] }
      return fields.map { AvroJSONText.key($0.name) }
    }
  }

  /// Decodes a value that the cursor stands before, and writes exactly one value.
  mutating func write(
    _ place: AvroSchema.Place, _ target: AvroTarget, _ cursor: inout AvroCursor, _ encoder: inout RowEncoder
  ) throws(FormatError) {
    switch (nodes[place], target) {
    case (.union(let branches), _):
      try write(branches[try cursor.index(below: branches.count, of: "branch")], target, &cursor, &encoder)
    case (.null, _): encoder.null()
    case (.boolean, .boolean): encoder.bool(try cursor.boolean())
    case (.int, _): integer(Int64(try cursor.int()), target, &encoder)
    case (.long, _): integer(try cursor.long(), target, &encoder)
    case (.float, .float): encoder.float(try cursor.float())
    case (.float, .double): encoder.double(Double(try cursor.float()))
    case (.double, .double): encoder.double(try cursor.double())
    case (.string, .text): text(try cursor.bytes(), &encoder)
    case (.bytes, .bytea): encoder.bytes(try cursor.bytes())
    case (.fixed(let size), .bytea): encoder.bytes(try cursor.take(size))
    case (.decimal(_, let scale, let size), .numeric), (.decimal(_, let scale, let size), .anyNumeric):
      try decimal(size, scale, target, &cursor, &encoder)
    case (.date, .date): date(try cursor.int(), &encoder)
    case (.time(let unit), .time): time(try timeOfDay(unit, &cursor), unit, &encoder)
    case (.timestamp(let unit, _), .timestamp), (.timestamp(let unit, _), .timestamptz):
      timestamp(try cursor.long(), unit, &encoder)
    case (.uuid(isFixed: true), .uuid): encoder.bytes(try cursor.take(16))
    case (.duration, .interval): interval(try cursor.take(12), &encoder)
    case (_, .jsonb):
      let start = encoder.beginValue()
      encoder.put(UInt8(1))
      try json(place, &cursor, &encoder, depth: 0)
      encoder.endValue(start)
    case (_, .json):
      let start = encoder.beginValue()
      try json(place, &cursor, &encoder, depth: 0)
      encoder.endValue(start)
    default: try convert(place, target, &cursor, &encoder)
    }
  }

  mutating func note(_ problem: @autoclosure () -> String) {
    if self.problem == nil { self.problem = problem() }
  }

  /// Reads over a value.
  mutating func skip(_ place: AvroSchema.Place, _ cursor: inout AvroCursor, depth: Int = 0) throws(FormatError) {
    switch nodes[place] {
    case .null: break
    case .boolean: _ = try cursor.boolean()
    case .int, .long, .enumeration, .date, .time, .timestamp: _ = try cursor.long()
    case .float: _ = try cursor.take(4)
    case .double: _ = try cursor.take(8)
    case .bytes, .string, .uuid(isFixed: false), .decimal(_, _, size: nil): _ = try cursor.bytes()
    case .fixed(let size), .decimal(_, _, size: .some(let size)): _ = try cursor.take(size)
    case .uuid(isFixed: true): _ = try cursor.take(16)
    case .duration: _ = try cursor.take(12)
    case .union(let branches):
      try skip(branches[try cursor.index(below: branches.count, of: "branch")], &cursor, depth: depth + 1)
    case .record(let fields):
      try Self.check(depth)
      for field in fields { try skip(field.type, &cursor, depth: depth + 1) }
    case .array(let items): try skipItems(items, isMap: false, &cursor, depth)
    case .map(let values): try skipItems(values, isMap: true, &cursor, depth)
    }
  }

  private mutating func skipItems(_ place: AvroSchema.Place, isMap: Bool, _ cursor: inout AvroCursor, _ depth: Int)
    throws(FormatError)
  {
    try Self.check(depth)
    while true {
      let (count, size) = try cursor.blockCount()
      if count == 0 { return }
      if let size {
        _ = try cursor.take(Int(size))
        continue
      }
      for _ in 0..<count {
        let before = cursor.offset
        if isMap { _ = try cursor.bytes() }
        try skip(place, &cursor, depth: depth + 1)
        try countEmpty(before, cursor)
      }
    }
  }

  mutating func countEmpty(_ before: Int, _ cursor: AvroCursor) throws(FormatError) {
    guard cursor.offset == before else { return }
    emptyItems += 1
    guard emptyItems <= AvroLimits.emptyItems else {
      throw FormatError(.tooLarge, "its arrays hold more than \(AvroLimits.emptyItems) items without any content")
    }
  }

  static func check(_ depth: Int) throws(FormatError) {
    guard depth < AvroLimits.depth else {
      throw FormatError(.tooLarge, "its values are nested more than \(AvroLimits.depth) levels deep")
    }
  }
}

/// What protects memory and the stack.
enum AvroLimits {
  static let depth = 100
  static let emptyItems = 1_000_000
  /// Of one block, packed or not.
  static let block = 128 << 20
  /// Of one value as JSON: PostgreSQL takes no longer string within jsonb.
  static let value = (256 << 20) - 1
}
