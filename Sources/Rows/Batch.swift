/// Rows on their way, as the bytes of PostgreSQL's `COPY`.
public struct Batch: Sendable {
  /// A part of one `COPY` stream: it may begin with the stream's header or end with its trailer, and never
  /// cuts a row.
  public var bytes: [UInt8]
  /// How many rows the bytes hold.
  public var rows: Int
  /// Where a later read goes on once this batch and all before it are committed, in the connector's own words: JSON
  /// that nobody else reads. Nil where no place between two batches is safe to go on from, and for readers that carry none.
  public var checkpoint: String?
  public var content: Content

  /// What the rows of a batch are.
  public enum Content: Sendable {
    /// Rows to insert or update, with every column that is read.
    case rows
    /// The key columns, in the order of the table's columns, of rows that the source no longer has.
    case goneKeys
  }

  public init(bytes: [UInt8], rows: Int, checkpoint: String? = nil, content: Content = .rows) {
    self.bytes = bytes
    self.rows = rows
    self.checkpoint = checkpoint
    self.content = content
  }
}

/// The form of a `COPY` stream.
public enum CopyFormat: String, Sendable {
  case binary, text, csv
}
