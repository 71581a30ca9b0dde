import Testing

@testable import HogQL

@Suite struct ParserLimitTests {
  struct Nesting: Sendable, CustomTestStringConvertible {
    var prefix = "select "
    var open: String
    var middle = "1"
    var close = ""
    var suffix = ""

    var testDescription: String { open }

    func text(depth: Int) -> String {
      prefix + String(repeating: open, count: depth) + middle
        + String(repeating: close, count: depth) + suffix
    }
  }

  static let nestings = [
    Nesting(open: "(", close: ")"),
    Nesting(open: "[", close: "]"),
    Nesting(open: "a[", close: "]"),
    Nesting(open: "a[1:", close: "]"),
    Nesting(open: "{'a': ", close: "}"),
    Nesting(open: "f(", close: ")"),
    Nesting(open: "f(1, ", close: ", 2)"),
    Nesting(open: "not "),
    Nesting(open: "not (", close: ")"),
    Nesting(open: "- ", middle: "a"),
    Nesting(open: "a ? b : "),
    Nesting(open: "a ? ", close: " : 2"),
    Nesting(open: "x -> "),
    Nesting(open: "(x, y) -> "),
    Nesting(open: "lambda x: "),
    Nesting(open: "case when ", close: " then 1 end"),
    Nesting(open: "case when 1 then 1 else ", close: " end"),
    Nesting(open: "case ", close: " when 1 then 2 end"),
    Nesting(open: "(select ", close: ")"),
    Nesting(open: "a in (select ", close: ")"),
    Nesting(open: "cast(", close: " as int)"),
    Nesting(prefix: "select cast(1 as ", open: "Array(", middle: "int", close: ")", suffix: ")"),
    Nesting(open: "trim(both 'a' from ", close: ")"),
    Nesting(open: "interval ", close: " day"),
    Nesting(open: "columns(", close: ")"),
    Nesting(open: "* replace (", close: " as a)"),
    Nesting(open: "f'{", close: "}'"),
    Nesting(open: "f() filter (where ", close: ")"),
    Nesting(open: "f() over (partition by ", close: ")"),
    Nesting(open: "f(a order by ", close: ")"),
    Nesting(open: "a between 1 and (", close: ")"),
    Nesting(open: "a or a and a between a and a ?? a <=> a = a + a * (", close: ")"),
    Nesting(prefix: "", open: "select 1 from (", middle: "select 1", close: ")"),
    Nesting(prefix: "select 1 from ", open: "f(", close: ")"),
    Nesting(prefix: "select 1 from ", open: "(t join ", middle: "t", close: " on 1)"),
    Nesting(prefix: "select 1 from ", open: "(", middle: "t", close: " join u on 1)"),
    Nesting(prefix: "", open: "(", middle: "select 1", close: ")"),
    Nesting(prefix: "", open: "select 1 union all (", middle: "select 1", close: ")"),
    Nesting(prefix: "", open: "with a as (", middle: "select 1", close: ") select 1"),
    Nesting(prefix: "", open: "with a as (select 1) (", middle: "select 1", close: ")"),
    Nesting(prefix: "", open: "select 1 where 1 in (", middle: "select 1", close: ") limit 1"),
  ]

  static let joins = ["(", "(t join ", "t join (", "(select 1), ("]

  private func check(_ text: String) {
    onSmallStack {
      let error = #expect(throws: QueryError.self) { try Parser.parse(text) }
      #expect(error?.message == "The query is nested too deeply here.")
      #expect((error?.span.start ?? 0) < 10_000)
    }
  }

  @Test(arguments: nestings)
  func `what is nested without end is refused`(nesting: Nesting) {
    check(nesting.text(depth: 30_000))
  }

  @Test(arguments: joins)
  func `joins nested without end are refused`(open: String) {
    check("select 1 from " + String(repeating: open, count: 30_000))
  }

  @Test(arguments: nestings)
  func `twenty levels are no trouble`(nesting: Nesting) throws {
    #expect(try Parser.parse(nesting.text(depth: 20)) == Parser.parse(nesting.text(depth: 20)))
  }

  /// The deepest text that is taken is also compared, hashed and freed.
  @Test(arguments: nestings)
  func `a tree as deep as is allowed does no harm`(nesting: Nesting) throws {
    let depths = (1...260).reversed()
    let depth = try #require(depths.first { (try? Parser.parse(nesting.text(depth: $0))) != nil })
    let text = nesting.text(depth: depth)
    onSmallStack {
      var query = try? Parser.parse(text)
      #expect(query != nil)
      #expect(Set([query]).count == 1)
      query = nil
    }
  }

  static let chains = [
    " + 1", " - a", " || a", " or a", " and a", " = a", " * 2", " ?? a", " is null", "[1]", ".b", "?.b", ".1",
    "::int", " as b", " between 1 and 2", " <=> 1", ", a", " in (1)", " or a and b",
  ]

  @Test(arguments: chains)
  func `a chain of three thousand operators is flat to its users`(link: String) {
    let text = "a" + String(repeating: link, count: 3_000)
    onSmallStack {
      var query = try? Parser.parse("select \(text)")
      var other = try? Parser.parse("select \(text)")
      #expect(query != nil)
      #expect(query == other)
      #expect(Set([query, other]).count == 1)
      query = nil
      other = nil
    }
  }

  @Test(arguments: [" + 1", "[1]", "::int", " as b", " is null", " between 1 and 2"])
  func `a longer chain is refused`(link: String) {
    let text = "select a" + String(repeating: link, count: 100_000)
    onSmallStack {
      let error = #expect(throws: QueryError.self) { try Parser.parse(text) }
      #expect(error?.message == "More than 4000 operators follow each other here.")
    }
  }

  @Test(arguments: [" or a", " and a", " || a", ".b", ", a", " union all select 1", " intersect select 1"])
  func `a flat list has no limit`(link: String) {
    let text = "select a" + String(repeating: link, count: 20_000)
    onSmallStack { #expect((try? Parser.parse(text)) != nil) }
  }

  @Test func `chains in chains count together`() {
    let chain = String(repeating: " + 1", count: 3_000)
    #expect(throws: QueryError.self) { try Parser.parse("select ((a\(chain))\(chain))") }
    #expect(throws: Never.self) { try Parser.parse("select (a\(chain)), (a\(chain)), b + (a\(chain))") }
  }

  @Test func `a chain's operands are met without recursion`() throws {
    let expr = try Parser.parseExpression("a + b - c is null")
    #expect(
      expr.leftSpine.map(treeText) == [
        "isNull(((a add b) subtract c))", "((a add b) subtract c)", "(a add b)", "a",
      ])
  }

  static let long = [
    "a, ", "(1, 2), ", "f(a, b), ", "'text', ", "a.b.c, ", "[a, b], ", "a = 1 or ", "x -> x, ", "(", "f(", "{a.b} + ",
    "case when a then b end, ", "interval 1 day, ", "/* a */", "-- a\n", "''", "a ? ", "(a, ", "{a.", "a -> ",
    "1 from t limit 1, 2 by a union all select ", "1 intersect select 1 union all select ",
  ]

  /// Ten times the text must take about ten times as long, not a hundred times.
  @Test(arguments: long)
  func `the time grows no faster than the text`(piece: String) {
    func duration(_ size: Int) -> Duration {
      let text = "select " + String(repeating: piece, count: size / piece.utf8.count) + "1"
      return (0..<2).map { _ in ContinuousClock().measure { _ = try? Parser.parse(text) } }.min() ?? .zero
    }
    let (short, long) = (duration(10_000), duration(100_000))
    #expect(long < short * 40 + .milliseconds(100))
  }

  @Test func `a megabyte is read`() {
    let text = "select " + String(repeating: "(a + 1) * 2, ", count: 80_000) + "1 from t"
    #expect(text.utf8.count > 1_000_000)
    #expect(throws: Never.self) { try Parser.parse(text) }
  }
}
