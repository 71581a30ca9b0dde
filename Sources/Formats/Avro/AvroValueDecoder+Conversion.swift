import Rows

/// Values that a column of another kind takes by their text, such as a string in a column of numbers.
extension AvroValueDecoder {
  mutating func convert(
    _ place: AvroSchema.Place, _ target: AvroTarget, _ cursor: inout AvroCursor, _ encoder: inout RowEncoder
  ) throws(FormatError) {
    switch nodes[place] {
    case .array, .map, .record:
      // As JSON text, through an encoder of its own.
      var inner = RowEncoder(columns: 1)
      try json(place, &cursor, &inner, depth: 0)
      scratch = inner.takeBatch().bytes
    default:
      scratch.removeAll(keepingCapacity: true)
      _ = try appendText(place, &cursor)
    }
    convert(scratch, target, &encoder)
  }

  /// Writes the value that a text stands for.
  mutating func convert(_ bytes: [UInt8], _ target: AvroTarget, _ encoder: inout RowEncoder) {
    guard let writer = writer(for: target) else {
      return refuse("\"\(String(decoding: bytes.prefix(40), as: UTF8.self))\"", target, &encoder)
    }
    bytes.withUnsafeBytes { text in
      guard let problem = writer.write(text, to: &encoder) else { return }
      note("\(ValueProblem.excerpt(text)) \(problem.reason) (\(target))")
      encoder.null()
    }
  }

  private mutating func writer(for target: AvroTarget) -> ValueWriter? {
    if let known = writers[target] { return known }
    let writer = try? ValueWriter(ColumnType(target.description))
    writers[target] = .some(writer)
    return writer
  }
}
