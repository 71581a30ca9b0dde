import Formats
import JSON
import Rows
import Testing

/// The files of `Data/jsonl`, read to the values beside them or refused as `text-index.json` says.
@Suite struct JSONFilesTests {
  private static let files = [
    "big_numbers.jsonl", "bom.jsonl", "crlf_blank_lines.jsonl", "gzip.jsonl.gz", "json_array.json",
    "no_final_newline.jsonl", "plain.jsonl", "unicode_escapes.jsonl",
  ]

  private func unpacked(_ file: String) async throws -> [UInt8] {
    let bytes = try fixture("jsonl/\(file)")
    let compression = Compression.detect(head: Array(bytes.prefix(Compression.headLength)), name: file)
    return try await DecompressedStream.open(Pieces(bytes), compression).collect()
  }

  @Test(arguments: files) func `a file is read to its values, wherever its pieces are cut`(file: String) async throws {
    let bytes = try await unpacked(file)
    let expected = try fixture("jsonl/\(file).expected.jsonl").split(separator: UInt8(ascii: "\n")).map {
      try JSONValue(parsing: Array($0))
    }
    let keys = try JSONInference.shape(sample: bytes, isWhole: true).columns.map(\.field)
    for sizes in [[1 << 20], [1], [2, 3], [13, 1, 5]] {
      let table = try await BinaryTable(JSONRows(Pieces(bytes, sizes: sizes), columns: .fields(keys, .jsonb)))
      #expect(table.error == nil && table.rejects.isEmpty)
      try #require(table.rows.count == expected.count)
      for (row, object) in zip(table.rows, expected) {
        for (key, value) in zip(keys, row) {
          // The first byte is jsonb's version.
          let found = try value.map { try JSONValue(parsing: Array($0.dropFirst())) }
          #expect(found == object[key] || found == nil && object[key]?.isNull == true, "\(key)")
        }
      }
    }
  }

  private func read(_ file: String, _ columns: [(String, String)]) async throws -> BinaryTable {
    let wanted = columns.map { WantedColumn(.field($0.0), type: ColumnType($0.1)) }
    return try await BinaryTable(JSONRows(Pieces(fixture("jsonl/\(file)")), columns: wanted))
  }

  private func types(_ file: String) throws -> [String: String] {
    let shape = try JSONInference.shape(sample: fixture("jsonl/\(file)"), isWhole: true)
    return Dictionary(uniqueKeysWithValues: shape.columns.map { ($0.field, $0.column.type.name) })
  }

  @Test func `numbers keep all their digits`() async throws {
    #expect(try types("big_numbers.jsonl") == [
      "id": "bigint", "i": "bigint", "u": "numeric", "huge": "numeric", "dec": "numeric", "e": "numeric", "neg0": "numeric",
      "exp": "numeric", "small": "numeric",
    ])
    let table = try await read("big_numbers.jsonl", [("i", "text"), ("i", "bigint"), ("dec", "text"), ("e", "text"), ("u", "bigint")])
    #expect(table.rejects.map(\.row) == [1])
    #expect(table.rows.count == 1)
    let exact = try await read("big_numbers.jsonl", [("i", "text"), ("i", "bigint"), ("dec", "text"), ("e", "numeric")])
    #expect(exact.texts[0][0] == "9007199254740993" && exact.texts[0][2] == "0.1234567890123456789012345")
    #expect(exact.rows[0][1] == [0, 0x20, 0, 0, 0, 0, 0, 1])
  }

  @Test func `rows that are no objects are rejected by name, the others survive`() async throws {
    let table = try await read("not_objects.jsonl", [("id", "text")])
    #expect(table.texts == [["1"]])
    #expect(table.rejects.map(\.reason) == [
      "the row is a number, not an object", "the row is a string, not an object", "the row is null, not an object",
      "the row is an array, not an object",
    ])
  }

  @Test func `a broken line is rejected, the others survive`() async throws {
    let table = try await read("bad_line_in_middle.jsonl", [("id", "text")])
    #expect(table.texts == [["1"], ["3"]])
    #expect(table.rejects == [
      RejectedRow(row: 2, offset: 9, reason: "the row is no JSON: expected a key in quotes at its byte 2")
    ])
  }

  @Test func `a file that is cut off is an error at its last line`() async throws {
    let table = try await read("truncated_last_line.jsonl", [("id", "text")])
    #expect(table.texts == [["1"]])
    #expect(table.error?.kind == .truncated && table.error?.row == 2 && table.error?.offset == 18)
  }

  @Test func `what PostgreSQL's text cannot hold is rejected, the other rows survive`() async throws {
    let nul = try await read("nul_escape.jsonl", [("id", "text"), ("s", "text")])
    #expect(nul.texts == [["2", "ok"]])
    #expect(nul.rejects.first?.reason.contains(#"\u0000"#) == true)
    let lone = try await read("lone_surrogate.jsonl", [("id", "text")])
    #expect(lone.rejects.map(\.row) == [1, 2])
    #expect(lone.rejects.first?.reason.contains("surrogate") == true)
  }

  @Test func `of keys that are alike the last one counts`() async throws {
    #expect(try await read("duplicate_keys.jsonl", [("id", "text"), ("x", "text")]).texts == [["2", "a"]])
  }

  @Test func `keys differ by case, and names that PostgreSQL would not take are changed`() async throws {
    let shape = try JSONInference.shape(sample: fixture("jsonl/case_keys.jsonl"), isWhole: true)
    #expect(shape.columns.map(\.column.name).prefix(7) == ["Id", "id", "ID", "user id", "user_id", "user.id", "c7"])
    #expect(shape.columns.last?.column.name.utf8.count == 63)
    let table = try await BinaryTable(
      JSONRows(Pieces(fixture("jsonl/case_keys.jsonl")), columns: .fields(shape.columns.map(\.field))))
    #expect(table.texts == [["1", "2", "3", "4", "5", "6", "7", "8"]])
  }

  @Test func `levels up to the limit are kept, more are rejected without a crash`() async throws {
    let deep = try await read("nested_deep.jsonl", [("a", "jsonb"), ("l", "jsonb")])
    #expect(deep.rows.count == 2 && deep.rejects.isEmpty)
    let tooDeep = try await read("nested_too_deep.jsonl", [("a", "jsonb")])
    #expect(tooDeep.rows == [[nil]] && tooDeep.rejects.map(\.row) == [1])
    #expect(tooDeep.rejects.first?.reason.contains("more than 1000 arrays and objects") == true)
  }

  @Test func `objects may follow each other on a line, or after commas`() async throws {
    #expect(try await read("concatenated.jsonl", [("id", "text")]).texts == [["1"], ["2"], ["3"], ["4"]])
    #expect(try await read("comma_separated.jsonl", [("id", "text")]).texts == [["1"], ["2"]])
    #expect(try await read("single_object.json", [("data", "text"), ("has_more", "boolean")]).texts == [
      [#"[{"id":1},{"id":2}]"#, "\0"]
    ])
    #expect(try await read("empty.jsonl", [("id", "text")]).rows.isEmpty)
  }

  @Test func `one column of many types keeps every value`() async throws {
    #expect(try types("type_drift.jsonl") == ["id": "text", "v": "jsonb", "w": "jsonb", "o": "jsonb"])
    let table = try await read("type_drift.jsonl", [("id", "text"), ("v", "jsonb")])
    #expect(table.texts.map { $0[0] } == ["1", "2", "3", "4", "five", nil])
    #expect(table.texts.map { $0[1].map { String($0.dropFirst()) } } == ["1", "1.5", #""three""#, "true", "[]", nil])
  }

  @Test func `a column that comes late is found by whoever looks so far`() async throws {
    let bytes = try fixture("jsonl/new_columns_late.jsonl")
    let early = try JSONInference.shape(sample: Array(bytes.prefix(1000)), isWhole: false)
    var whole = early
    whole.merge(try JSONInference.shape(sample: bytes, isWhole: true))
    #expect(early.columns.count == 1 && whole.columns.map(\.field) == ["id", "added", "nested"])
    #expect(whole.columns[1].hasNulls && !whole.columns[0].hasNulls)
  }

  @Test func `files that other tools write have their types`() throws {
    #expect(try types("airbyte_like.jsonl") == [
      "_airbyte_raw_id": "uuid", "_airbyte_extracted_at": "bigint", "_airbyte_generation_id": "bigint",
      "_airbyte_meta": "jsonb", "_airbyte_data": "jsonb",
    ])
    let posthog = try types("posthog_events.jsonl")
    #expect(posthog["uuid"] == "uuid" && posthog["timestamp"] == "timestamp with time zone" && posthog["properties"] == "jsonb")
    #expect(posthog["elements_chain"] == "text")
  }

  @Test func `a line of a megabyte is read whole`() async throws {
    let text = #"{"id":1,"s":""# + String(repeating: "L", count: 1 << 20) + "\"}\n{\"id\":2}"
    for sizes in [[1 << 16], [1 << 12], [1 << 22]] {
      let table = try await json(text, [("id", "text"), ("s", "text")], sizes: sizes)
      #expect(table.rows.count == 2 && table.rows[0][1]?.count == 1 << 20)
    }
  }
}
