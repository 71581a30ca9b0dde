import Testing

@testable import HogQL

struct JSONTests {
  @Test(arguments: [
    ("$", 0), ("$.a", 1), ("$.a.b[0]", 3), ("$[\"a b\"].c", 2), ("$.\"a.b\"", 1), ("$.a[*].b", 3), ("$.a[0 to 2]", 2),
  ])
  func `a JSON path has its steps`(path: String, count: Int) throws {
    #expect(try #require(JSONPathText.steps(path)).count == count)
  }

  @Test(arguments: ["", "a", "$a", "$.", "$.a-b", "$[x]", "$.\"a", "$[99999999999999999999]"])
  func `what is no JSON path is refused`(path: String) {
    #expect(JSONPathText.steps(path) == nil)
  }

  @Test(arguments: [
    "select JSONExtractArrayRaw(toNullable('[]'))", "select JSONExtract(toNullable('[]'), 'Array(Int64)')",
    "select JSONExtractString('{}', 1.5)", "select JSONExtract('{}', 'a', 'Nonsense')",
  ])
  func `a call that ClickHouse refuses is refused`(text: String) {
    #expect(throws: QueryError.self) { try compiled(text) }
  }
}
