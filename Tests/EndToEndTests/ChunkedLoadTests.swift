import Glibc
import TestSupport
import Testing

/// Loads in committed chunks that go on where they were broken off.
@Suite(.serialized) struct ChunkedLoadTests {
  /// A table of 50,000 rows by kind of key, and in how many ranges it is loaded.
  enum Kind: String, CaseIterable {
    case number, composite, text, parallel

    var table: String {
      switch self {
      case .number, .parallel: "CREATE TABLE big (id bigint PRIMARY KEY, body text); INSERT INTO big SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, 50000) i;"
      case .composite:
        "CREATE TABLE big (region text, id integer, body text, PRIMARY KEY (region, id)); INSERT INTO big SELECT 'region ' || i % 7, i, repeat(md5(i::text), 3) FROM generate_series(1, 50000) i;"
      case .text: "CREATE TABLE big (code text PRIMARY KEY, body text); INSERT INTO big SELECT md5(i::text) || CASE WHEN i % 3 = 0 THEN 'Ä' ELSE ' z' END, repeat(md5(i::text), 3) FROM generate_series(1, 50000) i;"
      }
    }
  }

  private func prepare(_ kind: Kind, source: TestCluster = .source, warehouse: TestCluster = .warehouse) async throws -> CrashFixture {
    let fixture = try CrashFixture(source: source, warehouse: warehouse)
    try fixture.atSource(kind.table + " ANALYZE big;")
    try await fixture.link(["big"])
    try await fixture.set("big", "chunk_above_rows=0", "chunk_bytes=600000", "parallel=\(kind == .parallel ? 2 : 1)")
    return fixture
  }

  /// The generation that is being loaded, and how many rows of it are committed.
  private func progress(_ fixture: CrashFixture) throws -> (generation: String, rows: Int) {
    let line = try fixture.atWarehouse(
      "SELECT table_name, (SELECT sum((r ->> 'rows')::bigint) FROM jsonb_array_elements(progress -> 'ranges') r) FROM hedgerow.generation WHERE state = 'loading'")
    let parts = line.split(separator: "|").map(String.init)
    guard parts.count == 2, let rows = Int(parts[1]) else { throw TestFailure("no load is under way: \(line)") }
    return (parts[0], rows)
  }

  private func current(_ fixture: CrashFixture) throws -> String {
    try fixture.atWarehouse("SELECT table_name FROM hedgerow.generation WHERE state = 'current'")
  }

  private func expectWhole(_ fixture: CrashFixture) async throws {
    try await fixture.expectExact(["big"])
    #expect(try fixture.newestSync(of: "big") == "completed 50000 rows")
  }

  @Test(arguments: Kind.allCases)
  func `a chunked load that is killed goes on with the chunk that was under way`(kind: Kind) async throws {
    let fixture = try await prepare(kind)
    var last = 0
    var generation: String?
    for place in ["after_chunk=2:kill", "before_commit=2:kill", "during_copy=4:kill"] {
      let killed = try await fixture.startSync(failpoints: place).wait()
      #expect(killed.exit == -9, "\(place): \(killed.stdout)\(killed.stderr)")
      let now = try progress(fixture)
      // Two workers may both stand before the commit of their first chunk when the process is killed.
      #expect(kind == .parallel ? now.rows >= last : now.rows > last, "\(place): it went on")
      #expect(generation == nil || now.generation == generation, "\(place): it is the same load")
      (generation, last) = (now.generation, now.rows)
      #expect(try fixture.atWarehouse("SELECT count(*) FROM hedgerow_data.\(now.generation)") == "\(now.rows)", "\(place): rows and progress agree")
    }
    #expect(last < 50_000)
    try await fixture.sync()
    #expect(try current(fixture) == generation)
    try await expectWhole(fixture)
  }

  @Test func `a chunked load survives a crash of source and warehouse`() async throws {
    let source = try TestCluster.start()
    let warehouse = try TestCluster.start()
    let fixture = try await prepare(.parallel, source: source, warehouse: warehouse)
    #expect(try await fixture.startSync(failpoints: "after_chunk=3:kill").wait().exit == -9)
    let before = try progress(fixture)
    for server in [source, warehouse] { try await restart(server) }
    #expect(try progress(fixture) == before)
    let process = try fixture.startSync(failpoints: "after_chunk=1:sleep:2000")
    try await fixture.waitAtWarehouse("SELECT 1 FROM hedgerow.history WHERE status = 'running'")
    try await Task.sleep(for: .milliseconds(500))
    try await restart(warehouse)
    let result = try await process.wait()
    #expect(result.exit == 0 || result.stderr.contains("shop.big failed"), "\(result.stderr)")
    if result.exit != 0 { try await fixture.sync() }
    #expect(try current(fixture) == before.generation)
    try await fixture.expectExact(["big"])
    try source.remove()
    try warehouse.remove()
  }

  private func restart(_ server: TestCluster) async throws {
    try await onOwnThread {
      Result {
        try server.crash()
        try server.start()
      }
    }.get()
  }

  @Test func `a chunked load begins anew when the columns changed in between`() async throws {
    let fixture = try await prepare(.number)
    #expect(try await fixture.startSync(failpoints: "after_chunk=3:kill").wait().exit == -9)
    let before = try progress(fixture)
    try fixture.atSource("ALTER TABLE big ADD COLUMN extra integer DEFAULT 7")
    try await fixture.sync()
    #expect(try current(fixture) != before.generation)
    try await expectWhole(fixture)
  }

  @Test func `readers see the old rows until a chunked load is whole`() async throws {
    let fixture = try await prepare(.number)
    try await fixture.sync()
    let old = try fixture.fingerprint(ofWarehouse: "big")
    try fixture.atSource("UPDATE big SET body = 'changed ' || id WHERE id % 2 = 0")
    #expect(try await fixture.startSync(failpoints: "after_chunk=4:kill").wait().exit == -9)
    #expect(try fixture.fingerprint(ofWarehouse: "big") == old)
    try await fixture.sync()
    try await expectWhole(fixture)
  }
}
