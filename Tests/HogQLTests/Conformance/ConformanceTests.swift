import TestSupport
import Testing

/// Each text gets ClickHouse's answer from PostgreSQL, or is refused at its place.
@Suite struct ConformanceTests {
  @Test(arguments: ConformanceCase.areas, Collation.allCases)
  func `every case gets its answer`(area: String, collation: Collation) async throws {
    let run = try await ConformanceRun.of(collation)
    let cases = ConformanceCase.all.filter { $0.area == area && knownGaps(collation)[$0.id] == nil }
    let failed = cases.compactMap { item in
      item.complaint(about: run.answers[item.id]).map { "\(item.id)\n  \(item.hogql)\n  \($0)" }
    }
    #expect(failed.isEmpty, "\(failed.count) of \(cases.count) fail:\n\(failed.joined(separator: "\n"))")
  }

  @Test(arguments: Collation.allCases)
  func `what is known to fail does`(collation: Collation) async throws {
    let run = try await ConformanceRun.of(collation)
    for id in knownGaps(collation).keys.sorted() {
      let item = try #require(ConformanceCase.all.first { $0.id == id }, "\(id) is no case")
      #expect(item.complaint(about: run.answers[id]) != nil, "\(id) passes: take it off the list")
    }
  }

  @Test(arguments: Collation.allCases)
  func `no case ends the program or changes a table`(collation: Collation) async throws {
    let run = try await ConformanceRun.of(collation)
    #expect(run.exit == 0, "\(run.stderr)")
    #expect(run.answers.count == ConformanceCase.all.count)
    #expect(run.rowsBefore == run.rowsAfter)
    #expect(!run.rowsBefore.isEmpty)
  }

  @Test func `no two cases share an id`() {
    let ids = ConformanceCase.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.count >= 599)
  }
}
