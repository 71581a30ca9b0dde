import Glibc
import LocalPostgres
import TestSupport
import Testing

/// Files that are broken, vanish or change, and programs that are killed.
@Suite struct BucketTroubleTests {
  @Test(arguments: [
    ("truncated.csv.gz", "csv/gzip.csv.gz", "cut off"),
    ("nul.csv", "csv/nul_bytes.csv", "holds a NUL character"),
    ("invalid.csv", "csv/invalid_utf8.csv", "is not UTF-8"),
    ("open.csv", "csv/unclosed_quote.csv", "the quote is not closed"),
    ("bad.jsonl", "jsonl/bad_line_in_middle.jsonl", "row 2, byte 9"),
    ("flipped.parquet", "parquet/bad/flipped_data.parquet", "its SNAPPY data is broken"),
  ])
  func `a broken file fails by its name, and leaves nothing`(name: String, from: String, words: String) async throws {
    let bucket = try BucketFixture()
    try bucket.copy(from, to: name)
    if name.hasPrefix("truncated") { truncate("\(bucket.folder)/\(name)", 40) }
    let linked = try await bucket.start(["link", "file", "files", "url=file://\(bucket.folder)/*"]).wait()
    let result = linked.exit == 0 ? try await bucket.start(["sync", "files"]).wait() : linked
    let said = result.stdout + result.stderr
    #expect(result.exit == 1, "\(said)")
    #expect(said.contains("\(bucket.folder)/\(name)"), "\(said)")
    #expect(said.contains(words), "\(said)")
    #expect(try bucket.warehouse("SELECT to_regclass('warehouse.files') IS NULL") == "t")
  }

  @Test(arguments: [("empty.csv", "", "shows no columns", 2), ("text.parquet", "id,note\n1,a\n", "is not Parquet", 1), ("text.avro", "id,note\n1,a\n", "Avro", 1)])
  func `what has no columns cannot be linked`(name: String, text: String, words: String, exit: Int32) async throws {
    let bucket = try BucketFixture()
    try bucket.write(name, text)
    let refused = try await bucket.link("*", expecting: exit)
    #expect(refused.stderr.contains("\(bucket.folder)/\(name)"))
    #expect(refused.stderr.contains(words), "\(refused.stderr)")
  }

  @Test func `no file, no folder`() async throws {
    let bucket = try BucketFixture()
    #expect(try await bucket.link("*.csv", expecting: 2).stderr.contains("no file matches"))
    #expect(try await bucket.link("missing/*.csv", expecting: 2).stderr.contains("There is no folder \(bucket.folder)/missing"))
  }

  @Test func `empty files among others, and a header alone, are no trouble`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "")
    try bucket.write("2.csv", "id,note\n")
    try await bucket.link("*.csv")
    try await bucket.sync()
    #expect(try bucket.count == 0)
    try bucket.write("3.csv", "id,note\n1,a\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|a"])
  }

  /// The program is stopped while it reads the first file; the second then is another one than it had listed.
  @Test(arguments: [true, false])
  func `a file that changes or vanishes after it was listed is read as it is then`(vanishes: Bool) async throws {
    let bucket = try BucketFixture()
    for number in 1...3 { try bucket.write("\(number).csv", "id,note\n\(number),old\n") }
    try await bucket.link("*.csv")
    let running = try bucket.start(["sync", "files"], failpoints: "during_copy=1:stop")
    let pid = running.pid
    let isStopped = await onOwnThread { waitUntil(timeout: .seconds(60)) { Disk.read("/proc/\(pid)/stat")?.contains(") T ") == true } }
    #expect(isStopped)
    // Two batches may have been read ahead: the third file is not open yet.
    if vanishes { bucket.remove("3.csv") } else { try bucket.write("3.csv", "id,note\n3,newer\n4,newer\n") }
    running.signal(SIGCONT)
    let result = try await running.wait()
    #expect(result.exit == 0, "\(result.stdout)\(result.stderr)")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == (vanishes ? ["1|old", "2|old"] : ["1|old", "2|old", "3|newer", "4|newer"]))
  }

  /// Seven files of about 2 MB, of which a load commits two or three at once.
  @Test func `a load of several files that is killed goes on with the files that were not loaded`() async throws {
    let bucket = try BucketFixture()
    for file in 1...7 {
      try bucket.write("\(file).csv", "id,note\n" + (1...20_000).map { "\(file * 100_000 + $0),\(String(repeating: "x", count: 90))\n" }.joined())
    }
    try await bucket.link("*.csv", "--mode", "append")
    try await bucket.set("chunk_above_bytes=1000")
    let killed = try await bucket.sync(expecting: -9, failpoints: "after_chunk=2:kill")
    #expect(killed.exit == -9)
    let kept = Int(try bucket.warehouse("SELECT (progress ->> 'rows')::bigint FROM hedgerow.generation WHERE state = 'loading'")) ?? 0
    #expect(kept >= 40_000 && kept < 140_000)
    try await bucket.sync()
    #expect(try bucket.warehouse("SELECT count(*), count(DISTINCT id) FROM warehouse.files") == "140000|140000")
  }

  @Test func `a killed load begins anew when a file that it had loaded is another one`() async throws {
    let bucket = try BucketFixture()
    for file in 1...5 {
      try bucket.write("\(file).csv", "id,note\n" + (1...20_000).map { "\(file * 100_000 + $0),\(String(repeating: "x", count: 90))\n" }.joined())
    }
    try await bucket.link("*.csv", "--mode", "append")
    try await bucket.set("chunk_above_bytes=1000")
    try await bucket.sync(expecting: -9, failpoints: "after_chunk=1:kill")
    try bucket.write("1.csv", "id,note\n1,new\n")
    try await bucket.sync()
    #expect(try bucket.warehouse("SELECT count(*), count(*) FILTER (WHERE note = 'new') FROM warehouse.files") == "80001|1")
  }
}
