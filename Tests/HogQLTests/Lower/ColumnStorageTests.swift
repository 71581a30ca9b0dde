import Testing

@testable import HogQL

/// Columns whose Postgres type is not the one that HogQL works with, as views may have.
@Suite struct ColumnStorageTests {
  @Test(arguments: [
    ("id * 1000000", "legacy.id::bigint * 1000000"), ("code", "legacy.code::text"),
    ("seen", "timezone('UTC', legacy.seen)"), ("data", "legacy.data::jsonb"), ("numbers", "legacy.numbers::bigint[]"),
  ])
  func `a value has the type that everything else expects`(text: String, expected: String) throws {
    #expect(try Shop.plain("select \(text) as v from legacy") == "SELECT \(expected) AS v FROM warehouse.legacy")
  }

  @Test func `a comparison leaves numbers as they are, for their index`() throws {
    let sql = try Shop.plain("select 1 from legacy where id = 5 and id in (1, 2) and ratio > 0.5")
    #expect(sql.hasSuffix("WHERE legacy.id = 5 AND legacy.id IN (1, 2) AND legacy.ratio > 0.5"))
  }

  @Test func `a column of a type that HogQL has not is not there`() {
    #expect(Shop.error("select shape from legacy")?.message == "There is no column shape.")
  }
}
