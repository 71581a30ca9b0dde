import Testing

@testable import HogQL

@Suite struct DatesTests {
  @Test func `Neighbouring letters of a pattern become one pattern of Postgres`() {
    #expect(TimePattern("%Y-%m-%d %H:%i")?.pieces == [.postgres("YYYY-MM-DD HH24:MI")])
  }

  @Test func `Letters of a pattern that are no separators are quoted`() {
    #expect(TimePattern("at %k \"")?.pieces == [.postgres("\"a\"\"t\" HH24 \"\\\"\"")])
  }

  @Test func `What Postgres cannot format stands by itself`() {
    #expect(TimePattern("%Y%w")?.pieces == [.postgres("YYYY"), .weekday])
    #expect(TimePattern("%C")?.pieces == [.century])
  }

  @Test(arguments: ["%", "%E", "100%", "%Y-%q"]) func `A percent sign without a known letter is refused`(pattern: String) {
    #expect(TimePattern(pattern) == nil)
  }

  @Test(arguments: [
    ("select toStartOfMonth(now())", "date_trunc('month', timezone('UTC', now()))::date"),
    ("select toStartOfWeek(now(), 0)", "date_trunc('week', timezone('UTC', now()) + '1 day'::interval)::date - 1"),
    ("select toStartOfInterval(now(), interval 15 minute)", "hogql.time_bucket(now(), 900)"),
    ("select addDays(today(), 2)", "(timezone('UTC', now())::date + '2 days'::interval)::date"),
  ]) func `Times are cut and moved by plain functions of Postgres`(text: String, sql: String) throws {
    let query = try compile(text, catalogue: QueryCatalogue(tables: [], dottedNames: [:], joins: []))
    #expect(query.sql.contains(sql))
  }
}
