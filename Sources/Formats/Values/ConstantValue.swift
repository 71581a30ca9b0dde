import Rows

/// A value that is the same in every row, in the form of the stream: its length in 32 bits and its bytes.
enum ConstantValue {
  static let null: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

  /// - Throws: `FormatError` when the text is no value of the type.
  static func bytes(_ text: String?, _ writer: ValueWriter) throws(FormatError) -> [UInt8] {
    guard var text else { return null }
    var encoder = RowEncoder(columns: 1)
    encoder.beginRow()
    let problem = text.withUTF8 { writer.write(UnsafeRawBufferPointer($0), to: &encoder) }
    if let problem { throw FormatError(.corrupt, "the constant \"\(text.prefix(40))\" \(problem.reason)") }
    encoder.endRow()
    return Array(encoder.takeBatch().bytes.dropFirst(BinaryRows.header.count + 2))
  }
}
