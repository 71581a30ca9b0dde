import Rows

/// Decodes rows of one schema into the columns that are wanted.
struct AvroRowDecoder {
  enum Output {
    /// A field, by its place among the fields.
    case field(Int, AvroTarget, column: String)
    /// The bytes of a `COPY` field, its length included.
    case constant([UInt8])
    case rowNumber(AvroTarget)
  }

  let fields: [AvroSchema.Field]
  private let outputs: [Output]
  var values: AvroValueDecoder
  /// Where the fields of the row begin, and where the first one that was not walked over does.
  private var starts: [Int]
  private var walked = 0

  init(_ schema: AvroSchema, _ wanted: [WantedColumn]) throws(FormatError) {
    let fields = schema.fields
    self.fields = fields
    starts = [Int](repeating: 0, count: fields.count + 1)
    values = AvroValueDecoder(schema)
    var outputs: [Output] = []
    for column in wanted {
      let target = try AvroTarget(column.type)
      switch column.origin {
      case .constant(let text): outputs.append(.constant(try Self.constant(text, column.type)))
      case .rowNumber: outputs.append(.rowNumber(target))
      case .field(let name):
        let index = fields.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
        outputs.append(index.map { .field($0, target, column: name) } ?? .constant(ConstantValue.null))
      }
    }
    self.outputs = outputs
  }

  private static func constant(_ text: String?, _ type: ColumnType) throws(FormatError) -> [UInt8] {
    guard let text else { return ConstantValue.null }
    return try ConstantValue.bytes(text, try ValueWriter(type))
  }

  /// Decodes one row.
  ///
  /// - Returns: why the row cannot be taken, with nothing written; nil when it was written.
  /// - Throws: when the bytes make no sense, so that nothing behind them does.
  mutating func row(_ number: Int, _ cursor: inout AvroCursor, _ encoder: inout RowEncoder) throws(FormatError)
    -> String?
  {
    walked = 0
    starts[0] = cursor.offset
    values.problem = nil
    values.emptyItems = 0
    var reason: String?
    encoder.beginRow()
    for output in outputs {
      switch output {
      case .constant(let bytes): encoder.append(bytes)
      case .rowNumber(let target):
        values.integer(Int64(number), target, &encoder)
        if reason == nil, let problem = values.problem { reason = "the row's number: \(problem)" }
      case .field(let index, let target, let column):
        try move(to: index, &cursor)
        try values.write(fields[index].type, target, &cursor, &encoder)
        if index == walked {
          walked += 1
          starts[walked] = cursor.offset
        }
        if reason == nil, let problem = values.problem { reason = "column \"\(column)\": \(problem)" }
      }
    }
    try walk(to: fields.count, &cursor)
    if reason == nil { encoder.endRow() } else { encoder.cancelRow() }
    return reason
  }

  /// Stands before a field: walks on to it, or goes back to where it began.
  private mutating func move(to index: Int, _ cursor: inout AvroCursor) throws(FormatError) {
    try walk(to: index, &cursor)
    cursor.offset = starts[index]
  }

  /// Skips fields until all before `index` are behind, and stands there.
  private mutating func walk(to index: Int, _ cursor: inout AvroCursor) throws(FormatError) {
    cursor.offset = starts[walked]
    while walked < index {
      try values.skip(fields[walked].type, &cursor)
      walked += 1
      starts[walked] = cursor.offset
    }
  }
}
