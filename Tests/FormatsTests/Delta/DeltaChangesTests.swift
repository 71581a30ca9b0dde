import Formats
import Testing

@Suite struct DeltaChangesTests {
  private func changes(_ name: String, since version: Int64) async throws -> DeltaChange {
    try await DeltaTable.open(try FolderFiles("delta/\(name)")).changes(since: version)
  }

  @Test func `versions that only add files are appended`() async throws {
    guard case .appended(let files) = try await changes("append", since: 1) else {
      Issue.record("nothing was appended")
      return
    }
    #expect(files.map { $0.path.prefix(19) } == ["part-00000-77930dc5", "part-00000-8f7cb89a"])
    #expect(files.map(\.rows) == [25, 25])
    #expect(try await changes("append", since: 3) == .none)
  }

  @Test(arguments: [("overwrite", 0, "version 1 removed rows"), ("changed", 1, "version 2 removed rows")])
  func `versions that remove rows have the table loaded anew`(name: String, version: Int64, reason: String) async throws
  {
    guard case .rewritten(let why) = try await changes(name, since: version) else {
      Issue.record("it was not rewritten")
      return
    }
    #expect(why.hasPrefix(reason), "\(why)")
  }

  @Test func `a deletion vector has the table loaded anew`() async throws {
    guard case .rewritten = try await changes("deletion_vectors", since: 0) else {
      Issue.record("it was not rewritten")
      return
    }
  }

  @Test func `compaction changes no rows`() async throws {
    let files = try FolderFiles("delta/checkpoint")
    let table = try await DeltaTable.open(files)
    // Version 13 compacts, version 14 adds.
    guard case .appended(let added) = try await table.changes(since: 12) else {
      Issue.record("nothing was appended")
      return
    }
    #expect(added.map { $0.path.prefix(19) } == ["part-00000-3a7522e9"])
  }

  @Test func `a log that no longer reaches back has the table loaded anew`() async throws {
    #expect(try await changes("checkpoint", since: 2) == .rewritten("version 3 is no longer in the log"))
  }

  @Test func `columns may be added, but not renamed`() async throws {
    guard case .appended(let files) = try await changes("evolved", since: 0) else {
      Issue.record("nothing was appended")
      return
    }
    #expect(files.count == 2)
    #expect(
      try await changes("column_mapping", since: 0)
        == .rewritten("version 1 or a later one renamed the column \"Full Name\" to \"label\""))
  }

  @Test func `a table that went back has it loaded anew`() async throws {
    guard case .rewritten = try await changes("append", since: 7) else {
      Issue.record("it was not rewritten")
      return
    }
  }
}
