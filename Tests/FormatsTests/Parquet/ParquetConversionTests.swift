import Formats
import JSON
import Rows
import Testing

/// Files of one table whose types change, and columns that are wanted as another type than the file's.
@Suite struct ParquetConversionTests {
  private func read(_ name: String, _ types: [(String, String)]) async throws -> ReadRows {
    try await ReadRows(name, types.map { WantedColumn(.field($0.0), type: ColumnType($0.1)) })
  }

  @Test func `narrower and wider files fill one table`() async throws {
    let types = [("id", "bigint"), ("name", "text"), ("amount", "numeric"), ("added", "boolean"), ("late", "date")]
    #expect(try await read("drift/part-0", types).rows == [[1, "a", "1", nil, nil], [2, "b", "2", nil, nil]])
    #expect(try await read("drift/part-1", types).rows == [[3, "c", "1099511627776", true, nil], [4, nil, "-5", nil, nil]])
    #expect(try await read("drift/part-2", types).rows == [[5, "d", "1.5", false, "2024-02-29"]])
  }

  @Test func `a value that does not fit rejects its row, with the column, the value and the type`() async throws {
    let read = try await read("drift/part-1", [("id", "integer"), ("amount", "integer")])
    #expect(read.rows == [[4, -5]])
    #expect(read.rejects == [RejectedRow(row: 1, offset: nil, reason: "column \"amount\": 1099511627776 does not fit integer")])
  }

  @Test func `text that is no number rejects its row where a number is wanted`() async throws {
    let read = try await read("drift/part-3", [("id", "bigint"), ("name", "text")])
    #expect(read.rows == [])
    #expect(read.rejects == [RejectedRow(row: 1, offset: nil, reason: "column \"id\": six does not fit bigint")])
  }

  @Test func `floating point fits whole numbers only where it is whole`() async throws {
    let read = try await read("drift/part-2", [("amount", "bigint")])
    #expect(read.rejects.map(\.reason) == ["column \"amount\": 1.5 does not fit bigint"])
    #expect(try await self.read("drift/part-0", [("amount", "double precision")]).rows == [[1.0], [2.0]].map { $0.map { JSONValue($0) } })
  }

  @Test(arguments: [
    ("drift/part-0", "id", "text", "1"), ("drift/part-0", "id", "jsonb", 1), ("drift/part-0", "id", "numeric(5,2)", "1.00"),
    ("drift/part-0", "id", "real", 1.0), ("drift/part-2", "late", "text", "2024-02-29"),
    ("drift/part-2", "late", "timestamp with time zone", "2024-02-29T00:00:00.000000Z"),
    ("drift/part-2", "late", "jsonb", "2024-02-29"), ("drift/part-2", "added", "text", "false"),
    ("drift/part-2", "amount", "numeric(3,1)", "1.5"), ("drift/part-2", "name", "jsonb", "d"),
    ("drift/part-2", "name", "character varying(1)", "d"),
  ] as [(String, String, String, JSONValue)])
  func `a column can be had as a wider type`(file: String, name: String, type: String, value: JSONValue) async throws {
    let read = try await read(file, [(name, type)])
    #expect(Expectation.matches(try #require(read.rows.first?.first), value, ""))
  }

  @Test func `every type can be had as text and as jsonb, rows in step with the rest`() async throws {
    for name in ["plain_none_v1", "temporal", "decimal_int", "special_types", "nested_dict_v1", "decimal256"] {
      for type in ["text", "jsonb"] {
        let columns = try await ParquetFile.open(MemoryRanges(ParquetTestFiles.bytes(name))).columns
        let typed = try await ReadRows(name).rows
        let read = try await ReadRows(name, columns.map { WantedColumn(.field($0.name), type: ColumnType(type)) })
        // Bytes are text only where they happen to be UTF-8.
        let bytes = columns.indices.filter { columns[$0].type == ColumnType("bytea") }
        #expect(read.rows.count + read.rejects.count == typed.count)
        if type == "jsonb" || bytes.isEmpty {
          #expect(read.rejects == [])
          #expect(zip(read.rows, typed).allSatisfy { zip($0, $1).allSatisfy { $0.isNull == $1.isNull } })
        }
        #expect(read.rejects.allSatisfy { reject in bytes.contains { reject.reason.hasPrefix("column \"\(columns[$0].name)\"") } })
      }
    }
  }

  @Test func `a number beyond its precision is rejected, however it is stored`() async throws {
    for name in ["decimal_int", "decimal_flba"] {
      let read = try await read(name, [("d4_2", "numeric(3,2)"), ("d38_0", "numeric(38,0)")])
      #expect(!read.rejects.isEmpty)
      #expect(read.rejects.allSatisfy { $0.reason.hasSuffix("does not fit numeric(3,2)") })
      #expect(read.rows.allSatisfy { $0[0].isNull || abs(Double($0[0].stringValue ?? "") ?? 99) < 10 })
    }
  }

  @Test(arguments: [
    ("2024-02-29", "timestamp with time zone", "2024-02-29T00:00:00.000000Z"),
    ("2024-02-29T12:30:00.25+01:30", "timestamp with time zone", "2024-02-29T11:00:00.250000Z"),
    ("7", "smallint", 7), ("-0.5", "numeric(4,2)", "-0.50"), ("t", "boolean", true), (#"{"a": [1]}"#, "jsonb", ["a": [1]]),
    ("00112233-4455-6677-8899-AABBCCDDEEFF", "uuid", "00112233-4455-6677-8899-aabbccddeeff"), (#"\x00ff"#, "bytea", ["hex": "00ff"]),
    ("23:59:59.5", "time without time zone", "23:59:59.500000"), ("1e3", "integer", 1000),
  ] as [(String, String, JSONValue)])
  func `a constant has the wanted type in every row`(text: String, type: String, value: JSONValue) async throws {
    let rows = try await ReadRows("drift/part-0", [WantedColumn(.constant(text), type: ColumnType(type))]).rows
    #expect(rows == [[value], [value]])
  }

  @Test(arguments: [
    ("2024-02-30", "date"), ("x", "integer"), ("1.5", "bigint"), ("maybe", "boolean"), ("{", "jsonb"), ("70000", "smallint"),
    ("123.456", "numeric(5,2)"), ("24:30:00", "time without time zone"), ("", "uuid"), ("nan", "integer"), ("abc", "character varying(2)"),
  ])
  func `a constant that is none of the wanted type rejects the rows`(text: String, type: String) async throws {
    let read = try await ReadRows("drift/part-0", [WantedColumn(.constant(text), type: ColumnType(type))])
    #expect(read.rows == [])
    #expect(read.rejects.map(\.row) == [1, 2])
    #expect(read.rejects[0].reason.contains("does not fit"))
  }
}
