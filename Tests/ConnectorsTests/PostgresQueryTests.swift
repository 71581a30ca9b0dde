import ConnectorKit
import SQLText
import Testing

@testable import Connectors

@Suite struct PostgresQueryTests {
  @Test func `every row is every column, as it is read`() {
    #expect(
      text(.all) == #"COPY (SELECT "id", "Region ""x""", "mood"::text, "moods"::text[], to_jsonb("address"), "price"::numeric(10,2), "at" "#
        + #"FROM "my ""ns"""."orders") TO STDOUT (FORMAT binary)"#)
  }

  @Test func `the keys are the key columns`() {
    #expect(text(.keysOnly) == #"COPY (SELECT "id", "Region ""x""" FROM "my ""ns"""."orders") TO STDOUT (FORMAT binary)"#)
  }

  @Test func `an increment begins at its start, NULL among it where that may be`() {
    #expect(condition(.since(from: "2024-01-01 00:00:00+00", lookback: nil), cursor: "at")
      == #"("at" >= '2024-01-01 00:00:00+00'::timestamp with time zone OR "at" IS NULL)"#)
    #expect(condition(.since(from: "5", lookback: nil), cursor: "id") == #""id" >= '5'::bigint"#)
  }

  @Test func `a lookback is taken off, of times as an interval`() {
    #expect(condition(.since(from: "2024-01-01", lookback: "1 hour"), cursor: "at")?.contains(
      "('2024-01-01'::timestamp with time zone - '1 hour'::interval)::timestamp with time zone") == true)
    #expect(condition(.since(from: "5", lookback: "100"), cursor: "id") == #""id" >= ('5'::bigint - '100'::numeric)::bigint"#)
  }

  @Test func `a start and a key are constants that cannot break out`() {
    #expect(condition(.since(from: "1'; DROP TABLE t; --", lookback: nil), cursor: "id") == #""id" >= '1''; DROP TABLE t; --'::bigint"#)
    #expect(condition(.keys(after: ["1", #"a\' OR true"#], through: nil)) == #"("id", "Region ""x""") > ('1'::bigint,  E'a\\'' OR true'::text)"#)
  }

  @Test func `a range of keys is open below and closed above`() {
    #expect(condition(.keys(after: ["1"], through: ["9"])) == #"("id") > ('1'::bigint) AND ("id") <= ('9'::bigint)"#)
    #expect(condition(.keys(after: nil, through: ["9"])) == #"("id") <= ('9'::bigint)"#)
    #expect(condition(.keys(after: nil, through: nil)) == nil)
  }

  @Test func `the user's filter is kept apart from our conditions`() {
    let query = query(filter: "a OR b", cursor: "id")
    #expect(query.rows(.since(from: "5", lookback: nil)).statement.text.contains(#" WHERE "id" >= '5'::bigint AND (a OR b)) TO"#))
    #expect(query.rows(.all).statement.text.contains(" WHERE (a OR b)) TO"))
    #expect(query.pages(3, 7).statement.text.contains("ctid >= '(3,0)'::tid AND ctid < '(7,0)'::tid AND (a OR b)"))
    #expect(query.pages(7, nil).statement.text.contains("ctid >= '(7,0)'::tid AND (a OR b)"))
  }

  @Test(arguments: [RowSlice.all, .keysOnly, .since(from: "5", lookback: "1"), .keys(after: ["1"], through: ["2"])])
  func `a COPY has no parameters`(slice: RowSlice) {
    #expect(query(cursor: "id").rows(slice).statement.parameters.isEmpty)
  }

  @Test func `the next key is so many rows on`() {
    let text = query().keyAt(100, after: ["1"], through: nil).statement
    #expect(text.text.hasSuffix(#"WHERE ("id") > ('1'::bigint) ORDER BY "id", "Region ""x""" OFFSET $1 LIMIT 1"#))
    #expect(text.parameters == ["99"])
  }

  private func text(_ slice: RowSlice) -> String { query().rows(slice).statement.text }

  private func condition(_ slice: RowSlice, cursor: String? = nil) -> String? {
    let text = query(cursor: cursor).rows(slice).statement.text
    guard let start = text.firstRange(of: " WHERE ") else { return nil }
    return String(text[start.upperBound...].dropLast(") TO STDOUT (FORMAT binary)".count))
  }

  private func query(filter: String? = nil, cursor: String? = nil) -> PostgresQuery {
    func column(_ name: String, _ type: String, _ source: String, required: Bool = false, _ reading: SourceColumn.Reading = .asItIs) -> SourceColumn {
      SourceColumn(name: name, number: 1, type: type, sourceType: source, required: required, reading: reading)
    }
    let columns = [
      column("id", "bigint", "bigint", required: true), column(#"Region "x""#, "text", "text", required: true),
      column("mood", "text", "mood", .asText), column("moods", "text[]", "mood[]", .asTextArray), column("address", "jsonb", "address", .asJSON),
      column("price", "numeric(10,2)", "price", .asBase), column("at", "timestamp(3) with time zone", "timestamp(3) with time zone"),
    ]
    let table = SourceTable(
      columns: columns, key: ["id", #"Region "x""#], keyIsUnique: true, remote: ["namespace": #"my "ns""#, "table": "orders"], identity: nil,
      estimatedRows: nil, estimatedBytes: nil)
    return PostgresQuery(request: ReadRequest(label: "s.orders", remote: table.remote, filter: filter, cursorField: cursor), table: table)
  }
}
