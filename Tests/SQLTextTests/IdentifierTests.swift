import SQLText
import Testing

@Suite struct IdentifierTests {
  @Test(arguments: [
    ("orders", #""orders""#), ("Orders", #""Orders""#), ("order", #""order""#), ("a b", #""a b""#), ("", #""""#),
    (#"say "hi""#, #""say ""hi""""#), (#"""#, #""""""#), ("it's", #""it's""#), (#"back\slash"#, #""back\slash""#),
    ("two\nlines", "\"two\nlines\""), ("größe 🌿", "\"größe 🌿\""), (#"x"; DROP TABLE t; --"#, #""x""; DROP TABLE t; --""#),
  ])
  func `a name is quoted, and its own quotes are doubled`(name: String, text: String) {
    #expect(Identifier(name).description == text)
    #expect(Identifier(name).name == name)
  }

  /// To Swift these are one character that is no quote.
  @Test(arguments: ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{20DD}"])
  func `a quote that a combining character follows is doubled too`(combining: String) {
    let text = Identifier("a\"\(combining); DROP TABLE t").description
    #expect(Array(text.unicodeScalars) == Array("\"a\"\"\(combining); DROP TABLE t\"".unicodeScalars))
  }

  @Test func `both parts of a qualified name are quoted`() {
    let name = QualifiedName(#"my "space""#, "a.b")
    #expect(name.description == #""my ""space"""."a.b""#)
    #expect(QualifiedName("warehouse", "postgres_orders").plain == "warehouse.postgres_orders")
  }

  @Test func `a name with a dot is not a qualified name`() {
    #expect(Identifier("a.b").description != QualifiedName("a", "b").description)
    #expect(QualifiedName("a", "b") == QualifiedName("a", "b"))
    #expect(Identifier("A") != Identifier("a"))
  }
}
