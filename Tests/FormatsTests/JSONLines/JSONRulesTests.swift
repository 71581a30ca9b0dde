import Formats
import Rows
import Testing

@Suite struct JSONRulesTests {
  @Test(arguments: [
    (#"{"a":01}"#, "a comma"), (#"{"a":1.}"#, "a digit"), (#"{"a":-}"#, "a digit"), (#"{"a":1e}"#, "a digit"),
    (#"{"a":.5}"#, "a value"), (#"{"a":+1}"#, "a value"), (#"{"a":NaN}"#, "a value"), (#"{"a":nul}"#, "a value"),
    (#"{"a":'x'}"#, "a value"), (#"{a:1}"#, "a key"), (#"{"a":1,}"#, "a key"), (#"{"a" 1}"#, "a colon"),
    (#"{"a":"\x"}"#, "escapes"), (#"{"a":"\u12g4"}"#, "escapes"), ("{\"a\":\"x\ty\"}", "control character"),
    (#"{"a":[1 2]}"#, "a comma"), (#"{"a":{1:2}}"#, "a key"), (#"{"a":[1}}"#, "a comma"), (#"{"a":"\ud83cx"}"#, "surrogate"),
    (#"{"b":[1e999999]}"#, "numeric"), ("\u{1}", "a value"), ("abc", "a value"), ("]", "a value"),
  ])
  func `what is no JSON is rejected with what was expected`(line: String, expected: String) async throws {
    let table = try await json("{\"a\":1}\n\(line)\n{\"a\":2}\n", [("a", "text")])
    #expect(table.texts == [["1"], ["2"]])
    #expect(table.rejects.map(\.row) == [2])
    #expect(table.rejects.first?.reason.contains(expected) == true, "\(table.rejects)")
  }

  @Test func `an error in an array cannot be skipped`() async throws {
    for text in [#"[{"a":1},{"a":}]"#, #"[{"a":1} {"a":2}]"#, #"[{"a":1}] x"#, #"[{"a":1}"#, #"[{"a":1},"#] {
      let table = try await json(text, [("a", "text")])
      #expect(table.texts.first == ["1"] && table.error != nil, "\(text)")
    }
    #expect(try await json(" [ ] ", [("a", "text")]).error == nil)
    #expect(try await json(#"[1,{"a":2},"x"]"#, [("a", "text")]).texts == [["2"]])
  }

  @Test func `strings lose their escapes in text, and keep them in jsonb`() async throws {
    let table = try await json(#"{"a":"x\n\"\u00e9\ud83c\udf3f\/"}"#, [("a", "text"), ("a", "jsonb")])
    #expect(table.texts == [["x\n\"é🌿/", "\u{1}" + #""x\n\"\u00e9\ud83c\udf3f\/""#]])
  }

  @Test func `values go to columns of other kinds only where nothing is lost`() async throws {
    let columns = [("a", "text")]
    for (value, text) in [("1.50", "1.50"), ("true", "true"), (#"{"k": [1]}"#, #"{"k": [1]}"#), ("-0", "-0")] {
      #expect(try await json("{\"a\":\(value)}", columns).texts == [[text]])
    }
    for (value, type) in [
      ("20240229", "date"), ("1", "boolean"), ("1700000000", "timestamp with time zone"), ("true", "bigint"),
      ("[1]", "numeric"), ("1.5", "bigint"), (#""x""#, "integer"), ("1e999999", "jsonb"), ("1e400", "double precision"),
    ] {
      let table = try await json("{\"a\":\(value)}", [("a", type)])
      #expect(table.rejects.count == 1 && table.rows.isEmpty, "\(value) as \(type)")
    }
    #expect(try await json(#"{"a":"12"}"#, [("a", "bigint")]).rows == [[[0, 0, 0, 0, 0, 0, 0, 12]]])
  }

  @Test func `a row that is not UTF-8 is rejected, the others survive`() async throws {
    let bytes = Array("{\"a\":1}\n{\"a\":\"".utf8) + [0xFF] + Array("\"}\n{\"a\":3}\n".utf8)
    let table = try await BinaryTable(JSONRows(Pieces(bytes), columns: .fields(["a"])))
    #expect(table.texts == [["1"], ["3"]])
    #expect(table.rejects == [RejectedRow(row: 2, offset: 8, reason: "the row is not UTF-8 at its byte 7")])
  }

  @Test func `a row beyond the limit is an error that names the setting`() async throws {
    let text = "{\"a\":1}\n{\"a\":\"" + String(repeating: "x", count: 1 << 20) + "\"}"
    for sizes in [[1 << 16], [1 << 21]] {
      let table = try await json(text, [("a", "text")], sizes: sizes, limits: TextLimits(line: 1 << 18))
      #expect(table.texts == [["1"]])
      #expect(table.error?.kind == .tooLarge && table.error?.row == 2)
      #expect(table.error?.hint?.contains("max_line_size") == true)
    }
  }

  @Test func `keys are found in any order, and however many there are`() async throws {
    let names = (0..<300).map { "key\($0)" }
    let forward = names.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",")
    let backward = names.reversed().map { "\"\($0)\" : \"\($0)\"" }.joined(separator: " , ")
    let table = try await json("{\(forward)}{\(backward)}{\"other\":1,\(forward)}", names.map { ($0, "text") })
    #expect(table.texts == [names, names, names])
  }

  @Test func `objects over several lines are read`() async throws {
    let table = try await json("{\n  \"a\": 1,\n  \"b\": [\n 1,\n 2 ]\n}\n{\n \"a\":2 }", [("a", "text"), ("b", "jsonb")], sizes: [3])
    #expect(table.texts.map { $0[0] } == ["1", "2"])
  }
}
