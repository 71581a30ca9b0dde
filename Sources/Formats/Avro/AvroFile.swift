import Rows

/// An Avro file whose header is read.
///
/// Format: Avro 1.11, "Object Container Files". All codecs of the specification and all logical types are read; the
/// writer's schema is taken as it is.
public struct AvroFile: Sendable {
  /// The columns that the fields of its rows become, in their order.
  public let columns: [FileColumn]
  let schema: AvroSchema
  let codec: AvroCodec
  let blocks: AvroBlocks

  /// Reads the header. The stream is used up by the one call of `rows` that may follow.
  ///
  /// - Throws: `FormatError` when this is no Avro file, or one with a codec that is not read.
  public static func open(_ stream: any ByteStream) async throws -> AvroFile {
    let blocks = AvroBlocks(stream)
    let metadata = try await blocks.header()
    guard let text = metadata["avro.schema"] else { throw FormatError(.corrupt, "the header has no schema") }
    let schema = try AvroSchema(parsing: text)
    return AvroFile(
      columns: schema.columns, schema: schema, codec: try AvroCodec(named: metadata["avro.codec"]), blocks: blocks)
  }

  /// The rows with these columns. May be called once.
  ///
  /// - Throws: `FormatError` when a wanted type is none that a value of Avro becomes.
  public func rows(_ wanted: [WantedColumn]) throws -> any FileRows {
    AvroRows(blocks, codec, try AvroRowDecoder(schema, wanted), columns: wanted.count)
  }
}

/// The rows of an Avro file, a block or some of them at a time.
actor AvroRows: FileRows {
  private let blocks: AvroBlocks
  private let codec: AvroCodec
  private var decoder: AvroRowDecoder
  private var encoder: RowEncoder
  private var rejects: [RejectedRow] = []
  /// Of the row that was read last, from 1.
  private var row = 0
  private var isAtEnd = false
  /// A block that is only partly decoded.
  private var block: OpenBlock?

  private struct OpenBlock {
    var bytes: [UInt8]
    var rowsLeft: Int64
    var used: Int
    var offset: Int64
  }

  private static let batchSize = 512 << 10
  private static let rejectsPerBatch = 10_000

  init(_ blocks: AvroBlocks, _ codec: AvroCodec, _ decoder: AvroRowDecoder, columns: Int) {
    self.blocks = blocks
    self.codec = codec
    self.decoder = decoder
    encoder = RowEncoder(columns: columns, capacity: Self.batchSize)
  }

  func next() async throws -> FileBatch? {
    if isAtEnd { return nil }
    while encoder.count < Self.batchSize, rejects.count < Self.rejectsPerBatch {
      if block == nil, let next = try await blocks.next(limit: AvroLimits.block) { block = try unpack(next) }
      guard block != nil else {
        isAtEnd = true
        break
      }
      try decodeBlock()
    }
    defer { rejects = [] }
    return FileBatch(encoder.takeBatch(isLast: isAtEnd), rejects: rejects)
  }

  private func unpack(_ next: AvroBlocks.Block) throws(FormatError) -> OpenBlock {
    let bytes: [UInt8]
    do throws(FormatError) {
      bytes = try codec.unpack(next.bytes, limit: AvroLimits.block)
    } catch {
      if error.kind == .tooLarge { throw AvroBlocks.tooLarge(AvroLimits.block, at: next.offset) }
      throw FormatError(error.kind, error.message, hint: error.hint, row: row + 1, offset: next.offset)
    }
    // A row has at least one byte, unless its schema has no values at all.
    guard next.rows <= max(Int64(bytes.count), bytes.isEmpty ? Int64(AvroLimits.emptyItems) : 0) else {
      throw FormatError(.corrupt, "a block promises \(next.rows) rows in \(bytes.count) bytes", offset: next.offset)
    }
    return OpenBlock(bytes: bytes, rowsLeft: next.rows, used: 0, offset: next.offset)
  }

  /// Decodes rows until the block or the batch's room is used up.
  private func decodeBlock() throws(FormatError) {
    guard var open = block else { return }
    block = nil
    let problem: FormatError? = open.bytes.withUnsafeBytes { bytes in
      var cursor = AvroCursor(bytes)
      cursor.offset = open.used
      do throws(FormatError) {
        try decode(&cursor, &open.rowsLeft)
        open.used = cursor.offset
        return nil
      } catch {
        return FormatError(error.kind, error.message, hint: error.hint, row: row, offset: open.offset)
      }
    }
    if let problem { throw problem }
    if open.rowsLeft > 0 { block = open }
  }

  private func decode(_ cursor: inout AvroCursor, _ rowsLeft: inout Int64) throws(FormatError) {
    while rowsLeft > 0, encoder.count < Self.batchSize {
      row += 1
      rowsLeft -= 1
      if let reason = try decoder.row(row, &cursor, &encoder) {
        rejects.append(RejectedRow(row: row, offset: nil, reason: reason))
        if rejects.count >= Self.rejectsPerBatch { return }
      }
    }
    if rowsLeft == 0, !cursor.isAtEnd {
      throw FormatError(.corrupt, "a block has \(cursor.rest) bytes more than its rows")
    }
  }
}
