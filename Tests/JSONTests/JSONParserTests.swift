import Testing

@testable import JSON

@Suite struct JSONParserTests {
  @Test func `values of every kind are read`() throws {
    let text =
      #" {"a": null, "b": [true, false], "c": -12, "d": 1.50, "e": "größe\n", "f": {}, "g": []} "#
    #expect(
      try JSONValue(parsing: text) == [
        "a": nil, "b": [true, false], "c": -12, "d": .number("1.50"), "e": "größe\n", "f": [:],
        "g": [],
      ])
  }

  @Test(
    arguments: [
      ("0", .integer(0)), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number("9223372036854775808")), ("-0", .number("-0")),
      ("1.0", .number("1.0")),
      ("1e3", .number("1e3")), ("1E+400", .number("1E+400")), ("0.10", .number("0.10")),
      ("123456789012345678901234567890.5", .number("123456789012345678901234567890.5")),
    ] as [(String, JSONValue)])
  func `numbers keep every digit`(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
    #expect(value.text() == text)
  }

  @Test(arguments: [
    (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""\ud83c\udf3F""#, "🌿"), (#""\u0000""#, "\0"), (#""客户🌿""#, "客户🌿"),
  ])
  func `strings are read with their escapes`(text: String, expected: String) throws {
    #expect(try JSONValue(parsing: text) == .string(expected))
  }

  @Test(arguments: [
    ("", 0, "expected a value, but the text ends"),
    ("  ", 2, "expected a value, but the text ends"),
    ("nul", 0, "expected a value"), ("nulL", 0, "expected a value"),
    ("1 2", 2, "expected nothing after the value"),
    ("01", 1, "a number begins with no extra zero"), ("-", 1, "expected a digit"),
    ("1.", 2, "expected a digit"),
    ("1e", 2, "expected a digit"), (".5", 0, "expected a value"), ("+1", 0, "expected a value"),
    ("[1,]", 3, "expected a value"), ("[1 2]", 3, #"expected a comma or "]""#),
    ("[", 1, "expected a value, but the text ends"),
    (#"{"a" 1}"#, 5, "expected a colon after the key"),
    (#"{"a":1,}"#, 7, "expected a key in quotes"),
    ("{a:1}", 1, "expected a key in quotes"), (#"{"a":1"#, 6, #"expected a comma or "}""#),
    (#""abc"#, 4, "a string has no end"),
    ("\"a\nb\"", 2, "a control character in a string must be escaped"),
    (#""\x""#, 2, #"a backslash is followed by none of " \ / b f n r t u"#),
    (#""\u12g4""#, 5, #"expected four hexadecimal digits after "\u""#),
    (#""\ud83c""#, 1, "half of a surrogate pair stands alone"),
    (#""ab\udf3f""#, 3, "half of a surrogate pair stands alone"),
    (#""\ud83c\u0041""#, 1, "half of a surrogate pair stands alone"),
    (#""\ud83c\n""#, 1, "half of a surrogate pair stands alone"),
    ("NaN", 0, "expected a value"), ("'a'", 0, "expected a value"),
    ("\u{FEFF}1", 0, "expected a value"),
  ])
  func `what is wrong is told with its place`(text: String, offset: Int, reason: String) {
    #expect(throws: JSONError(reason: reason, offset: offset)) { try JSONValue(parsing: text) }
  }

  @Test func `depth has a limit`() throws {
    let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(try JSONValue(parsing: deep).text() == deep)
    #expect(throws: JSONError(reason: "more than 128 levels in each other", offset: 128)) {
      try JSONValue(parsing: "[" + deep + "]")
    }
    #expect(throws: JSONError.self) { try JSONValue(parsing: #"{"a":[1]}"#, depthLimit: 1) }
    #expect(try JSONValue(parsing: "[[1],[2],[3]]", depthLimit: 2) == [[1], [2], [3]])
  }

  @Test func `bytes that are not UTF-8 are refused with their place`() throws {
    #expect(try JSONValue(parsing: Array(#"["é"]"#.utf8)) == ["é"])
    #expect(throws: JSONError(reason: "the text is not UTF-8", offset: 3)) {
      try JSONValue(parsing: [0x22, 0xC3, 0xA9, 0xFF, 0x22])
    }
  }

  @Test func `an error quotes nothing of the text`() {
    let error = JSONError(reason: "expected a value", offset: 7)
    #expect("\(error)" == "The JSON text is wrong at byte 7: expected a value.")
  }
}
