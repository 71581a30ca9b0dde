import Testing

@testable import HogQL

struct ConversionsTests {
  @Test(arguments: [
    ("int", "Int64"), ("Nullable(Int64)", "Nullable(Int64)"), ("Array(Nullable(String))", "Array(Nullable(String))"),
    ("Tuple(a Int64, b Array(String))", "Tuple(Int64, Array(String))"), ("Map(String,Float64)", "Map(String, Float64)"),
    ("Decimal(10, 2)", "Decimal(18, 2)"), ("Decimal64(3)", "Decimal(18, 3)"),
    ("DateTime64(6, 'UTC')", "DateTime64(6, 'UTC')"),
    ("LowCardinality(String)", "String"), ("varchar(20)", "String"), ("UInt8", "Int64"),
  ])
  func `a type is known by its name`(name: String, type: String) throws {
    #expect(try #require(NamedType(name)).type.clickHouseName == type)
  }

  @Test(arguments: [
    "", "Int65", "Array", "Array(", "Nullable(Array(String))", "Tuple()", "Map(Int64, String)", "int)", "a b",
  ])
  func `what names no type is refused`(name: String) {
    #expect(NamedType(name) == nil)
  }

  @Test func `a deeply nested name is refused, not followed`() {
    #expect(NamedType(String(repeating: "Array(", count: 10_000)) == nil)
  }

  @Test(arguments: [
    ("select toDate('2024-02-03')", "SELECT '2024-02-03'::date"), ("select toInt(5)", "SELECT 5::bigint"),
    ("select toBool(1)", "SELECT 1 <> 0"), ("select toString('a')", "SELECT 'a'::text"),
    ("select hex(MD5('a'))", "SELECT upper(md5('a'))"), ("select toTypeName(300)", "SELECT 'UInt16'::text"),
  ])
  func `a conversion of a constant is short`(text: String, sql: String) throws {
    #expect(try compiled(text).hasPrefix(sql))
  }

  @Test(arguments: [
    "select toDecimal(1, 19)", "select cast(1 as nonsense)", "select toUUID(5)", "select toDateTime('2024-01-01', 5)",
  ])
  func `a conversion that cannot be is refused`(text: String) {
    #expect(throws: QueryError.self) { try compiled(text) }
  }
}
