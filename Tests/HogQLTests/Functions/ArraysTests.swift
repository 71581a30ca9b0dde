import Testing

@testable import HogQL

@Suite struct ArraysTests {
  private func sql(_ text: String) throws -> String {
    try compile(text, catalogue: QueryCatalogue(tables: [], dottedNames: [:], joins: [])).sql
  }

  @Test func `A constant is looked for with an operator that an index on the array can serve`() throws {
    #expect(try sql("select has(['a'], 'b')").contains("@> ARRAY['b'::text]"))
  }

  @Test func `A lambda is written out over the elements`() throws {
    let text = try sql("select arrayFilter(x -> x > 1, [1, 2])")
    #expect(text.contains("FROM unnest(ARRAY[1, 2]::bigint[]) WITH ORDINALITY"))
    #expect(!text.contains("->"))
  }

  @Test(arguments: [
    "select arraySum(['a'])", "select arrayMap((x, y) -> x, [1])", "select arrayReduce('nothing', [1])",
    "select has([1], 'a')", "select untuple((1, 2))", "select map('a')", "select bitAnd(1.5, 1)",
  ]) func `Arguments of the wrong type are refused`(text: String) {
    #expect(throws: QueryError.self) { try sql(text) }
  }
}
