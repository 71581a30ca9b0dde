import ConnectorKit
import Formats

extension FilePlan {
  /// The columns as a file shows them at a row that did not fit: those of a binary format by its declaration, those of
  /// a text by the rows from there on.
  func columns(of file: BucketFile, around row: RejectedRow) async throws -> [Seen] {
    guard format.isText || format.isJSON, let offset = row.offset else { return try await columns([file]) }
    let stream = try await file.stream(compression)
    let (header, window) = try await Self.window(stream, Int(offset), hasHeader: format.isText && dialect.hasHeader)
    do {
      let shape: TextShape
      if format.isText {
        shape = try CSVInference.shape(sample: header + window, isWhole: false, dialect: dialect)
      } else {
        shape = try JSONInference.shape(sample: window, isWhole: false)
      }
      return shape.columns.map { Seen(field: $0.field, column: $0.column) }
    } catch {
      return []
    }
  }

  /// The first line, and some bytes from a place on.
  private static func window(_ stream: any ByteStream, _ offset: Int, hasHeader: Bool) async throws -> (header: [UInt8], window: [UInt8]) {
    var header: [UInt8] = []
    var isHeaderWhole = !hasHeader
    var window: [UInt8] = []
    var at = 0
    while window.count < 256 << 10, let bytes = try await stream.next() {
      if !isHeaderWhole {
        let end = bytes.firstIndex(of: 0x0A)
        header += bytes[...(end ?? bytes.count - 1)]
        isHeaderWhole = end != nil || header.count > 1 << 20
      }
      if at + bytes.count > offset { window += bytes[max(0, offset - at)...] }
      at += bytes.count
    }
    // The sample is taken to be cut: what ends with the file needs an end of its own.
    return (header, window + [0x0A])
  }
}
