import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// What others who are at the table notice of a swap that waits for its moment.
@Suite(.serialized) struct SwapMomentTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture(
      """
      CREATE TABLE items (id int PRIMARY KEY, version int NOT NULL, story text NOT NULL);
      INSERT INTO items SELECT g, 1, (SELECT string_agg(md5(g::text || n), '') FROM generate_series(1, 100) n) FROM generate_series(1, 500) g;
      """)
  }

  private func generation() throws -> String {
    try fixture.warehouse("SELECT 'hedgerow_data.' || table_name FROM hedgerow.generation WHERE state = 'current'")
  }

  private func isTrue(_ sql: String, within limit: Duration = .seconds(60)) async -> Bool {
    await onOwnThread { [fixture] in waitUntil(timeout: limit) { (try? fixture.warehouse(sql)) == "t" } }
  }

  @Test func `upkeep that people start goes on while a swap waits for a long query`() async throws {
    try await fixture.link()
    try await fixture.sync()
    let generation = try generation()
    let longReader = try await fixture.warehouseSession()
    try await longReader.begin()
    _ = try await longReader.query("SELECT count(*) FROM warehouse.postgres_items")
    try fixture.source("UPDATE items SET version = 2")
    let run = try fixture.start("sync", "shop")
    // The sync tries for the table's lock again and again; a try that waits shows.
    #expect(await isTrue("SELECT count(*) > 0 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted AND relation = 'warehouse.postgres_items'::regclass"))
    for _ in 1...3 {
      for statement in ["ANALYZE warehouse.postgres_items", "VACUUM \(generation)"] {
        #expect(throws: Never.self, "\(statement)") { try fixture.warehouse("SET statement_timeout = '5s'; \(statement)") }
      }
    }
    #expect(run.isRunning, "it waits for the long query")
    try await longReader.commit()
    let result = try await run.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test func `an autovacuum of the old rows' long values gives way before readers are kept out`() async throws {
    try await fixture.link()
    try await fixture.sync()
    let generation = try generation()
    // So long would readers wait with the sync, were it the swap that met the autovacuum.
    try fixture.warehouse("SELECT format('ALTER DATABASE %I SET deadlock_timeout = ''5s''', current_database()) \\gexec")
    try await slowAutovacuum(of: "toast.", generation, "UPDATE \(generation) SET story = story || 'x'")
    let toast = try fixture.warehouse("SELECT reltoastrelid::regclass FROM pg_class WHERE oid = '\(generation)'::regclass")
    #expect(await isTrue("SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM \(toast)%' AND datname = current_database()"))
    try fixture.source("UPDATE items SET version = 2")
    let reader = try await fixture.warehouseSession()
    let isOver = Flag()
    let longest = Task {
      var longest = Duration.zero
      while !isOver.isSet {
        let start = ContinuousClock.now
        _ = try await reader.query("SELECT max(version) FROM warehouse.postgres_items")
        longest = max(longest, ContinuousClock.now - start)
        try await Task.sleep(for: .milliseconds(2))
      }
      return longest
    }
    try await fixture.sync()
    isOver.set()
    #expect(try await longest.value < .milliseconds(2500))
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test func `an autovacuum of a table that refers to it gives way`() async throws {
    try await fixture.link()
    try await fixture.sync()
    try fixture.warehouse(
      "CREATE TABLE public.line (item int REFERENCES warehouse.postgres_items (id), n int); INSERT INTO public.line SELECT 1 + g % 500, g FROM generate_series(1, 20000) g")
    try await slowAutovacuum(of: "", "public.line", "UPDATE public.line SET n = n + 1")
    #expect(await isTrue("SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%public.line%' AND datname = current_database()"))
    try fixture.source("UPDATE items SET version = 2")
    let start = ContinuousClock.now
    try await fixture.sync()
    #expect(ContinuousClock.now - start < .seconds(30), "its cost limit would keep it at work for minutes")
    #expect(try fixture.warehouse("SELECT DISTINCT version FROM warehouse.postgres_items") == "2")
  }

  /// Gives autovacuum work at a table, and so little of the disk that it stays at work for minutes.
  private func slowAutovacuum(of part: String, _ table: String, _ change: String) async throws {
    try fixture.warehouse(
      """
      ALTER SYSTEM SET autovacuum_naptime = 1;
      SELECT pg_reload_conf();
      ALTER TABLE \(table) SET (\(part)autovacuum_vacuum_threshold = 0, \(part)autovacuum_vacuum_scale_factor = 0,
        \(part)autovacuum_vacuum_cost_delay = 100, \(part)autovacuum_vacuum_cost_limit = 1);
      \(change);
      """)
  }
}
