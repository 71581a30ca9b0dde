@testable import Catalogue
import LocalPostgres
import Testing

@Suite struct RuntimeFilesTests {
  @Test func `every file of the runtime is in the program, in the order of the names`() throws {
    let package = Disk.parent(of: Disk.parent(of: Disk.parent(of: ConformanceCase.folder)))
    let files = try #require(Disk.entries(of: "\(package)/sql/hogql")).filter { $0.hasSuffix(".sql") }.sorted()
    #expect(SQLFile.queries.map(\.path) == files.map { "hogql/\($0)" })
  }
}
