import Formats
import JSON
import Rows
import Testing

/// The schema language, with files that the tests write themselves.
@Suite struct AvroSchemaTests {
  private func read(_ schema: String, _ rows: [JSONValue], as types: [String: ColumnType] = [:]) async throws -> (
    columns: [FileColumn], rows: CopiedRows
  ) {
    let file = try await AvroFile.open(PieceStream(try AvroWriter(schema).file(rows)))
    let wanted = file.columns.map { WantedColumn(.field($0.name), type: types[$0.name] ?? $0.type) }
    return (file.columns, try await CopiedRows(try file.rows(wanted), wanted.map(\.type)))
  }

  private func record(_ fields: String) -> String { #"{"type":"record","name":"r","fields":[\#(fields)]}"# }

  @Test func `a type may hold itself`() async throws {
    let schema = #"""
      {"type":"record","name":"a.Node","fields":[{"name":"v","type":"int"},
      {"name":"next","type":["null","Node"]},{"name":"also","type":["null","a.Node"]}]}
      """#
    let writer = try AvroWriter(schema.replacing("a.Node", with: "Node"))
    let rows = writer.file([
      ["v": 1, "next": ["v": 2, "next": ["v": 3, "next": nil, "also": nil], "also": nil], "also": nil]
    ])
    let file = try await AvroFile.open(PieceStream(rows))
    let read = try await CopiedRows(try file.rows([WantedColumn(.field("next"), type: .jsonb)]), [.jsonb])
    #expect(read.rows == [[["v": 2, "next": ["v": 3, "next": nil, "also": nil], "also": nil]]])
  }

  @Test func `names are looked for in their namespaces`() async throws {
    let schema = #"""
      {"type":"record","name":"r","namespace":"x","fields":[
      {"name":"a","type":{"type":"enum","name":"y.E","symbols":["P","Q"]}},{"name":"b","type":"y.E"},
      {"name":"c","type":{"type":"fixed","name":"F","size":2}},{"name":"d","type":"x.F"}]}
      """#
    let bytes: [UInt8] = [0, 2, 1, 2, 3, 4]
    let writer = try AvroWriter(schema)
    let file = try await AvroFile.open(PieceStream(writer.file([]) + AvroWriter.block(rows: 1, bytes)))
    let wanted = file.columns.map { WantedColumn(.field($0.name), type: $0.type) }
    let read = try await CopiedRows(try file.rows(wanted), wanted.map(\.type))
    #expect(read.rows == [["P", "Q", ["hex": "0102"], ["hex": "0304"]]])
  }

  @Test func `unions become the type that holds their branches`() async throws {
    let schema = record(
      #"""
      {"name":"a","type":["int","long"]},{"name":"b","type":["null","float","double"]},{"name":"c","type":["string","null"]},
      {"name":"d","type":["long","double"]},{"name":"e","type":["null"]}
      """#)
    let (columns, rows) = try await read(
      schema,
      [
        [
          "a": ["branch": 0, "value": 1], "b": ["branch": 1, "value": 0.5], "c": "x",
          "d": ["branch": 0, "value": 9_007_199_254_740_993],
        ],
        ["a": ["branch": 1, "value": 2], "b": nil, "c": ["branch": 1], "d": ["branch": 1, "value": 1.5]],
      ])
    #expect(columns.map { "\($0.type)" } == ["bigint", "double precision", "text", "jsonb", "text"])
    #expect(rows.rows == [[1, 0.5, "x", 9_007_199_254_740_993, nil], [2, nil, nil, 1.5, nil]])
  }

  @Test func `logical types become PostgreSQL's own`() async throws {
    func type(_ base: String, _ logical: String) -> String { #"{"type":"\#(base)","logicalType":"\#(logical)"}"# }
    let fields = [
      ("a", type("long", "time-micros"), "time without time zone"),
      ("b", type("long", "timestamp-nanos"), "timestamp with time zone"),
      ("c", type("long", "local-timestamp-millis"), "timestamp without time zone"),
      ("d", #"{"type":"fixed","name":"D","size":12,"logicalType":"duration"}"#, "interval"),
      ("e", #"{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}"#, "uuid"),
      (
        "f", #"{"type":"fixed","name":"N","size":20,"logicalType":"decimal","precision":45,"scale":3}"#, "numeric(45,3)"
      ),
      ("g", type("int", "no-such-type"), "integer"),
      ("h", #"{"type":"bytes","logicalType":"decimal","precision":2,"scale":5}"#, "bytea"),
    ]
    let schema = record(fields.map { #"{"name":"\#($0.0)","type":\#($0.1)}"# }.joined(separator: ","))
    let (columns, rows) = try await read(
      schema,
      [
        [
          "a": 86_399_999_999, "b": -1, "c": 1_709_164_800_123, "d": "0100000002000000e8030000",
          "e": "9912d2442c5a900c2224ea6ec4e93a62", "f": "ffffffffffffffffffffffffffffffffffffff85", "g": 7, "h": "0a",
        ]
      ])
    #expect(columns.map { "\($0.type)" } == fields.map(\.2))
    #expect(
      rows.rows == [
        [
          "23:59:59.999999", "1969-12-31T23:59:59.999999Z", "2024-02-29T00:00:00.123000", [1, 2, 1_000_000],
          "9912d244-2c5a-900c-2224-ea6ec4e93a62", "-0.123", 7, ["hex": "0a"],
        ]
      ])
  }

  @Test(arguments: [
    ("7fffffffffffffffffffffffffffffffffffffff", "730750818665451459101842416358141509827966271487"),
    ("8000000000000000000000000000000000000000", "-730750818665451459101842416358141509827966271488"),
    ("00ffffffffffffffffffffffffffffffffffffff", "5708990770823839524233143877797980545530986495"),
    ("ff", "-1"), ("", "0"), ("0080", "128"), ("ffffffffffffffffffffffffffffffffff", "-1"),
    ("ff7fffffffffffffffffffffffffffffff", "-170141183460469231731687303715884105729"),
  ])
  func `decimals of any length keep every digit`(hex: String, digits: String) async throws {
    let schema = record(#"{"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":2000,"scale":0}}"#)
    #expect(try await read(schema, [["a": .string(hex)]]).rows.rows == [[.string(digits)]])
    #expect(try await read(schema, [["a": .string(hex)]], as: ["a": .text]).rows.rows == [[.string(digits)]])
  }

  @Test func `values that do not fit the wanted type are rejected, each with its reason`() async throws {
    let schema = record(
      #"""
      {"name":"n","type":"long"},{"name":"s","type":"string"},
      {"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":6,"scale":3}}
      """#)
    let (_, rows) = try await read(
      schema,
      [
        ["n": 1, "s": "12", "d": "04d2"], ["n": 40_000, "s": "12", "d": "04d2"], ["n": 2, "s": "x", "d": "04d2"],
        ["n": 3, "s": "13", "d": "04d3"], ["n": 4, "s": "14", "d": "00"],
      ], as: ["n": ColumnType("smallint"), "s": ColumnType("integer"), "d": ColumnType("numeric(5,2)")])
    // 1.234 and 1.235 have a digit more than the column.
    #expect(rows.rows == [[4, 14, "0.00"]] || rows.rows == [[4, 14, "0.000"]])
    #expect(rows.rejects.map(\.row) == [1, 2, 3, 4])
    #expect(rows.rejects[1].reason.contains("\"n\"") && rows.rejects[1].reason.contains("40000"))
    #expect(rows.rejects[2].reason.contains("\"s\""))
  }

  @Test func `columns come in the order that is wanted, constants and numbers of rows among them`() async throws {
    let schema = record(#"{"name":"a","type":"int"},{"name":"b","type":"string"},{"name":"c","type":"int"}"#)
    let file = try await AvroFile.open(
      PieceStream(
        try AvroWriter(schema).file([["a": 1, "b": "x", "c": 2], ["a": 3, "b": "y", "c": 4]], blockSize: 1), size: 3))
    let types = ["integer", "integer", "text", "integer", "bigint", "date", "text", "integer"].map { ColumnType($0) }
    let origins: [WantedColumn.Origin] = [
      .field("c"), .field("a"), .field("b"), .field("c"), .rowNumber, .constant("2024-02-29"), .field("none"),
      .constant(nil),
    ]
    let read = try await CopiedRows(try file.rows(zip(origins, types).map { WantedColumn($0, type: $1) }), types)
    #expect(
      read.rows == [[2, 1, "x", 2, 1, "2024-02-29", nil, nil], [4, 3, "y", 4, 2, "2024-02-29", nil, nil]])
  }

  @Test(arguments: [
    (#""nothing""#, "not defined"), (#"{"type":"record","name":"r"}"#, "fields"),
    (#"{"type":"fixed","name":"f","size":-1}"#, "size"),
    (#"[]"#, "empty"), (#"{"type":"array"}"#, "items"), (#"{"#, "no JSON"), (#"12"#, "neither"),
    (#"{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"record","name":"r","fields":[]}}]}"#, "twice"),
  ])
  func `a broken schema is refused with its reason`(schema: String, reason: String) async throws {
    let header =
      Array("Obj\u{1}".utf8) + AvroWriter.long(1) + AvroWriter.string("avro.schema") + AvroWriter.string(schema)
    await expectRefusal(saying: reason) { _ = try await AvroFile.open(PieceStream(header + [0] + AvroWriter.sync)) }
  }
}
