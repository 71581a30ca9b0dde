import TestSupport
import Testing

@testable import HogQL

/// Whatever the text, the parser answers with a tree or an error whose place lies in the text.
@Suite struct ParserFuzzTests {
  static let queries = [
    "select 1", "select a, b as c, 'x' d from t where a = 1 and b != 'é🌿' or not c",
    "select count(), sum(amount) as s from orders group by status having s > 5 order by s desc limit 10",
    "with t as (select 1 as a), 5 as n select a + n from t", "select * exclude (a) from t limit 3, 2",
    "select columns('^a.*'), t.columns(a, b) from t", "select * from (select 1 union all select 2) x",
    "select a from t left array join b as c, d as e prewhere f where g",
    "select x.a from t x any left join u on x.id = u.id asof join v using (k)",
    "select quantile(0.9)(a) over (partition by b order by c rows between 1 preceding and current row) from t",
    "select case when a then 1 when b then 2 else 3 end, case c when 1 then 2 end",
    "select cast(a as Decimal(10, 2)), b::timestamp with time zone, try_cast(c as Array(Int64))",
    "select arrayMap((x, y) -> x + y, a, b), arrayFilter(x -> x > 1, [1, 2, 3])[1:2]",
    "select f'a {b} c {f'{d}'}', \"x\"\"y\", `a``b`, '\\'\\n\\\\'", "select {a.b} + {c} from {t}",
    "select a ? b : c ?? d, a between 1 and 2, a is not distinct from b, a <=> b, a !~* 'x'",
    "select interval 3 day, interval '2 weeks', now() - interval (1) hour",
    "select 1 union select 2 intersect select 3 except all select 4 order by 1 limit 5%",
    "select a from t group by rollup(a, b) with totals order by a nulls last with fill from 1 to 2 step 3 interpolate (b as c)",
    "select a from t group by grouping sets ((a), (b, c), ()) limit 1, 2 by a, b limit 3 offset 4",
    "select sum(a order by b) filter (where c), count(distinct d) from e final sample 0.1",
    "select a?.b?.[c]?.1, d.1.e, -f[-1], -1.5e-3, 0x1F, 0b1, .5, 2. -- end", "select /* c */ 1 # x",
    "select trim(both 'x' from a), {'k': [v]}, (a,), lambda x: x from (values (1, 2), (3, 4)) as v (a, b);",
    "select a in (select 1), b not in cohort 'x', (a, b) in ((1, 2)) qualify row_number() over w = 1 window w as (order by a)",
  ]

  static let words =
    Keyword.allCases.map(\.word) + [
      "a", "f(", "'x'", "`b`", "1", "2.5", "(", ")", "[", "]", "{", "}", ",", ".", "?.", ";", ":", "::", "->", "?",
      "+", "-", "*", "/", "%", "||", "??", "=", "!=", "<", "<=", "~", "!~*", "<=>", "f'", "'", "\"", "\\", "/*", "*/",
      "--", "\n", "é", "🌿", "\0", "0x", "1e", "#", ":=",
    ]

  /// What is wrong with the parser's answer to a text; nil for nothing.
  private func complaint(about text: String) -> String? {
    let count = text.unicodeScalars.count
    do throws(QueryError) {
      let query = try Parser.parse(text)
      return query.span.start >= 0 && query.span.end <= count ? nil : "the tree's place is \(query.span): \(text.debugDescription)"
    } catch {
      guard 0 <= error.span.start, error.span.start <= error.span.end, error.span.end <= count else {
        return "the error's place is \(error.span): \(text.debugDescription)"
      }
      let (line, column) = error.lineAndColumn(in: text)
      guard !error.message.isEmpty, line >= 1, column >= 1, !error.rendered(in: text).isEmpty else {
        return "the error cannot be shown: \(text.debugDescription)"
      }
      return nil
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `random bytes are answered`(part: UInt64) {
    for seed in part * 1_000..<part * 1_000 + 500 {
      var random = SeededRandom(seed: seed)
      let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(complaint(about: String(decoding: bytes, as: UTF8.self)) == nil, "seed \(seed)")
      #expect(complaint(about: "select " + String(decoding: bytes.map { $0 & 0x7F }, as: UTF8.self)) == nil, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `random tokens are answered`(part: UInt64) {
    for seed in part * 1_000..<part * 1_000 + 700 {
      var random = SeededRandom(seed: seed)
      let separator = Bool.random(using: &random) ? " " : ""
      let soup = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        Self.words.randomElement(using: &random) ?? ""
      }
      let text = (Bool.random(using: &random) ? "select " : "") + soup.joined(separator: separator)
      #expect(complaint(about: text) == nil, "seed \(seed)")
    }
  }

  @Test(arguments: queries)
  func `a real query is read`(text: String) {
    #expect(throws: Never.self) { try Parser.parse(text) }
  }

  @Test(arguments: queries)
  func `each beginning and end of a query is answered`(text: String) {
    let scalars = Array(text.unicodeScalars)
    for place in scalars.indices {
      #expect(complaint(about: scalars[..<place].map(String.init).joined()) == nil, "before \(place)")
      #expect(complaint(about: scalars[place...].map(String.init).joined()) == nil, "from \(place)")
    }
  }

  @Test(arguments: queries)
  func `a changed query is answered`(text: String) {
    for seed in 0..<60 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var scalars = Array(text.unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...scalars.count, using: &random)
        let length = min(Int.random(in: 0...6, using: &random), scalars.count - place)
        let other = Self.queries.randomElement(using: &random) ?? ""
        let start = Int.random(in: 0...other.unicodeScalars.count, using: &random)
        let piece = Array(other.unicodeScalars.dropFirst(start).prefix(Int.random(in: 0...8, using: &random)))
        scalars.replaceSubrange(place..<place + length, with: piece)
      }
      #expect(complaint(about: scalars.map(String.init).joined()) == nil, "seed \(seed)")
    }
  }
}
