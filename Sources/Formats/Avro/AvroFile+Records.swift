import JSON
import Rows

extension AvroFile {
  /// Whole rows as JSON, for files that describe others. May be called once, and not beside `rows`.
  ///
  /// - Parameters:
  ///   - omitted: fields of records within the row's record that are left out.
  ///   - each: is called with each row in turn.
  func records(omitting omitted: Set<String> = [], _ each: (JSONValue) throws -> Void) async throws {
    var whole = schema
    whole.nodes.append(.record([AvroSchema.Field(name: "record", type: schema.root)]))
    whole.root = whole.nodes.count - 1
    var decoder = try AvroRowDecoder(whole, [WantedColumn(.field("record"), type: .jsonb)])
    decoder.values.omitted = omitted
    let rows = AvroRows(blocks, codec, decoder, columns: 1)
    var reader = BinaryRows()
    while let next = try await rows.next() {
      if let reject = next.rejects.first { throw FormatError(.corrupt, reject.reason, row: reject.row) }
      for range in reader.rows(in: next.batch.bytes) ?? [] {
        // The number of fields, the value's length and the mark of jsonb stand before the text.
        let text = Array(next.batch.bytes[range].dropFirst(7))
        try each(try JSONValue(parsing: text))
      }
    }
  }
}
