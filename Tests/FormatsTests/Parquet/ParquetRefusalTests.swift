import Formats
import Rows
import Testing

@Suite struct ParquetRefusalTests {
  @Test(arguments: [
    ("zero_bytes", .truncated, "the file is empty"),
    ("too_short", .corrupt, "the file has 4 bytes, too few for Parquet"),
    ("not_parquet", .corrupt, "the file is not Parquet: it neither begins nor ends with PAR1"),
    ("no_tail_magic", .truncated, "the file begins as Parquet does, and does not end so: a part of it is missing"),
    ("truncated_half", .truncated, "the file begins as Parquet does, and does not end so: a part of it is missing"),
    ("footer_length_zero", .corrupt, "the footer's length cannot be 0 in a file of 14353 bytes"),
    ("footer_length_huge", .corrupt, "the footer's length cannot be 2147483647 in a file of 14353 bytes"),
  ] as [(String, FormatError.Kind, String?)])
  func `a broken file is refused with the reason and the place`(name: String, kind: FormatError.Kind, message: String?) async throws {
    let error = await #expect(throws: FormatError.self) { _ = try await ReadRows("bad/\(name)") }
    #expect(error?.kind == kind)
    #expect(error?.offset != nil)
    if let message { #expect(error?.message == message) }
  }

  @Test func `flipped bytes within a page are refused with the page's place, or give a row that is rejected`() async throws {
    let error = await #expect(throws: FormatError.self) { _ = try await ReadRows("bad/flipped_data") }
    #expect(error?.message.hasPrefix("the page of column ") == true)
    #expect(error?.offset != nil)
  }

  @Test func `what is broken in a footer and not needed for the rows does no harm`() async throws {
    // The bytes are those of the Arrow schema, which repeats in another form what the footer says.
    let rows = try await ReadRows("bad/flipped_footer")
    #expect(Expectation.difference(rows.rows, try ParquetTestFiles.expected("plain_none_v1"), rows.columns) == nil)
  }

  @Test func `a changed byte in a page with a checksum is never read`() async throws {
    let original = try ParquetTestFiles.bytes("small_pages_index")
    var found = 0
    for place in stride(from: 100, to: 2000, by: 61) {
      var bytes = original
      bytes[place] ^= 0x10
      do {
        let read = try await ReadRows(MemoryRanges(bytes))
        // It was one of a header's statistics.
        #expect(Expectation.difference(read.rows, try ParquetTestFiles.expected("row_groups"), read.columns) == nil)
      } catch let error as FormatError {
        if error.message.hasSuffix("its checksum does not match its bytes") { found += 1 }
      }
    }
    #expect(found > 5)
  }

  @Test func `an encrypted footer is refused by its name`() async throws {
    var bytes = try ParquetTestFiles.bytes("plain_none_v1")
    bytes.replaceSubrange((bytes.count - 4)..., with: Array("PARE".utf8))
    let error = await #expect(throws: FormatError.self) { _ = try await ParquetFile.open(MemoryRanges(bytes)) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message == "the file is encrypted, which is not read")
  }

  @Test(arguments: ["plain_none_v1", "nested_plain_v2", "delta_v1", "small_pages_index"])
  func `a file cut anywhere is refused, never read in part`(name: String) async throws {
    let bytes = try ParquetTestFiles.bytes(name)
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
      await #expect(throws: FormatError.self) { _ = try await ReadRows(MemoryRanges(Array(bytes[..<length]))) }
    }
  }

  @Test(arguments: [
    ("b", "bigint"), ("i64", "boolean"), ("i64", "date"), ("f64", "uuid"), ("bin", "integer"), ("i64", "interval"), ("b", "bytea"),
  ])
  func `a column that cannot become the wanted type is refused before anything is read`(name: String, type: String) async throws {
    let file = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("plain_none_v1")))
    let error = #expect(throws: FormatError.self) { _ = try file.rows([WantedColumn(.field(name), type: ColumnType(type))]) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("cannot become \(type)") == true)
  }

  @Test func `a type that no value is written as is refused by its name`() async throws {
    let file = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("plain_none_v1")))
    let error = #expect(throws: FormatError.self) { _ = try file.rows([WantedColumn(.field("i64"), type: ColumnType("money"))]) }
    #expect(error?.message == "no value of a Parquet file can be written as money")
  }
}
