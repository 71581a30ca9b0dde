import Formats
import JSON
import Rows
import Testing

@Suite struct ParquetFilesTests {
  /// Files with the same rows share their expected values.
  static let files: [(name: String, expected: String)] =
    [
      "plain_none_v1", "plain_none_v2", "plain_snappy_v2", "dict_none_v1", "dict_snappy_v1", "dict_gzip_v1", "dict_zstd_v1",
      "dict_zstd_v2", "dict_lz4_v1", "dict_lz4_v2", "dict_brotli_v1",
    ].map { ($0, "plain_none_v1") }
    + ["temporal", "temporal_plain"].map { ($0, "temporal") }
    + ["decimal_int", "decimal_flba", "decimal_flba_nodict"].map { ($0, "decimal_flba") }
    + ["delta_v1", "delta_v2"].map { ($0, "delta_v1") }
    + ["nested_dict_v1", "nested_plain_v2"].map { ($0, "nested_dict_v1") }
    + ["row_groups", "small_pages_index"].map { ($0, "row_groups") }
    + ["empty_rows", "empty_no_groups"].map { ($0, "empty_rows") }
    + [
      "booleans_rle", "all_null", "mixed_codecs", "dict_format1", "byte_stream_split", "decimal256", "timestamp_int96",
      "special_types", "nested_legacy_names", "no_columns", "dict_fallback", "wide", "column_names", "duplicate_names",
      "drift/part-0", "drift/part-1", "drift/part-2", "drift/part-3",
      "layouts/airbyte/public/invoices/2024_02_29_1709164800000_0",
      "layouts/hive/dt=2024-02-28/country=FR/part-00000", "layouts/hive/dt=2024-02-29/country=FR/part-00000",
      "layouts/posthog/2024-02-29_events/2024-02-29T00_00_00-2024-02-29T01_00_00",
      "layouts/posthog/2024-02-29_persons/2024-02-29T00_00_00-2024-02-29T01_00_00",
    ].map { ($0, $0) }

  @Test(arguments: files)
  func `every value of a file is read`(file: (name: String, expected: String)) async throws {
    let read = try await ReadRows(file.name)
    #expect(read.rejects == [])
    let expected = try ParquetTestFiles.expected(file.expected).map { row in
      // The JSON column becomes jsonb: the text is to be compared as what it means.
      file.name == "special_types" ? try Self.parsingSecond(row) : row
    }
    #expect(Expectation.difference(read.rows, expected, read.columns) == nil)
  }

  private static func parsingSecond(_ row: JSONValue) throws -> JSONValue {
    var values = row.elements ?? []
    if let text = values[1].stringValue { values[1] = try JSONValue(parsing: text) }
    return .array(values)
  }

  @Test func `values of a megabyte are read`() async throws {
    let rows = try await ReadRows("large_strings").rows
    let zeros = String(repeating: "00", count: 300_000)
    #expect(rows.map { $0[0] } == [0, 1, 2, 3])
    #expect(rows.map { $0[1] } == [.string(String(repeating: "A", count: 1_000_000)), nil, .string(String(repeating: "ü", count: 500_000)), ""])
    #expect(rows.map { $0[2] } == [["hex": .string(zeros)], ["hex": ""], nil, ["hex": "ff"]])
  }

  @Test func `numbers get the narrowest type that holds all of theirs`() async throws {
    let columns = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("plain_none_v1"))).columns
    #expect(
      columns.map { "\($0.name) \($0.fileType) \($0.type)\($0.isRequired ? " required" : "")" } == [
        "b boolean boolean", "i8 int8 smallint", "i16 int16 smallint", "i32 int32 integer", "i64 int64 bigint",
        "u8 uint8 smallint", "u16 uint16 integer", "u32 uint32 bigint", "u64 uint64 numeric(20,0)", "f32 float real",
        "f64 double double precision", "s string text", "bin binary bytea", "flba fixed(5) bytea", "req int64 bigint required",
      ])
  }

  @Test func `times become times, and what is cut is said`() async throws {
    let columns = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("temporal"))).columns
    let cut = "nanoseconds are cut to microseconds"
    #expect(columns.map(\.type.name) == ["timestamp without time zone", "timestamp with time zone"].flatMap { [$0] }.repeated(3) + ["date"] + ["time without time zone"].repeated(3))
    #expect(columns.map(\.note) == [nil, nil, nil, nil, cut, cut, nil, nil, nil, cut])
    let int96 = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("timestamp_int96"))).columns
    #expect(int96.map(\.note) == [cut])
  }

  @Test func `decimals keep precision and scale, and special types their meaning`() async throws {
    let decimals = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("decimal_int"))).columns
    #expect(decimals.first?.type == ColumnType("numeric(4,2)"))
    #expect(decimals.last?.type == ColumnType("numeric(38,38)"))
    let special = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("special_types"))).columns
    #expect(special.map(\.type.name) == ["uuid", "jsonb", "real", "text", "bigint"])
    let null = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("all_null"))).columns
    #expect(null[3].type == .text)
    #expect(null[3].note == "the file has no value in it")
  }

  @Test func `nested columns become jsonb, and say what they are in the file`() async throws {
    let columns = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("nested_dict_v1"))).columns
    #expect(columns[1...10].allSatisfy { $0.type == .jsonb })
    #expect(columns[3].fileType == "list<list<int32>>")
    #expect(columns[7].fileType == "list<struct<k int32, v list<string>>>")
    #expect(columns[8].fileType == "map<string, int64>")
  }

  @Test func `of columns with one name each can be had`() async throws {
    let columns = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes("duplicate_names"))).columns
    #expect(columns.map(\.name) == ["x", "x_2"])
    #expect(columns[1].note == "the file has more than one column with the name \"x\"")
  }

  @Test func `only what is wanted is read, in the order in which it is wanted`() async throws {
    let wanted = [
      WantedColumn(.rowNumber, type: ColumnType("bigint")), WantedColumn(.field("s"), type: .text),
      WantedColumn(.constant("2024-02-29"), type: ColumnType("date")), WantedColumn(.field("nowhere"), type: .text),
      WantedColumn(.constant(nil), type: .jsonb),
    ]
    let ranges = MemoryRanges(try ParquetTestFiles.bytes("row_groups"))
    let rows = try await ReadRows(ranges, wanted).rows
    let all = try ParquetTestFiles.expected("row_groups")
    #expect(rows.count == 2000)
    #expect(rows.map { $0[0] } == (1...2000).map { .integer($0) })
    #expect(rows.map { $0[1] } == all.map { $0[1] ?? nil })
    #expect(rows.allSatisfy { $0[2] == "2024-02-29" && $0[3] == nil && $0[4] == nil })
    // Small enough to come with the footer: nothing else is asked for.
    #expect(ranges.requests == [0..<Int64(ranges.bytes.count)])
  }

  @Test func `without columns of the file its rows are counted all the same`() async throws {
    let rows = try await ReadRows("row_groups", [WantedColumn(.rowNumber, type: .text)]).rows
    #expect(rows.last == ["2000"])
  }
}

extension Array {
  fileprivate func repeated(_ times: Int) -> [Element] { (0..<times).flatMap { _ in self } }
}
