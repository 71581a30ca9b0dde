import Glibc
import LocalPostgres
import TestSupport
import Testing

/// How much memory `hedgerow sync` takes at its peak, whatever it moves. This is the debug build; a release build takes less.
@Suite(.serialized) struct MemoryTests {
  private static let limit = 64 << 20

  /// A table's shape that could tempt a program to hold much of it.
  enum Shape: String, CaseIterable {
    case narrow, wide

    var table: String {
      switch self {
      case .narrow: "CREATE TABLE heavy AS SELECT i::bigint AS id, (i % 1000)::integer AS n FROM generate_series(1, 2000000) i;"
      case .wide:
        "CREATE TABLE heavy AS SELECT i::bigint AS id, \((1...200).map { "i * \($0)::bigint AS c\($0)" }.joined(separator: ", ")), repeat(md5(i::text), 100) AS body FROM generate_series(1, 30000) i;"
      }
    }
  }

  @Test(.timeLimit(.minutes(4)), arguments: Shape.allCases)
  func `a sync takes no more memory for a longer table`(shape: Shape) async throws {
    let fixture = try CrashFixture()
    try await prepare(fixture, shape.table)
    let peak = try await peakOfSync(fixture)
    #expect(peak > 0 && peak < Self.limit, "\(shape): \(peak >> 20) MB")
    try await fixture.expectExact(["heavy"])
  }

  @Test(.timeLimit(.minutes(4)))
  func `a text of 200 MB arrives as it was, in four times its size`() async throws {
    let fixture = try CrashFixture()
    let size = 200 << 20
    try await prepare(
      fixture,
      "CREATE TABLE heavy (id bigint, body text); ALTER TABLE heavy ALTER body SET STORAGE EXTERNAL; INSERT INTO heavy SELECT 1, string_agg(md5(i::text), '') FROM generate_series(1, \(size / 32)) i; INSERT INTO heavy VALUES (2, 'small');")
    let peak = try await peakOfSync(fixture)
    #expect(peak > 0 && peak < Self.limit + 4 * size, "\(peak >> 20) MB")
    let query = "SELECT octet_length(body), md5(body) FROM %t ORDER BY id"
    let wanted = try fixture.atSource(query.replacing("%t", with: "heavy"))
    #expect(wanted.hasPrefix("\(size)|"))
    #expect(try fixture.atWarehouse(query.replacing("%t", with: "warehouse.postgres_heavy")) == wanted)
  }

  @Test(.timeLimit(.minutes(5)))
  func `a file of 300 MB streams`() async throws {
    let bucket = try BucketFixture()
    let row = String(repeating: "some words of a row, ", count: 9).replacing(",", with: ";")
    let file = try #require(fopen("\(bucket.folder)/large.csv", "w"))
    fputs("id,body\n", file)
    for id in 0..<1_500_000 { fputs("\(id),\(row)\n", file) }
    #expect(ftell(file) > 280 << 20)
    fclose(file)
    try await bucket.link("*.csv", "--mode", "append")
    let peak = try await peak(of: try bucket.start(["sync", "files"]))
    #expect(peak > 0 && peak < 128 << 20, "\(peak >> 20) MB")
    #expect(try bucket.warehouse("SELECT count(*), max(id), min(length(body)) FROM warehouse.files") == "1500000|1499999|189")
  }

  private func prepare(_ fixture: CrashFixture, _ table: String) async throws {
    _ = try await onOwnThread { Result { try fixture.atSource(table + " ALTER TABLE heavy ADD PRIMARY KEY (id); ANALYZE heavy;") } }.get()
    try await fixture.link(["heavy"])
  }

  /// Runs a sync and asks the system again and again for the most memory that it held, in bytes.
  private func peakOfSync(_ fixture: CrashFixture) async throws -> Int { try await peak(of: try fixture.startSync()) }

  private func peak(of process: HedgerowProcess) async throws -> Int {
    let pid = process.pid
    let peak = await onOwnThread {
      var peak = 0
      _ = waitUntil(timeout: .seconds(200)) {
        peak = max(peak, peakMemory(of: pid) ?? 0)
        return !process.isRunning
      }
      return peak
    }
    let result = try await process.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    return peak
  }
}

private func peakMemory(of pid: Int32) -> Int? {
  let line = Disk.read("/proc/\(pid)/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
}
