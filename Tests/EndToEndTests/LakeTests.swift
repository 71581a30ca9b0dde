import FoundationEssentials
import LocalPostgres
import TestSupport
import Testing

/// Delta and Iceberg tables of a folder, through the program.
@Suite struct LakeTests {
  private static func lines(_ path: String) -> Int {
    (Disk.read("\(BucketFixture.data)/\(path).expected.jsonl") ?? "").utf8.count { $0 == 0x0A }
  }

  @Test(arguments: ["append", "overwrite", "partitioned", "changed", "checkpoint", "evolved", "empty", "column_mapping", "deletion_vectors"])
  func `a Delta table has its expected rows`(name: String) async throws {
    let bucket = try BucketFixture()
    try bucket.copy("delta/\(name)", to: "t")
    #expect(try await bucket.link("t").stdout.contains("is a Delta table, version"))
    try await bucket.sync()
    #expect(try bucket.count == Self.lines("delta/\(name)"))
    try await bucket.expectRows("delta/\(name)")
    try await bucket.sync()
    #expect(try bucket.newest() == "completed|0|0|0|0")
    #expect(try await bucket.hedgerow(["verify", "files"]).stdout.contains("equal"))
  }

  @Test(arguments: ["append", "overwrite", "deleted", "evolved", "partitioned", "upserted", "empty"])
  func `an Iceberg table has its expected rows`(name: String) async throws {
    let bucket = try BucketFixture()
    try bucket.copy("iceberg/wh/test/\(name)", to: "t")
    #expect(try await bucket.link("t/**").stdout.contains("is an Iceberg table"))
    try await bucket.sync()
    #expect(try bucket.count == Self.lines("iceberg/\(name)"))
    try await bucket.expectRows("iceberg/\(name)")
    try await bucket.sync()
    #expect(try bucket.newest() == "completed|0|0|0|0")
  }

  @Test(arguments: [("future_protocol", "somethingNew"), ("missing_file", "which is not there")])
  func `a Delta table that cannot be read is refused`(name: String, words: String) async throws {
    let bucket = try BucketFixture()
    try bucket.copy("delta/\(name)", to: "t")
    let linked = try await bucket.start(["link", "file", "files", "url=file://\(bucket.folder)/t", "format=delta"]).wait()
    let result = linked.exit == 0 ? try await bucket.start(["sync", "files"]).wait() : linked
    #expect(result.exit == 1)
    #expect((result.stdout + result.stderr).contains(words), "\(result.stdout)\(result.stderr)")
  }

  @Test func `a version that adds files appends, one that removes some loads anew`() async throws {
    let bucket = try BucketFixture()
    try bucket.copy("delta/changed", to: "whole")
    try bucket.copy("delta/changed", to: "t")
    let commits = (Disk.entries(of: "\(bucket.folder)/t/_delta_log") ?? []).filter { $0.hasSuffix(".json") }
    for commit in commits.dropFirst() { bucket.remove("t/_delta_log/\(commit)") }
    try await bucket.link("t")
    try await bucket.sync()
    let first = try bucket.count
    #expect(first > 0)
    for commit in commits.dropFirst() { try bucket.write("t/_delta_log/\(commit)", Disk.read("\(bucket.folder)/whole/_delta_log/\(commit)") ?? "") }
    let said = try await bucket.sync()
    #expect(said.stderr.contains("loaded from the start, since version"), "\(said.stderr)")
    try await bucket.expectRows("delta/changed")
  }

  @Test func `a version that only adds files is appended`() async throws {
    let bucket = try BucketFixture()
    try bucket.copy("delta/append", to: "whole")
    try bucket.copy("delta/append", to: "t")
    let commits = (Disk.entries(of: "\(bucket.folder)/t/_delta_log") ?? []).filter { $0.hasSuffix(".json") }
    for commit in commits.dropFirst(2) { bucket.remove("t/_delta_log/\(commit)") }
    try await bucket.link("t")
    try await bucket.sync()
    let first = try bucket.count
    for commit in commits.dropFirst(2) { try bucket.write("t/_delta_log/\(commit)", Disk.read("\(bucket.folder)/whole/_delta_log/\(commit)") ?? "") }
    let said = try await bucket.sync()
    #expect(!said.stderr.contains("loaded from the start"))
    #expect(try bucket.newest() == "completed|\(Self.lines("delta/append") - first)|0|0|0")
    try await bucket.expectRows("delta/append")
  }

  @Test func `a pattern over the files of such a table is refused`() async throws {
    let bucket = try BucketFixture()
    try bucket.copy("delta/overwrite", to: "t")
    let refused = try await bucket.link("t/*.parquet", expecting: 2)
    #expect(refused.stderr.contains("belongs to the Delta table \(bucket.folder)/t"))
    #expect(refused.stderr.contains("format=delta"))
  }
}

extension BucketFixture {
  /// Compares the table with a file of expected values: as many rows, and the same ids.
  func expectRows(_ path: String, at location: SourceLocation = #_sourceLocation) async throws {
    let lines = (Disk.read("\(Self.data)/\(path).expected.jsonl") ?? "").split(separator: "\n")
    guard !lines.isEmpty else { return }
    let values = lines.map { "('\($0.replacing("'", with: "''"))'::jsonb)" }.joined(separator: ",")
    // Numbers are compared as such; what has more forms than one is compared by the formats' own tests.
    let differing = try warehouse(
      """
      WITH wanted AS (SELECT (v ->> 'id')::numeric AS id, count(*) AS n FROM (VALUES \(values)) w (v) GROUP BY 1),
        held AS (SELECT id::numeric AS id, count(*) AS n FROM warehouse.files GROUP BY 1)
      SELECT count(*) FROM wanted FULL JOIN held USING (id) WHERE wanted.n IS DISTINCT FROM held.n
      """)
    #expect(differing == "0", "ids of \(path)", sourceLocation: location)
    let names = try warehouse("SELECT string_agg(k, ',' ORDER BY k) FROM jsonb_object_keys('\(lines[0].replacing("'", with: "''"))'::jsonb) k")
    let columns = try warehouse(
      "SELECT string_agg(attname, ',' ORDER BY attname::text) FROM pg_attribute WHERE attrelid = 'warehouse.files'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT LIKE '\\_hedgerow%'")
    #expect(Set(columns.split(separator: ",")) == Set(names.split(separator: ",")), sourceLocation: location)
  }
}
