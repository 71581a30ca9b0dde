import Formats
import Testing

@Suite struct DeltaFuzzTests {
  /// Bytes of the log are changed at random: a table is read or refused, and nothing worse.
  @Test func `a damaged log is read or refused`() async throws {
    var random = LakeRandom(seed: 4)
    let tables = try ["append", "column_mapping", "deletion_vectors", "partitioned"].map {
      try FolderFiles("delta/\($0)")
    }
    let end = ContinuousClock.now + .seconds(3)
    var refused = 0
    while ContinuousClock.now < end {
      var files = tables[random.below(tables.count)]
      let logs = files.files.keys.filter { $0.hasSuffix(".json") }.sorted()
      let path = logs[random.below(logs.count)]
      files.files[path] = random.damaged(files.files[path] ?? [])
      do {
        let table = try await DeltaTable.open(files)
        #expect(table.columns.count < 10_000)
        _ = try await table.changes(since: 0)
      } catch is FormatError {
        refused += 1
      }
    }
    #expect(refused > 0)
  }
}
