/// Rows on their way, as the bytes of PostgreSQL's `COPY`.
public struct Batch: Sendable {
  /// A part of one `COPY` stream: it may begin with the stream's header or end with its trailer, and never
  /// cuts a row.
  public var bytes: [UInt8]
  /// How many rows the bytes hold.
  public var rows: Int

  public init(bytes: [UInt8], rows: Int) {
    self.bytes = bytes
    self.rows = rows
  }
}

/// The form of a `COPY` stream.
public enum CopyFormat: String, Sendable {
  case binary, text, csv
}
