import SQLText
import Testing

@Suite struct LiteralTests {
  @Test(arguments: [
    ("plain", "'plain'"), ("", "''"), ("it's", "'it''s'"), ("'", "''''"), (#"say "hi""#, #"'say "hi"'"#),
    (#"back\slash"#, #" E'back\\slash'"#), (#"\'"#, #" E'\\'''"#), (#"\"#, #" E'\\'"#), ("two\nlines", "'two\nlines'"),
    ("größe 🌿", "'größe 🌿'"), ("'; DROP TABLE t; --", "'''; DROP TABLE t; --'"), ("$1", "'$1'"),
  ])
  func `a constant is quoted, with its quotes and backslashes doubled`(value: String, text: String) {
    #expect(Literal(value).description == text)
    #expect(Literal(value).value == value)
  }

  @Test func `no value is NULL`() { #expect(Literal(nil).description == "NULL") }

  /// To Swift these are one character that is neither quote nor backslash.
  @Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}"])
  func `a quote or backslash that a combining character follows is doubled too`(combining: String) {
    let quote = Literal("'\(combining) OR true").description
    #expect(Array(quote.unicodeScalars) == Array("'''\(combining) OR true'".unicodeScalars))
    let backslash = Literal("\\\(combining)'").description
    #expect(Array(backslash.unicodeScalars) == Array(" E'\\\\\(combining)'''".unicodeScalars))
  }

  @Test func `a prefix before it stays a word of its own`() {
    let sql: SQL = "SELECT\(Literal(#"a\b"#))"
    #expect(sql.statement.text == #"SELECT E'a\\b'"#)
  }
}
