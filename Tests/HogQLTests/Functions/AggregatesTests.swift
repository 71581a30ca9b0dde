import HogQL
import Testing

/// Dashboards stand on these: they must print what one would write by hand.
struct AggregatesTests {
  private let catalogue = QueryCatalogue(
    tables: [
      QueryCatalogue.Table(
        name: "visits", schema: "w", relation: "visits",
        columns: [
          QueryCatalogue.Column(name: "id", type: .int, isNotNull: true),
          QueryCatalogue.Column(name: "page", type: HogQLType.string.nullable, isNotNull: false),
          QueryCatalogue.Column(name: "cost", type: HogQLType.float.nullable, isNotNull: false),
        ])
    ])

  /// The only select item's SQL, without its alias.
  private func item(_ expression: String) throws -> String {
    let options = CompileOptions(defaultLimit: nil, collationIsC: true)
    let sql = try compile("select \(expression) as x from visits", catalogue: catalogue, options: options).sql
    let start = try #require(sql.hasPrefix("SELECT ") ? sql.index(sql.startIndex, offsetBy: 7) : nil)
    let end = try #require(sql.firstRange(of: " AS \"x\" FROM"))
    return String(sql[start..<end.lowerBound])
  }

  private func refusal(_ expression: String) -> String {
    do {
      return "accepted: " + (try item(expression))
    } catch let error as QueryError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func `distinct counts are count of DISTINCT`() throws {
    #expect(try item("uniq(page)") == #"count(DISTINCT "visits"."page")"#)
    #expect(
      try item("uniqIf(page, id > 3)") == #"count(DISTINCT "visits"."page") FILTER (WHERE "visits"."id" > 3)"#)
  }

  @Test func `a quantile is percentile_cont and leaves NaN out`() throws {
    #expect(
      try item("quantile(0.9)(cost)")
        == #"percentile_cont(0.9) WITHIN GROUP (ORDER BY "visits"."cost") FILTER (WHERE "visits"."cost" <> 'NaN'::double precision)"#
    )
  }

  @Test func `argMax of two integers needs no sorting`() throws {
    #expect(try item("argMax(id, id)") == #"coalesce((max(ARRAY["visits"."id", "visits"."id"]))[2], 0)"#)
  }

  @Test func `argMax skips rows whose value or key is NULL`() throws {
    let sql = try item("argMax(page, cost)")
    #expect(sql.contains(#""visits"."page" IS NOT NULL AND "visits"."cost" IS NOT NULL"#))
    #expect(sql.contains(#"ORDER BY "visits"."cost" DESC NULLS LAST"#))
  }

  @Test func `lagInFrame is plain lag where the frame holds the row for certain`() throws {
    let lag = try item("lagInFrame(id) over (order by id)")
    #expect(lag.hasPrefix(#"lag("visits"."id""#))
    #expect(
      try item("leadInFrame(id) over (order by id rows between 2 preceding and current row)") == "0::bigint")
  }

  @Test(arguments: [
    ("quantile(2)(id)", "The level of quantile must be a constant between 0 and 1."),
    ("median(page)", "Argument 1 of median must be a number, a date or a time, not Nullable(String)."),
    ("groupArray(0)(id)", "Parameter 1 of groupArray must be a positive integer, not 0."),
    ("row_number()", "row_number needs OVER."),
    ("deltaSumTimestamp(id, id) over ()", "deltaSumTimestamp cannot be a window function."),
  ])
  func `what an aggregate cannot do is said`(expression: String, message: String) {
    #expect(refusal(expression) == message)
  }
}
