import Testing

@testable import HogQL

struct StringsTests {
  @Test(arguments: [
    ("select lower('A')", #"SELECT lower('A' COLLATE "C")"#),
    ("select splitByChar(',', 'a,b')", "SELECT hogql.split('a,b', ',')"),
    ("select format('{1}-{0}{{}}', 'a', 'b')", "SELECT 'b'::text || '-' || 'a' || '{}'"),
    ("select replaceRegexpAll('a1', '[0-9]', '#')", "SELECT regexp_replace('a1', '[0-9]', '#', 'g')"),
    ("select translate('aab', 'aa', 'xy')", "SELECT translate('aab', 'a', 'y')"),
  ])
  func `a string function is Postgres' own where that means the same`(text: String, sql: String) throws {
    #expect(try compiled(text).hasPrefix(sql))
  }

  @Test(arguments: [
    "select splitByChar('ab', 'aabb')", "select extractGroups('a', 'a')", "select extract('a', '.*?b+')",
    "select translate('a', 'b', 'cd')", "select replaceRegexpOne('a', 'a', '\\\\1')", "select format('{} {}', 'a')",
    "select lower(5)", "select MD5('a')", "select convertCharset('a', 'UTF-8', 'UTF-16')",
  ])
  func `what has no sure meaning is refused`(text: String) {
    #expect(throws: QueryError.self) { try compiled(text) }
  }

  @Test(arguments: [
    ("(a)(?:b)(?P<c>c)", 2), ("[(]\\(", 0), ("(?i)(a)", 1), ("[]()](x)", 1),
  ])
  func `groups of a pattern are counted`(pattern: String, groups: Int) throws {
    #expect(try ExtractingPattern(pattern, at: Span(start: 0, end: 0)).groups == groups)
  }

  @Test(arguments: [("a+b*", false), ("a+?b*?", false), ("a+?b*", true), ("[+*?]x+?", false)])
  func `lazy beside greedy repetition is noticed`(pattern: String, mixes: Bool) throws {
    #expect(try ExtractingPattern(pattern, at: Span(start: 0, end: 0)).mixesRepetitions == mixes)
  }
}

/// The SQL of a text that needs no tables.
func compiled(_ text: String) throws -> String {
  try compile(text, catalogue: QueryCatalogue(tables: [])).sql
}
