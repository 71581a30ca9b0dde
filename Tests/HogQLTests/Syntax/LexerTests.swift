import Testing

@testable import HogQL

@Suite struct LexerTests {
  private func kinds(_ text: String) -> [Token.Kind] {
    Lexer.tokens(of: Array(text.utf8)).tokens.dropLast().map(\.kind)
  }

  private func literal(_ text: String) throws -> String {
    treeText(try Parser.parseExpression(text))
  }

  @Test(arguments: [
    ("<=>", Token.Kind.nullSafeEqual), ("<=", .lessOrEqual), ("<>", .notEqual), ("!=", .notEqual),
    ("==", .equal), ("=~", .match), ("=~*", .matchIgnoringCase), ("~", .match),
    ("~*", .matchIgnoringCase), ("!~", .notMatch), ("!~*", .notMatchIgnoringCase), ("||", .concat),
    ("??", .nullish), ("?.", .nullishDot), ("::", .doubleColon), (":=", .colonEquals), ("->", .arrow),
  ])
  func `the longest operator is read`(text: String, kind: Token.Kind) {
    #expect(kinds("a \(text) b") == [.word, kind, .word])
    #expect(kinds("a\(text)b") == [.word, kind, .word])
  }

  @Test(arguments: ["SELECT", "select", "SeLeCt"])
  func `a keyword may be in any case`(word: String) {
    #expect(Lexer.tokens(of: Array(word.utf8)).tokens.first?.keyword == .select)
  }

  @Test func `every keyword is found by its spelling`() {
    for keyword in Keyword.allCases where keyword != .none {
      let tokens = Lexer.tokens(of: Array(keyword.word.utf8)).tokens
      #expect(tokens.first?.keyword == keyword)
    }
  }

  @Test(arguments: [
    ("1", "1"), ("017", "17"), ("1.5", "1.5f"), (".5", "0.5f"), ("2.", "2.0f"), ("1e5", "100000.0f"),
    ("1.5e-3", "0.0015f"), ("0x1F", "31"), ("0x1p4", "16.0f"), ("0b101", "5"),
    ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
    ("9223372036854775808", "9223372036854775808"), ("-1", "-1"), ("+1", "1"), ("inf", "inff"),
    ("-inf", "-inff"), ("nan", "nanf"), ("1e999", "inff"), ("00012", "12"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
  ])
  func `numbers are read`(text: String, value: String) throws {
    #expect(try literal(text) == value)
  }

  @Test(arguments: ["0o17", "1_000", "12abc", "0x", "1e", "1.5x"])
  func `what only begins as a number is refused`(text: String) {
    #expect(throws: QueryError.self) { try Parser.parseExpression(text) }
  }

  @Test(arguments: [
    (#"'a''b'"#, "a'b"), (#"'a\'b'"#, "a'b"), (#"'\n\t\r\0\a\b\f\v\\'"#, "\n\t\r\0\u{7}\u{8}\u{C}\u{B}\\"),
    (#"'\x41'"#, #"\x41"#), ("'größe 🌿'", "größe 🌿"), ("''", ""), (#"'"`'"#, "\"`"),
  ])
  func `a text's escapes are read`(text: String, value: String) throws {
    #expect(try literal(text) == "'\(value)'")
  }

  @Test(arguments: [#"'\A'"#, #"'\d'"#, #"'\N'"#, #"'\%'"#, #"'\"'"#, #"'\x4'"#, #"`\d`"#])
  func `any other backslash is refused`(text: String) {
    let error = #expect(throws: QueryError.self) { try Parser.parseExpression(text) }
    #expect(error?.span == Span(start: 1, end: 3))
    #expect(error?.hint == #"Double a backslash that is meant as one: '\\'."#)
  }

  @Test(arguments: [
    ("`a``b`", "a`b"), (#""a""b""#, "a\"b"), ("`a b`", "a b"), ("$browser", "$browser"), ("_a$1", "_a$1"),
    ("`größe`", "größe"), (#"`a\`b`"#, "a`b"),
  ])
  func `names are read`(text: String, name: String) throws {
    #expect(try literal(text) == name)
  }

  @Test(arguments: [
    ("f'a {x} b'", "concat('a ', x, ' b')"), ("f'{1 + 1}'", "(1 add 1)"), ("f''", "''"), ("f'a'", "'a'"),
    (#"f'\{a'"#, "'{a'"), ("f'{f'{a}b'}c'", "concat(concat(a, 'b'), 'c')"), ("f'{ {a} }'", "{a}"),
    ("f'it''s {a}'", "concat('it's ', a)"),
  ])
  func `a template string is its parts`(text: String, tree: String) throws {
    #expect(try literal(text) == tree)
  }

  @Test(arguments: [
    "1 -- a\n+ 2", "1 // a\n+ 2", "1 # a\n+ 2", "1 /* a\n * */ + 2", "1\u{A0}+\u{3000}2", "\u{FEFF}1\t+\r\n2",
    "1 + 2 -- a", "1 + 2 #",
  ])
  func `blanks and comments mean nothing`(text: String) throws {
    #expect(try literal(text) == "(1 add 2)")
  }

  @Test func `comments do not nest`() {
    #expect(throws: QueryError.self) { try Parser.parseExpression("1 /* /* */ */ + 2") }
  }

  @Test(arguments: [
    ("a.1.2", "a.1.2"), ("a.b.c.d", "a.b.c.d"), ("a.b-c", "(a.b subtract c)"), ("f(x).1", "f(x).1"),
    ("a .5", nil), ("[.5, 5.]", "[0.5f, 5.0f]"),
  ] as [(String, String?)])
  func `a dot belongs to a name, an index or a number`(text: String, tree: String?) {
    #expect((try? literal(text)) == tree)
  }

  @Test func `a token's span counts scalars`() {
    let tokens = Lexer.tokens(of: Array("'é🌿' + größe_".utf8)).tokens
    #expect(tokens.map(\.span.start) == [0, 5, 7, 9])
    #expect(tokens.last?.kind == .failure)
  }
}
