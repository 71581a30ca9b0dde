import Formats
import Rows
import Testing

@Suite struct CSVRulesTests {
  @Test func `columns are taken by name, in the order that is wanted`() async throws {
    let table = try await csv("a,b,c\n1,2,3\n", ["c", "a", "missing"])
    #expect(table.texts == [["3", "1", nil]])
  }

  @Test func `constants and row numbers stand beside the fields`() async throws {
    let columns = [
      WantedColumn(.rowNumber, type: ColumnType("bigint")), WantedColumn(.constant("2024-01-01"), type: ColumnType("date")),
      WantedColumn(.constant(nil), type: .text), WantedColumn(.rowNumber, type: .text), WantedColumn(.field("a"), type: .text),
    ]
    let table = try await BinaryTable(CSVRows(Pieces("a\nx\ny\n"), dialect: CSVDialect(), columns: columns))
    #expect(table.rows[1] == [[0, 0, 0, 0, 0, 0, 0, 2], [0, 0, 0x22, 0x3E], nil, Array("2".utf8), Array("y".utf8)])
  }

  @Test func `a constant that is no value of its type is an error at once`() {
    #expect(throws: FormatError.self) {
      try CSVRows(Pieces(""), dialect: CSVDialect(), columns: [WantedColumn(.constant("x"), type: ColumnType("date"))])
    }
  }

  @Test func `a type that text cannot become is an error that names it`() {
    let error = #expect(throws: FormatError.self) {
      try CSVRows(Pieces(""), dialect: CSVDialect(), columns: .fields(["a"], ColumnType("text[]")))
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("text[]") == true)
  }

  @Test func `NULL is what the dialect says it is, outside quotes only`() async throws {
    let text = "a,b\nNULL,\"NULL\"\n,\"\"\n\\N,x\n"
    #expect(try await csv(text, ["a", "b"]).texts == [["NULL", "NULL"], [nil, ""], ["\\N", "x"]])
    let dialect = CSVDialect(emptyIsNull: false, nullTexts: ["NULL", "\\N"])
    #expect(try await csv(text, ["a", "b"], dialect).texts == [[nil, "NULL"], ["", ""], [nil, "x"]])
  }

  @Test func `an empty text is NULL for types that have none`() async throws {
    let table = try await csv("a,b\n\"\",\"\"\n", ["a", "b"], types: ["a": "bigint"])
    #expect(table.rows == [[nil, []]])
  }

  @Test func `without a header the columns are numbered`() async throws {
    let table = try await csv("1,2\n3,4\n", ["c2", "c1"], CSVDialect(hasHeader: false))
    #expect(table.texts == [["2", "1"], ["4", "3"]])
  }

  @Test func `a blank line is NULL where a file has one column`() async throws {
    #expect(try await csv("a\n1\n\n2\n", ["a"]).texts == [["1"], [nil], ["2"]])
    #expect(try await csv("a,b\n1,2\n\r\n\n3,4\n", ["a"]).texts == [["1"], ["3"]])
  }

  @Test func `carriage returns within lines are kept`() async throws {
    #expect(try await csv("a,b\nx\ry,\"p\rq\"\r\n", ["a", "b"]).texts == [["x\ry", "p\rq"]])
  }

  @Test func `a quote behind other letters is a letter`() async throws {
    #expect(try await csv("a,b\nx\"y\",z\n", ["a", "b"]).texts == [["x\"y\"", "z"]])
  }

  @Test func `a row beyond the limit is an error that names the setting`() async throws {
    for text in ["a\n1\n" + String(repeating: "x", count: 3000), "a\n1\n\"" + String(repeating: "x\n", count: 3000)] {
      let table = try await csv(text, ["a"], sizes: [100], limits: TextLimits(line: 1000))
      // Rows before it may be in memory at once with it: the limit holds for one row.
      #expect(table.error?.kind == .tooLarge || table.error?.kind == .truncated)
      #expect(table.texts.first == ["1"])
    }
    let large = "a\n" + String(repeating: "x", count: 1 << 20)
    let table = try await csv(large, ["a"], limits: TextLimits(line: 1 << 18))
    #expect(table.error?.kind == .tooLarge && table.error?.row == 1 && table.error?.offset == 2)
    #expect(table.error?.hint?.contains("max_line_size") == true)
  }

  @Test func `UTF-16 is known by its mark, in both orders`() async throws {
    let text = "id,name\r\n1,é東🌿\r\n"
    for isLittle in [true, false] {
      let units = [0xFEFF] + Array(text.utf16)
      let bytes = units.flatMap { isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
      for size in [1, 2, 3, 1000] {
        let reader = try CSVRows(Pieces(bytes, sizes: [size]), dialect: CSVDialect(), columns: .fields(["id", "name"]))
        #expect(try await BinaryTable(reader).texts == [["1", "é東🌿"]])
      }
      let cut = try CSVRows(Pieces(Array(bytes.dropLast())), dialect: CSVDialect(), columns: .fields(["id"]))
      #expect(try await BinaryTable(cut).error?.kind == .truncated)
    }
  }

  @Test func `rejects tell the row, the byte, the column and the value`() async throws {
    let table = try await csv("id,n\n1,5\n2,abc\n3,7\n", ["id", "n"], types: ["n": "integer"])
    #expect(table.rows.count == 2)
    #expect(table.rejects == [RejectedRow(row: 2, offset: 9, reason: #"column n (integer): "abc" is no number"#)])
  }

  @Test func `an error comes after the rows before it`() async throws {
    let rows = (0..<3000).map { "\($0),x\n" }.joined()
    let table = try await csv("a,b\n" + rows + "9,\"open", ["a", "b"], sizes: [777])
    #expect(table.rows.count == 3000)
    #expect(table.error?.row == 3001)
  }
}
