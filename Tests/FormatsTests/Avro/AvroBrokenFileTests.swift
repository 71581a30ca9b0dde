import Formats
import JSON
import Rows
import Testing

@Suite struct AvroBrokenFileTests {
  private static let schema =
    #"{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"b","type":"string"}]}"#

  private func error(_ bytes: [UInt8]) async -> FormatError? {
    do {
      let file = try await AvroFile.open(PieceStream(bytes, size: 64))
      let rows = try file.rows(file.columns.map { WantedColumn(.field($0.name), type: $0.type) })
      while try await rows.next() != nil {}
      return nil
    } catch {
      return error as? FormatError
    }
  }

  private func file(_ data: [UInt8], rows: Int, codec: String? = nil) throws -> [UInt8] {
    try AvroWriter(Self.schema).file([], codec: codec) + AvroWriter.block(rows: rows, data)
  }

  @Test func `every cut of a file is noticed, but at the end of a block`() async throws {
    let whole = try AvroWriter(Self.schema).file([["a": 1, "b": "x"], ["a": 2, "b": "yy"]], blockSize: 1)
    let header = try AvroWriter(Self.schema).file([]).count
    let first = try AvroWriter(Self.schema).file([["a": 1, "b": "x"]]).count
    for length in 0..<whole.count {
      let error = await error(Array(whole.prefix(length)))
      if length == header || length == first {
        #expect(error == nil, "\(length)")
      } else {
        #expect(error?.kind == .truncated || length < 4, "\(length): \(String(describing: error))")
        #expect(length < 4 || error?.offset == Int64(length))
      }
    }
  }

  @Test func `a wrong mark after a block is an error at its byte`() async throws {
    var bytes = try AvroWriter(Self.schema).file([["a": 1, "b": "x"]])
    bytes[bytes.count - 1] ^= 1
    let error = await error(bytes)
    #expect(error?.kind == .corrupt)
    #expect(error?.offset == Int64(bytes.count - 16))
  }

  @Test func `values beyond their block, and bytes behind them, are errors of the block`() async throws {
    let start = Int64(try AvroWriter(Self.schema).file([]).count)
    for (data, rows) in [([2, 20, 0x41], 1), ([2, 2, 0x41, 9, 9], 1), ([2, 2, 0x41], 2), ([2, 1], 1)]
      as [([UInt8], Int)]
    {
      let error = await error(try file(data, rows: rows))
      #expect(error?.kind == .corrupt, "\(data)")
      #expect(error?.offset == start)
      #expect(error?.row == rows || data.count == 2)
    }
  }

  @Test func `promises that no bytes keep are refused`() async throws {
    #expect(await error(try file([2, 2, 0x41], rows: 1_000_000_000))?.kind == .corrupt)
    let empty = try AvroWriter(#"{"type":"record","name":"r","fields":[{"name":"a","type":"null"}]}"#).file([])
    #expect(await error(empty + AvroWriter.block(rows: 1_000_000_000_000, []))?.kind == .corrupt)
    #expect(await error(empty + AvroWriter.block(rows: 3, [])) == nil)
    let nulls = try AvroWriter(
      #"{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"array","items":"null"}}]}"#
    ).file([])
    #expect(await error(nulls + AvroWriter.block(rows: 1, AvroWriter.long(1 << 60) + [0]))?.kind == .tooLarge)
    let huge = try AvroWriter(Self.schema).file([]) + AvroWriter.long(1) + AvroWriter.long(1 << 40)
    #expect(await error(huge)?.kind == .tooLarge)
  }

  @Test func `recursion has an end`() async throws {
    let schema = #"{"type":"record","name":"r","fields":[{"name":"next","type":["null","r"]}]}"#
    let deep = AvroWriter.block(rows: 1, [UInt8](repeating: 2, count: 500) + [0])
    #expect(await error(try AvroWriter(schema).file([]) + deep)?.kind == .tooLarge)
  }

  @Test func `a codec that is not known is refused by its name`() async throws {
    let error = await error(try file([], rows: 0, codec: "lzo"))
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("\"lzo\"") == true)
  }

  @Test func `snappy's checksum is checked`() async throws {
    // Five bytes as one literal, then a checksum that is none.
    let error = await error(try file([5, 16, 2, 6, 0x61, 0x62, 0x63, 0, 0, 0, 0], rows: 1, codec: "snappy"))
    #expect(error?.kind == .corrupt)
    #expect(error?.message.contains("checksum") == true)
  }

  @Test func `texts that PostgreSQL does not take reject their rows`() async throws {
    let file = try await AvroFile.open(
      PieceStream(try file([2, 2, 0x00] + [4, 2, 0xFF] + [6, 2, 0x41], rows: 3)))
    let types = file.columns.map(\.type)
    let read = try await CopiedRows(
      try file.rows(file.columns.map { WantedColumn(.field($0.name), type: $0.type) }), types)
    #expect(read.rows == [[3, "A"]])
    #expect(read.rejects.map(\.row) == [1, 2])
    #expect(read.rejects[0].reason.contains("NUL") && read.rejects[1].reason.contains("UTF-8"))
  }

  @Test func `what is no Avro file is refused`() async {
    #expect(await error(Array("PAR1....".utf8))?.kind == .corrupt)
    #expect(await error([])?.kind == .truncated)
  }
}
