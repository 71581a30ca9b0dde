import Rows

extension AvroSchema {
  /// The columns that the fields of a row become.
  var columns: [FileColumn] { fields.map { column($0) } }

  private func column(_ field: Field) -> FileColumn {
    let (place, isNullable) = value(of: field.type)
    let (type, note) = warehouseType(of: place)
    return FileColumn(name: field.name, type: type, fileType: name(of: place), isRequired: !isNullable, note: note)
  }

  private func warehouseType(of place: Place) -> (type: ColumnType, note: String?) {
    switch nodes[place] {
    case .null: (.text, "the file says that it is always null")
    case .boolean: (ColumnType("boolean"), nil)
    case .int: (ColumnType("integer"), nil)
    case .long: (ColumnType("bigint"), nil)
    case .float: (ColumnType("real"), nil)
    case .double: (ColumnType("double precision"), nil)
    case .bytes, .fixed: (ColumnType("bytea"), nil)
    case .string, .enumeration: (.text, nil)
    case .array, .map, .record: (.jsonb, nil)
    case .union(let branches): unionType(branches)
    // PostgreSQL declares at most 1,000 digits, and takes more without a declaration.
    case .decimal(let precision, let scale, _):
      (ColumnType(precision <= 1_000 ? "numeric(\(precision),\(scale))" : "numeric"), nil)
    case .date: (ColumnType("date"), nil)
    case .time: (ColumnType("time without time zone"), nil)
    case .timestamp(let unit, let isUTC):
      (
        isUTC ? .timestamptz : ColumnType("timestamp without time zone"),
        unit == .nanoseconds ? "nanoseconds are cut to microseconds" : nil
      )
    case .uuid: (ColumnType("uuid"), nil)
    case .duration: (ColumnType("interval"), nil)
    }
  }

  /// The type that holds every branch without loss; jsonb where only JSON does.
  private func unionType(_ branches: [Place]) -> (type: ColumnType, note: String?) {
    let kinds = branches.map { nodes[$0] }.filter { $0 != .null }
    if kinds.isEmpty { return (.text, "the file says that it is always null") }
    if kinds.allSatisfy({ $0 == .int || $0 == .long }) { return (ColumnType("bigint"), nil) }
    if kinds.allSatisfy({ $0 == .float || $0 == .double }) { return (ColumnType("double precision"), nil) }
    if kinds.allSatisfy({ $0 == .int || $0 == .float || $0 == .double }) {
      return (ColumnType("double precision"), nil)
    }
    if kinds.allSatisfy(isText) { return (.text, nil) }
    if kinds.allSatisfy(isBytes) { return (ColumnType("bytea"), nil) }
    return (.jsonb, "its values are of several types")
  }

  private func isText(_ node: Node) -> Bool {
    switch node {
    case .string, .enumeration, .uuid(isFixed: false): true
    default: false
    }
  }

  private func isBytes(_ node: Node) -> Bool {
    switch node {
    case .bytes, .fixed: true
    default: false
    }
  }

  /// For people: `decimal(20,4)`, `array`.
  func name(of place: Place) -> String {
    switch nodes[place] {
    case .null: "null"
    case .boolean: "boolean"
    case .int: "int"
    case .long: "long"
    case .float: "float"
    case .double: "double"
    case .bytes: "bytes"
    case .string: "string"
    case .fixed(let size): "fixed(\(size))"
    case .enumeration: "enum"
    case .array: "array"
    case .map: "map"
    case .record: "record"
    case .union(let branches): "union of " + branches.map { name(of: $0) }.joined(separator: ", ")
    case .decimal(let precision, let scale, _): "decimal(\(precision),\(scale))"
    case .date: "date"
    case .time(let unit): "time-\(unit.name)"
    case .timestamp(let unit, let isUTC): "\(isUTC ? "" : "local-")timestamp-\(unit.name)"
    case .uuid: "uuid"
    case .duration: "duration"
    }
  }
}
