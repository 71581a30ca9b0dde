import Formats
import JSON
import Rows
import Testing

/// The files of `Data/csv`, read to the values beside them or refused as `text-index.json` says.
@Suite struct CSVFilesTests {
  /// What a file needs beyond what is detected.
  private static let known: [String: CSVDialect] = [
    // Its empty texts are not in quotes.
    "quotes_minimal.csv": CSVDialect(emptyIsNull: false)
  ]

  private static let files = [
    "airbyte_like.csv", "blank_lines.csv", "bom.csv", "cr_only.csv", "crlf.csv", "empty_vs_quoted.csv", "gzip.csv.gz",
    "gzip_two_members.csv.gz", "header_only.csv", "no_final_newline.csv", "no_header.csv", "odd_headers.csv",
    "one_column_blank.csv", "pipe.csv", "plain.csv", "quotes.csv", "quotes_minimal.csv", "semicolon.csv",
    "stitch_like.csv", "tab.tsv", "types.csv", "utf16le_bom.csv",
  ]

  private func expected(_ file: String) throws -> [[String?]] {
    try fixture("csv/\(file).expected.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
      try #require(JSONValue(parsing: Array(line)).elements).map { $0.stringValue }
    }
  }

  private func unpacked(_ file: String) async throws -> [UInt8] {
    let bytes = try fixture("csv/\(file)")
    let compression = Compression.detect(head: Array(bytes.prefix(Compression.headLength)), name: file)
    return try await DecompressedStream.open(Pieces(bytes), compression).collect()
  }

  @Test(arguments: files) func `a file is read to its values, wherever its pieces are cut`(file: String) async throws {
    let bytes = try await unpacked(file)
    let dialect = try CSVDetection.dialect(sample: bytes, isWhole: true, known: Self.known[file] ?? CSVDialect())
    let names = try CSVInference.shape(sample: bytes, isWhole: true, dialect: dialect).columns.map(\.field)
    let expected = try self.expected(file)
    for sizes in [[1 << 20], [1], [2, 3], [13, 1, 5]] {
      let table = try await BinaryTable(
        CSVRows(Pieces(bytes, sizes: sizes), dialect: dialect, columns: .fields(names)))
      #expect(table.error == nil && table.rejects.isEmpty)
      #expect(table.texts == expected)
    }
  }

  @Test(arguments: files) func `a file is read with the types that are inferred from it`(file: String) async throws {
    let bytes = try await unpacked(file)
    let dialect = try CSVDetection.dialect(sample: bytes, isWhole: true, known: Self.known[file] ?? CSVDialect())
    let shape = try CSVInference.shape(sample: bytes, isWhole: true, dialect: dialect)
    let columns = shape.columns.map { WantedColumn(.field($0.field), type: $0.column.type) }
    let table = try await BinaryTable(CSVRows(Pieces(bytes), dialect: dialect, columns: columns))
    #expect(table.error == nil && table.rejects.isEmpty)
    #expect(try table.rows.count == expected(file).count)
  }

  private func read(_ file: String, _ names: [String], _ dialect: CSVDialect = CSVDialect()) async throws -> BinaryTable {
    try await BinaryTable(CSVRows(Pieces(fixture("csv/\(file)")), dialect: dialect, columns: .fields(names)))
  }

  @Test func `the file's own names are made usable`() async throws {
    let reader = try CSVRows(Pieces(fixture("csv/odd_headers.csv")), dialect: CSVDialect(), columns: .fields(["select"]))
    #expect(try await BinaryTable(reader).texts == [["e"]])
    let names = await reader.names
    #expect(names.prefix(9) == ["First Name", "first name", "first_name", "c4", "select", "1st", #"with "q""#, "multi line", "ünï"])
    #expect(names[9] == String(repeating: "x", count: 63))
  }

  @Test func `backslashes escape where the dialect says so`() async throws {
    let detected = try CSVDetection.dialect(sample: fixture("csv/backslash_escapes.csv"), isWhole: true)
    #expect(detected.escape == .backslash)
    let table = try await read("backslash_escapes.csv", ["id", "text"], detected)
    #expect(table.texts == [["1", #"say "hi""#], ["2", #"a\b"#], ["3", "x\ny"]])
    let plain = try await read("backslash_escapes.csv", ["id", "text"])
    #expect(plain.rejects.map(\.row) == [1])
  }

  @Test func `quotes are letters where the dialect has none`() async throws {
    let table = try await read("quotes_literal.csv", ["id", "text"], CSVDialect(quote: nil))
    #expect(table.texts == [["1", #"5" pipe"#], ["2", #"he said "no""#], ["3", #""""#]])
    let quoted = try await read("quotes_literal.csv", ["id", "text"])
    #expect(quoted.texts == [["1", #"5" pipe"#], ["2", #"he said "no""#], ["3", ""]])
  }

  @Test func `rows with another number of fields are rejected, never shifted`() async throws {
    let long = try await read("ragged_long.csv", ["id", "a", "b"])
    #expect(long.texts == [["2", "x", "y"]])
    #expect(long.rejects == [
      RejectedRow(row: 1, offset: 7, reason: "the row has 4 fields, not 3"),
      RejectedRow(row: 3, offset: 21, reason: "the row has 5 fields, not 3"),
    ])
    let short = try await read("ragged_short.csv", ["id", "a", "b"])
    #expect(short.texts == [["3", "x", "y"]])
    #expect(short.rejects.map(\.row) == [1, 2])
    let filled = try await read("ragged_short.csv", ["id", "a", "b"], CSVDialect(missingFields: .null))
    #expect(filled.texts == [["1", "x", nil], ["2", nil, nil], ["3", "x", "y"]])
  }

  @Test func `other encodings are converted when told, and rejected by byte when not`() async throws {
    let latin = try await read("latin1.csv", ["id", "name"], CSVDialect(encoding: .latin1))
    #expect(latin.texts == [["1", "Zoë"], ["2", "Lód??"], ["3", "naïve"]])
    let windows = try await read("windows1252.csv", ["id", "name"], CSVDialect(encoding: .windows1252))
    #expect(windows.texts == [["1", "“smart” – quotes €"]])
    let untold = try await read("latin1.csv", ["id", "name"])
    #expect(untold.rejects.map(\.row) == [1, 2, 3])
    #expect(untold.rejects[0].reason.contains("is not UTF-8 at its byte 3"))
  }

  @Test func `one bad row does not spoil the others`() async throws {
    let table = try await read("invalid_utf8.csv", ["id", "name"])
    #expect(table.texts == [["1", "ok"], ["3", "ok"]])
    #expect(table.rejects.map(\.row) == [2])
    let nul = try await read("nul_bytes.csv", ["id", "name"])
    #expect(nul.texts == [["2", "c"]])
    #expect(nul.rejects.first?.reason.contains("NUL") == true)
  }

  @Test func `a quote that is never closed is an error at its place`() async throws {
    let table = try await read("unclosed_quote.csv", ["id", "a"])
    #expect(table.rows.isEmpty)
    #expect(table.error?.kind == .truncated)
    #expect(table.error?.row == 1 && table.error?.offset == 7)
  }

  @Test func `text behind a closing quote is rejected`() async throws {
    let table = try await read("text_after_quote.csv", ["id", "a"])
    #expect(table.rejects.map(\.row) == [1, 2])
  }

  @Test func `comments are rows unless the dialect has them`() async throws {
    let plain = try await read("comment_lines.csv", ["# exported by x"])
    #expect(plain.texts == [["# not data"]])
    #expect(plain.rejects.count == 3)
    let skipped = try await read("comment_lines.csv", ["id", "a"], CSVDialect(comment: UInt8(ascii: "#")))
    #expect(skipped.texts == [["1", "x"], ["2", "y"]])
  }

  @Test func `an empty file has no rows, and no shape`() async throws {
    let table = try await read("empty.csv", ["id"])
    #expect(table.rows.isEmpty && table.error == nil)
    let error = #expect(throws: FormatError.self) {
      try CSVInference.shape(sample: [], isWhole: true, dialect: CSVDialect())
    }
    #expect(error?.message == "the file is empty")
  }

  @Test func `a value that does not fit is rejected where it comes, late or not`() async throws {
    let columns = [WantedColumn(.field("id"), type: ColumnType("bigint")), WantedColumn(.field("v"), type: ColumnType("bigint"))]
    let table = try await BinaryTable(CSVRows(Pieces(fixture("csv/late_type_change.csv")), dialect: CSVDialect(), columns: columns))
    #expect(table.rows.count == 5000)
    #expect(table.rejects.first?.row == 5001)
    #expect(table.rejects.first?.reason.hasPrefix("column v (bigint): \"") == true)
  }

  @Test func `a field of a megabyte is read whole`() async throws {
    let text = "id,text\n1,\(String(repeating: "L", count: 1 << 20))\n2,x\n"
    for sizes in [[1 << 16], [1 << 12], [1 << 22]] {
      let table = try await csv(text, ["id", "text"], sizes: sizes)
      #expect(table.rows.count == 2 && table.rows[0][1]?.count == 1 << 20)
    }
  }
}
