import Glibc
import LocalPostgres
import Testing

@testable import HogQL

@Suite struct FunctionReferenceTests {
  private static let path = (0..<4).reduce(#filePath) { path, _ in Disk.parent(of: path) } + "/docs/hogql-functions.md"

  @Test func `the reference of functions is what the table says`() throws {
    if getenv("HEDGEROW_UPDATE_DOCS") != nil {
      let file = try #require(fopen(Self.path, "w"))
      fputs(FunctionReference.text, file)
      fclose(file)
    }
    #expect(
      Disk.read(Self.path) == FunctionReference.text,
      "docs/hogql-functions.md is out of date: run the tests with HEDGEROW_UPDATE_DOCS=1.")
  }

  @Test func `every registered function works or is refused with a reason`() {
    let missing = FunctionReference.rows.filter { if case .missing = $0.status { true } else { false } }
    #expect(missing.map(\.name) == [])
  }

  @Test func `what is written every day is never refused`() {
    let refused = FunctionReference.rows.filter { if case .refused = $0.status { $0.tier == 1 } else { false } }
    #expect(refused.map(\.name) == [])
  }
}
