import Testing

@testable import HogQL

/// A place in the SQL leads back to the text.
@Suite struct PlaceMapTests {
  @Test(arguments: [
    ("\"orders\".\"status\"", "status"), ("sum(", "sum(quantity)"), ("\"p\".\"created_at\"", "created_at"),
    ("hogql.json_text", "details.a"),
  ])
  func `an error's position is found in the text`(piece: String, expected: String) throws {
    let text = "select sum(quantity), status, any(p.created_at), any(details.a) from orders cross join persons as p group by status"
    let compiled = try compile(text, catalogue: Shop.catalogue)
    let range = try #require(compiled.sql.firstRange(of: piece))
    let position = compiled.sql.unicodeScalars.distance(from: compiled.sql.startIndex, to: range.lowerBound) + 1
    let span = try #require(compiled.span(atSQLPosition: position))
    let scalars = Array(text.unicodeScalars)
    #expect(String(String.UnicodeScalarView(scalars[span.start..<span.end])).contains(expected))
  }

  @Test func `positions outside the SQL are harmless`() throws {
    let compiled = try compile("select 1", catalogue: Shop.catalogue)
    for position in [Int.min + 1, -1, 0, 1_000_000, Int.max] {
      let span = compiled.span(atSQLPosition: position)
      #expect(span.map { $0.start >= 0 && $0.end <= "select 1".unicodeScalars.count } ?? true, "position \(position): \(String(describing: span))")
    }
  }

  @Test(arguments: ["22003", "22012", "2201B", "21000", "54001", "57014"])
  func `run-time errors are explained`(state: String) throws {
    let explanation = try #require(CompiledQuery.explanation(sqlState: state))
    #expect(explanation.message.hasSuffix(".") && explanation.hint.hasSuffix("."))
  }
}
