import Formats
import Rows
import Testing

@Suite struct InferenceTests {
  private func column(_ values: [String], header: String = "a") throws -> FileColumn {
    let text = ([header] + values).joined(separator: "\n") + "\n"
    return try CSVInference.shape(sample: Array(text.utf8), isWhole: true, dialect: CSVDialect()).columns[0].column
  }

  @Test(arguments: [
    (["1", "-2", "+3"], "bigint"), (["9223372036854775807", "9223372036854775808"], "numeric"), (["1.10", "2"], "numeric"),
    (["1e10", "-1.5E-3", "NaN"], "numeric"), (["0", "0.5", "-0.25"], "numeric"), (["01234", "10001"], "text"), (["007"], "text"),
    (["-01"], "text"), (["1", "x"], "text"), (["true", "FALSE"], "boolean"), (["t", "f"], "boolean"), (["t", "t"], "text"),
    (["t", "f", "m"], "text"), (["true", "1"], "text"), (["2024-02-29", "0001-01-01"], "date"), (["2023-02-29"], "text"),
    (["2024-02-29", "2024-02-29 12:00:00"], "timestamp without time zone"), (["2024-02-29T12:00:00.123456"], "timestamp without time zone"),
    (["2024-02-29T12:00:00Z", "2024-02-29 12:00:00+05:30"], "timestamp with time zone"),
    (["2024-02-29T12:00:00Z", "2024-02-29T12:00:00"], "text"), (["2024-02-29T12:00:00.123456789Z"], "text"),
    (["12:00:00", "23:59:59.999"], "time without time zone"), (["25:00:00"], "text"), (["12:30"], "text"),
    (["26d73cde-7eb1-4e1e-b7db-a4c03b4cf206"], "uuid"), (["26D73CDE-7EB1-4E1E-B7DB-A4C03B4CF206"], "text"),
    (["\"{\"\"a\"\":1}\"", "\"[1]\""], "jsonb"), (["\"{\"\"a\"\":1\""], "text"), (["20240229"], "bigint"), (["NaN"], "text"),
    (["1,5"], "bigint"), (["0x10"], "text"), (["1_000"], "text"), (["", ""], "text"), (["-"], "text"), (["."], "text"),
    (["1e999999"], "text"), (["infinity"], "text"), ([" 1", "2 "], "bigint"),
  ])
  func `a column's type holds all its values as they are`(values: [String], type: String) throws {
    // A row with a comma has one field too many, and says nothing.
    let values = values == ["1,5"] ? ["1,5", "2"] : values
    #expect(try column(values).type.name == type)
  }

  @Test func `the columns of types csv have the types that were meant`() throws {
    let shape = try CSVInference.shape(sample: fixture("csv/types.csv"), isWhole: true, dialect: CSVDialect())
    #expect(shape.columns.map(\.column.type.name) == [
      "bigint", "boolean", "bigint", "numeric", "numeric", "numeric", "date", "timestamp without time zone",
      "timestamp with time zone", "time without time zone", "text", "text", "text",
    ])
    #expect(shape.rows == 3)
    #expect(shape.columns[11].column.note?.contains("no value was seen") == true)
    #expect(shape.columns[12].column.note?.contains("zeros") == true)
    #expect(shape.columns.map(\.hasNulls) == [false, false, false, false, false, false, false, false, false, true, false, true, false])
  }

  @Test func `samples of several files are merged into types that hold both`() throws {
    func shape(_ text: String) throws -> TextShape {
      try CSVInference.shape(sample: Array(text.utf8), isWhole: true, dialect: CSVDialect())
    }
    var all = try shape("id,v,w\n1,1,2024-01-01\n")
    all.merge(try shape("id,w,v,new\n2,2024-01-01 10:00:00,1.5,x\n"))
    #expect(all.columns.map(\.field) == ["id", "v", "w", "new"])
    #expect(all.columns.map(\.column.type.name) == ["bigint", "numeric", "timestamp without time zone", "text"])
    #expect(all.columns.map(\.hasNulls) == [false, false, false, true])
    var late = try shape("id,v\n" + (0..<50).map { "\($0),1\n" }.joined())
    late.merge(try shape("id,v\n1,many\n"))
    #expect(late.columns[1].column.type.name == "text")
  }

  @Test func `strings of JSON stay strings, unless they are times or identifiers`() throws {
    let text = #"{"n":"12","d":"2024-01-01","z":"2024-01-01T00:00:00Z","u":"26d73cde-7eb1-4e1e-b7db-a4c03b4cf206","b":"true","i":12,"f":1.0,"t":true,"e":""}"#
    let shape = try JSONInference.shape(sample: Array(text.utf8), isWhole: true)
    #expect(shape.columns.map(\.column.type.name) == [
      "text", "date", "timestamp with time zone", "uuid", "text", "bigint", "numeric", "boolean", "text",
    ])
  }

  @Test func `what is cut off at a sample's end is left out`() throws {
    let csv = try CSVInference.shape(sample: Array("a,b\n1,2\n3,xyz".utf8), isWhole: false, dialect: CSVDialect())
    #expect(csv.rows == 1 && csv.columns[1].column.type.name == "bigint")
    let json = try JSONInference.shape(sample: Array("{\"a\":1}\n{\"a\":\"x".utf8), isWhole: false)
    #expect(json.rows == 1)
    #expect(throws: FormatError.self) { try JSONInference.shape(sample: Array("id,name\n1,x\n".utf8), isWhole: true) }
  }

  @Test func `names are unique, not empty and not too long, and change no more than they must`() {
    #expect(ColumnNames.unique(["a", "b"]) == ["a", "b"])
    #expect(ColumnNames.unique(["a", "a", "a_2", "a"]) == ["a", "a_3", "a_2", "a_4"])
    #expect(ColumnNames.unique(["", " ", "c1"]) == ["c1", "c2", "c1_2"])
    #expect(ColumnNames.unique([" x\ty ", "xmin", "ctid"]) == ["x y", "xmin_", "ctid_"])
    let long = String(repeating: "é", count: 40)
    let cut = ColumnNames.unique([long, long])
    #expect(cut.map(\.utf8.count) == [62, 62] && Set(cut).count == 2)
    #expect(cut[1].hasSuffix("_2"))
  }
}
