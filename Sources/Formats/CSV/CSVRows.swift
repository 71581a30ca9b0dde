import Rows

/// The rows of a file of separated values: CSV, TSV and their kin.
///
/// Memory: two buffers of about 512 kB, and twice the longest row. Offsets are those of the text as UTF-8.
public actor CSVRows: FileRows {
  private let stream: any ByteStream
  private var decoder: CSVDecoder

  /// - Parameters:
  ///   - stream: the file, unpacked.
  ///   - columns: fields by the names that `ColumnNames` makes of the header, or as the header has them.
  /// - Throws: `FormatError` when a column has a type that text is not turned into.
  public init(
    _ stream: any ByteStream, dialect: CSVDialect, columns: [WantedColumn], limits: TextLimits = TextLimits()
  ) throws(FormatError) {
    self.stream = TranscodedStream.open(stream, dialect.encoding)
    decoder = try CSVDecoder(dialect, columns, limits)
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

  /// The file's columns: the header's names made usable, or c1, c2 and so on. Empty before the first batch.
  public var names: [String] { decoder.names ?? [] }

  private func read() async throws {
    if let bytes = try await stream.next() {
      decoder.window.append(bytes)
    } else {
      decoder.window.finish()
    }
  }
}
