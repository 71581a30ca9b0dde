import JSON
import Testing

/// A text that is looked at in place says what the parsed value says.
@Suite struct JSONTapeTests {
  @Test(arguments: [
    "null", "true", " [ ] ", "{}", "[1,-0.5e+10,\"a\"]", #"{"a":{"b":[{"c":null}]},"d":"x"}"#, "\"größe 🌿\"", "-12345678901234567890",
    "[[[[]]],{},[{}]]", "{\"a\" :\t1 ,\n\"b\":2}",
  ])
  func `what is JSON is read, value by value`(text: String) throws {
    let tape = try JSONTape(Array(text.utf8))
    #expect(Self.value(JSONTape.root, tape) == (try JSONValue(parsing: text)))
  }

  @Test(arguments: [
    "", " ", "nul", "[1,]", "{\"a\":1,}", "{a:1}", "[1 2]", "\"a", "01", "1.", "-", "[", "{\"a\"}", "\"\\x\"", "\"\\u12g4\"", "1 2", "]", "{\"a\":}", "\"\u{1}\"",
  ])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONTape(Array(text.utf8)) }
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func `bytes that are no UTF-8 and texts that are too deep are refused`() {
    #expect(throws: JSONError.self) { try JSONTape([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONError.self) { try JSONTape(Array(String(repeating: "[", count: 200).utf8)) }
  }

  @Test func `a text that is cut anywhere is refused`() throws {
    let text = Array(#"{"data":[{"id":"a\u00e9","n":-1.5e3,"x":[true,null]}],"has_more":false}"#.utf8)
    for length in 0..<text.count { #expect(throws: JSONError.self, "cut after \(length)") { try JSONTape(Array(text.prefix(length))) } }
    #expect(try JSONTape(text).count(JSONTape.root) == 2)
  }

  @Test func `escapes become what they stand for, and what PostgreSQL cannot hold is replaced`() throws {
    let tape = try JSONTape(Array(#"["\u00e9\ud83c\udf3f\n\/","a\u0000b","\ud83cx","plain"]"#.utf8))
    let texts = tape.children(JSONTape.root).map { tape.string($0) }
    #expect(texts == ["é🌿\n/", "a\u{FFFD}b", "\u{FFFD}x", "plain"])
    #expect(String(decoding: tape.storableJSON(JSONTape.root), as: UTF8.self) == #"["\u00e9\ud83c\udf3f\n\/","a\ufffdb","\ufffdx","plain"]"#)
  }

  @Test func `a path leads to a value, the last one of a key that occurs twice`() throws {
    let tape = try JSONTape(Array(#"{"a":{"b":1,"b":2},"c":null}"#.utf8))
    #expect(tape.value(JSONTape.root, at: ["a", "b"]).map { tape.string($0) } == "2")
    #expect(tape.value(JSONTape.root, at: ["a", "x"]) == nil)
    #expect(tape.member(JSONTape.root, "c").map { tape.isNull($0) } == true)
  }

  private static func value(_ at: Int, _ tape: JSONTape) -> JSONValue {
    switch tape.kind(at) {
    case .array: return .array(tape.children(at).map { value($0, tape) })
    case .object:
      let all = Array(tape.children(at))
      return .object(stride(from: 0, to: all.count, by: 2).map { (key: tape.string(all[$0]), value: value(all[$0 + 1], tape)) })
    case .string: return .string(tape.string(at))
    case .null, .bool, .number: return (try? JSONValue(parsing: tape.string(at))) ?? .null
    }
  }
}
