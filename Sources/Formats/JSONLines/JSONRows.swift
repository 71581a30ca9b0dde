import Rows

/// The rows of a file of JSON objects: one on each line, several in a row, or the elements of one array.
///
/// A column's field is a key of the objects' top level; a missing key is NULL like `null`. Values that are nested go to
/// `jsonb` as they are written, and numbers keep their digits. Memory: two buffers of about 512 kB, and twice the longest row.
public actor JSONRows: FileRows {
  private let stream: any ByteStream
  private var decoder: JSONDecoder

  /// - Parameter stream: the file, unpacked.
  /// - Throws: `FormatError` when a column has a type that text is not turned into.
  public init(_ stream: any ByteStream, columns: [WantedColumn], limits: TextLimits = TextLimits()) throws(FormatError) {
    self.stream = TranscodedStream.open(stream, .utf8)
    decoder = try JSONDecoder(columns, limits)
  }

  /// - Throws: `FormatError` when the file cannot be read on, after the rows before that place were handed out; what the
  ///   stream throws.
  public func next() async throws -> FileBatch? {
    while true {
      switch try decoder.next() {
      case .batch(let batch): return batch
      case .end: return nil
      case .needsMore: try await read()
      }
    }
  }

  private func read() async throws {
    if let bytes = try await stream.next() {
      decoder.window.append(bytes)
    } else {
      decoder.window.finish()
    }
  }
}
