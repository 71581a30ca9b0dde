import Testing

@testable import HogQL

@Suite struct ParserErrorTests {
  struct Case: Sendable {
    var text: String
    /// The text that the error's span covers.
    var place: String
    var message: String
    var hint: String?
  }

  @Test(arguments: [
    Case(
      text: "select", place: "",
      message: "The query ends where an expression should follow."),
    Case(
      text: "select 1 +", place: "",
      message: "The query ends where an expression should follow."),
    Case(
      text: "select (1, 2", place: "",
      message: "The query ends where , or ) should follow."),
    Case(
      text: "select * from", place: "",
      message: "The query ends where a table should follow."),
    Case(
      text: "select id,, status from orders", place: ",",
      message: "Expected the end of the query, found `,`."),
    Case(
      text: "select 1 where and 2", place: "and",
      message: "Expected an expression, found `and`."),
    Case(
      text: "from orders select id", place: "from",
      message: "Expected SELECT or WITH, found `from`."),
    Case(
      text: "slect 1", place: "slect",
      message: "Expected SELECT or WITH, found `slect`.",
      hint: "Did you mean SELECT?"),
    Case(
      text: "select a form orders", place: "orders",
      message: "Expected the end of the query, found `orders`.",
      hint: "Did you mean FROM instead of `form`?"),
    Case(
      text: "select a from orders whre b", place: "b",
      message: "Expected the end of the query, found `b`.",
      hint: "Did you mean WHERE instead of `whre`?"),
    Case(
      text: "select a from orders order a", place: "a",
      message: "Expected BY, found `a`."),
    Case(
      text: "select a from t where b prewhere c", place: "prewhere",
      message: "Expected the end of the query, found `prewhere`."),
    Case(
      text: "select 1; select 2", place: "select",
      message: "Expected the end: a query is one statement, found `select`."),
    Case(
      text: "select f(a)(b)(c)", place: "(",
      message: "The result of f cannot be called.",
      hint: "At most two lists in parentheses follow a function: f(parameters)(arguments)."),
    Case(
      text: "select a.f(b)", place: "a.f",
      message: "There is no function a.f: a function's name has no dots."),
    Case(
      text: "select f(a := 1)", place: ":=",
      message: "Arguments have no names.",
      hint: "Give them in the function's order."),
    Case(
      text: "select f(a) within group (order by b)", place: "within",
      message: "WITHIN GROUP is not supported.",
      hint: "Write quantile(0.9)(x)."),
    Case(
      text: "select top 5 a from t", place: "top",
      message: "TOP is not supported.",
      hint: "Write LIMIT at the end."),
    Case(
      text: "select 1 from t settings x = 1", place: "settings",
      message: "Expected the end of the query, found `settings`.",
      hint: "SETTINGS is not supported; leave it out."),
    Case(
      text: "select a is true", place: "is",
      message: "Expected the end of the query, found `is`.",
      hint: "Test a boolean by itself, or with = true."),
    Case(
      text: "select f(a) ignore nulls over w", place: "ignore",
      message: "Expected the end of the query, found `ignore`.",
      hint: "IGNORE NULLS is not supported."),
    Case(
      text: "select 1 array join [1] as x", place: "array join [1] as x",
      message: "ARRAY JOIN needs a FROM before it.",
      hint: "Without a table write arrayJoin(array)."),
    Case(
      text: "select 1 from t array join x", place: "x",
      message: "An array of ARRAY JOIN needs a name.",
      hint: "Write: array AS name."),
    Case(
      text: "select 1 from a left outer semi join b on 1", place: "left outer semi join",
      message: "There is no such join.",
      hint: "Joins are INNER, LEFT, RIGHT, FULL, CROSS; with ANY, ALL, ASOF, SEMI or ANTI."),
    Case(
      text: "select 1 limit 5% by a", place: "limit 5%",
      message: "LIMIT BY takes a plain number of rows."),
    Case(
      text: "select 1 limit 1 by a limit 2 by b", place: "by",
      message: "Only one LIMIT BY is possible."),
    Case(
      text: "select interval '3 dayz'", place: "'3 dayz'",
      message: "'3 dayz' is no interval.",
      hint: "Write one whole number and one unit: INTERVAL '3 days'."),
    Case(
      text: "select interval 3 dayz", place: "dayz",
      message: "Expected a unit: second, minute, hour, day, week, month, quarter or year, found `dayz`.",
      hint: "Did you mean DAY?"),
    Case(
      text: "select x::Array(String)", place: "(",
      message: "Only a bare type can follow ::.",
      hint: "Write CAST(x AS type(..))."),
    Case(
      text: "select a & b", place: "&",
      message: "The character '&' (U+0026) has no meaning here.",
      hint: "Write AND for a logical and, bitAnd(a, b) for bits."),
    Case(
      text: "select a | b", place: "|",
      message: "The character '|' (U+007C) has no meaning here.",
      hint: "Write OR for a logical or, bitOr(a, b) for bits, || to join texts."),
    Case(
      text: "select a ^ b", place: "^",
      message: "The character '^' (U+005E) has no meaning here.",
      hint: "Write bitXor(a, b), or pow(a, b) for a power."),
    Case(
      text: "select !a", place: "!",
      message: "The character '!' (U+0021) has no meaning here.",
      hint: "Write NOT for a negation."),
    Case(
      text: "select “a”", place: "“",
      message: "The character '“' (U+201C) has no meaning here.",
      hint: "Write a text in plain quotes: '..'."),
    Case(
      text: "select größe", place: "ö",
      message: "The character 'ö' (U+00F6) has no meaning here.",
      hint: "Put a name with such characters in backticks."),
    Case(
      text: "select a @ b", place: "@",
      message: "The character '@' (U+0040) has no meaning here."),
    Case(
      text: "select 'abc", place: "'",
      message: "The text that begins here has no end.",
      hint: "Close it with its quote."),
    Case(
      text: "select `abc", place: "`",
      message: "The name that begins here has no end.",
      hint: "Close it with its quote."),
    Case(
      text: "select 1 /* abc", place: "/",
      message: "The comment that begins here has no end.",
      hint: "Close it with */."),
    Case(
      text: "select f'abc {x}", place: "",
      message: "The template string that begins here has no end.",
      hint: "Close it with its quote."),
    Case(
      text: "select F'abc'", place: "F'",
      message: "F'..' is for text templates, not for queries.",
      hint: "Write f'..' with a small f."),
    Case(
      text: "select 1_000", place: "1_000",
      message: "A number cannot go on with letters or underscores.",
      hint: "Separate the number from the word, and write digits without underscores."),
    Case(
      text: "select 0o17", place: "0o17",
      message: "Octal numbers are not supported.",
      hint: "Write the number in decimal."),
    Case(
      text: "select 1 as ``", place: "``",
      message: "A name cannot be empty."),
    Case(
      text: "select 1 as nan", place: "nan",
      message: "Expected a name after AS, found `nan`."),
    Case(
      text: "select * replace (a) from t", place: "a",
      message: "REPLACE needs: expression AS column."),
    Case(
      text: "select <a href={x}>t</a>", place: "<",
      message: "Tags such as <a> describe a rendering and are not supported in queries.",
      hint: "Select the values themselves."),
    Case(
      text: "select case when 1 else 2 end", place: "else",
      message: "Expected THEN, found `else`."),
    Case(
      text: "select {1}", place: "}",
      message: "Expected a colon: braces hold a placeholder's name, {name}, or a dictionary, {'key': value}, found `}`."),
    Case(
      text: "select a.99999999999999999999", place: "99999999999999999999",
      message: "This index is too large."),
    Case(
      text: "update t set a = 1", place: "update",
      message: "Expected SELECT or WITH, found `update`."),
    Case(
      text: "insert into t values (1)", place: "insert",
      message: "Expected SELECT or WITH, found `insert`."),
  ])
  func `an error names its place, what is wrong and what to do`(example: Case) throws {
    let error = try #require(failure(of: example.text))
    let scalars = Array(example.text.unicodeScalars)[error.span.start..<error.span.end]
    #expect(scalars.map(String.init).joined() == example.place)
    #expect(error.message == example.message)
    #expect(error.hint == example.hint)
  }

  private func failure(of text: String) -> QueryError? {
    do throws(QueryError) {
      _ = try Parser.parse(text)
      return nil
    } catch {
      return error
    }
  }

  private func rendered(_ text: String) throws -> [String] {
    let error = try #require(failure(of: text))
    return error.rendered(in: text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func `a rendered error marks its place below the line`() throws {
    #expect(
      try rendered("select a from orders whre b") == [
        "line 1, column 27: Expected the end of the query, found `b`.",
        "  select a from orders whre b",
        "                            ^",
        "Hint: Did you mean WHERE instead of `whre`?",
      ])
  }

  @Test func `the whole place is marked`() throws {
    #expect(
      try rendered("select 1 from t prewhere a where b prewhere c").suffix(2) == [
        "  select 1 from t prewhere a where b prewhere c",
        "                                     ^^^^^^^^",
      ])
  }

  @Test(arguments: ["\n", "\r\n"])
  func `only the line of the place is shown`(newline: String) throws {
    let text = ["select a,", "  b", "from orders where", "  and c", "limit 1"].joined(separator: newline)
    #expect(
      try rendered(text) == [
        "line 4, column 3: Expected an expression, found `and`.",
        "    and c",
        "    ^^^",
      ])
  }

  @Test func `the end of the text is marked behind its last character`() throws {
    #expect(try rendered("select 1 +").suffix(2) == ["  select 1 +", "            ^"])
    #expect(try rendered("").suffix(2) == ["  ", "  ^"])
    #expect(try rendered("select\n").first == "line 2, column 1: The query ends where an expression should follow.")
  }

  @Test func `a tab takes one column`() throws {
    #expect(try rendered("select\t1\t+").suffix(2) == ["  select 1 +", "            ^"])
  }

  @Test func `a wide character takes two columns and a combining one none`() throws {
    #expect(try rendered("select '🌿', 'e\u{301}', '字' & 1").suffix(3).prefix(2) == [
      "  select '🌿', 'e\u{301}', '字' & 1",
      "                         ^",
    ])
  }

  @Test func `a long line is cut around the place`() throws {
    let text = "select " + String(repeating: "a, ", count: 1_000) + "& " + String(repeating: ", a", count: 1_000)
    let lines = try rendered(text)
    #expect(lines.first == "line 1, column 3008: The character '&' (U+0026) has no meaning here.")
    #expect(lines[1].count == 104)
    #expect(lines[1].hasPrefix("  …") && lines[1].hasSuffix("…"))
    let place = try #require(lines[2].firstIndex(of: "^"))
    let distance = lines[2].distance(from: lines[2].startIndex, to: place)
    #expect(Array(lines[1])[distance] == "&")
  }

  @Test func `an error of another text does no harm`() {
    let error = QueryError("No.", at: Span(start: 90, end: 99))
    #expect(error.rendered(in: "short") == "line 1, column 6: No.\n  short\n       ^")
    #expect(QueryError("No.", at: Span(start: -3, end: -9)).rendered(in: "").hasPrefix("line 1, column 1"))
  }

  @Test func `a long token is cut in the message`() throws {
    let error = try #require(failure(of: "select 1 2" + String(repeating: "3", count: 1_000)))
    #expect(error.message.utf8.count < 120)
  }
}
