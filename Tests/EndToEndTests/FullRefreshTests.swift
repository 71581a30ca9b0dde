import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// What `full_refresh` promises: the table's rows change at once, and nothing else of it does.
@Suite(.serialized) struct FullRefreshTests {
  let fixture: SyncFixture

  init() throws {
    fixture = try SyncFixture(
      """
      CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL, price numeric(12,2), version int NOT NULL);
      INSERT INTO items SELECT g, 'item ' || g, g * 1.5, 1 FROM generate_series(1, 20000) g;
      """)
  }

  @Test func `everything that stands on a table survives its refresh`() async throws {
    try await fixture.link()
    try await fixture.sync()
    let role = try fixture.warehouse("SELECT 'analyst_' || current_database()")
    try fixture.warehouse(
      """
      CREATE ROLE \(role);
      GRANT USAGE ON SCHEMA warehouse TO \(role);
      GRANT SELECT, REFERENCES ON warehouse.postgres_items TO \(role);
      GRANT UPDATE (name) ON warehouse.postgres_items TO \(role);
      ALTER TABLE warehouse.postgres_items ENABLE ROW LEVEL SECURITY;
      CREATE POLICY even ON warehouse.postgres_items FOR SELECT TO \(role) USING (id % 2 = 0);
      COMMENT ON TABLE warehouse.postgres_items IS 'ours';
      COMMENT ON COLUMN warehouse.postgres_items.price IS 'in euros';
      CREATE INDEX items_by_name ON warehouse.postgres_items (lower(name));
      CREATE PUBLICATION items_out FOR TABLE warehouse.postgres_items WITH (publish_via_partition_root = true);
      CREATE SCHEMA app;
      CREATE TABLE app.line (item int REFERENCES warehouse.postgres_items (id));
      INSERT INTO app.line VALUES (1), (2);
      CREATE VIEW app.cheap AS SELECT id, price FROM warehouse.postgres_items WHERE price < 100;
      CREATE VIEW app.cheapest AS SELECT min(price) AS price FROM app.cheap;
      CREATE MATERIALIZED VIEW app.total AS SELECT count(*) AS n, sum(price) AS price FROM warehouse.postgres_items;
      """)
    let session = try await fixture.warehouseSession()
    try await session.execute("PREPARE named AS SELECT max(version) AS version, count(*) AS n FROM warehouse.postgres_items")
    #expect(try await session.query("EXECUTE named")[0].values == ["1", "20000"])
    let before = try fixture.warehouse(Self.surroundings)

    try fixture.source("UPDATE items SET version = 2, price = price + 1; DELETE FROM items WHERE id > 19000;")
    try await fixture.sync()

    try fixture.expectEqual("items")
    #expect(try fixture.warehouse(Self.surroundings) == before)
    #expect(try await session.query("EXECUTE named")[0].values == ["2", "19000"])
    #expect(try fixture.warehouse("SELECT price FROM app.cheapest") == "2.50")
    #expect(try fixture.warehouse("REFRESH MATERIALIZED VIEW app.total; SELECT n FROM app.total") == "19000")
    #expect(try fixture.warehouse("SET ROLE \(role); SELECT count(*) FROM warehouse.postgres_items") == "9500")
    #expect(throws: TestFailure.self) { try fixture.warehouse("INSERT INTO app.line VALUES (19500)") }
    try fixture.expectNoLeftovers()
  }

  /// What people attached to the table, without numbers that a new generation may change.
  private static let surroundings = """
    SELECT oid, relacl, relrowsecurity, relreplident, obj_description(oid, 'pg_class'), col_description(oid, 3) FROM pg_class
      WHERE oid = 'warehouse.postgres_items'::regclass;
    SELECT attname, atttypid::regtype, attacl FROM pg_attribute WHERE attrelid = 'warehouse.postgres_items'::regclass AND attnum > 0 ORDER BY attnum;
    SELECT policyname, roles, cmd, qual FROM pg_policies WHERE tablename = 'postgres_items';
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'postgres_items' ORDER BY 1;
    SELECT indisvalid, count(*) FROM pg_index WHERE indrelid IN (SELECT relid FROM pg_partition_tree('warehouse.postgres_items'::regclass)) GROUP BY 1;
    SELECT pubname, schemaname, tablename FROM pg_publication_tables;
    SELECT conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
      WHERE conrelid IN ('warehouse.postgres_items'::regclass, 'app.line'::regclass) AND conparentid = 0 ORDER BY 1;
    SELECT c.relname, c.oid, pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('v', 'm') ORDER BY 1;
    """

  @Test func `readers see the old rows or the new ones, at once, while a long query holds the table`() async throws {
    try await fixture.link()
    try await fixture.sync()
    try fixture.warehouse("CREATE TABLE public.control AS SELECT * FROM warehouse.postgres_items")
    try fixture.source("UPDATE items SET version = 2")
    let longReader = try await fixture.warehouseSession()
    try await longReader.begin()
    _ = try await longReader.query("SELECT count(*) FROM warehouse.postgres_items")
    let isOver = Flag()
    let run = try fixture.start("sync", "shop")
    defer { isOver.set() }

    let readers = Task { [fixture] in
      try await withThrowingTaskGroup(of: Readings.self) { group in
        for table in ["warehouse.postgres_items", "warehouse.postgres_items", "public.control"] {
          let session = try await fixture.warehouseSession()
          group.addTask { try await Readings.take(table, session) { isOver.isSet } }
        }
        return try await group.reduce(into: [Readings]()) { $0.append($1) }
      }
    }
    try await Task.sleep(for: .seconds(4))
    #expect(run.isRunning, "the sync waits for the long query")
    #expect(try fixture.warehouse("SELECT DISTINCT version FROM warehouse.postgres_items") == "1")
    try await longReader.commit()
    let result = try await run.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    try await Task.sleep(for: .milliseconds(300))
    isOver.set()

    let all = try await readers.value
    let control = all.first { $0.table == "public.control" }
    for readings in all where readings.table != "public.control" {
      #expect(readings.answers.isSubset(of: ["20000|1|1", "20000|2|2"]), "\(readings.answers)")
      #expect(readings.answers.contains("20000|2|2"))
      // What the machine's load costs shows in a table that nobody touches.
      let allowed = Duration.milliseconds(300) + (control?.longest ?? .zero) * 2
      #expect(readings.longest < allowed, "waited \(readings.longest), and \(control?.longest ?? .zero) elsewhere")
    }
    try fixture.expectNoLeftovers()
  }

  @Test func `an autovacuum that is at work on the old rows gives way`() async throws {
    try await fixture.link()
    try await fixture.sync()
    try fixture.warehouse("ALTER SYSTEM SET autovacuum_naptime = 1")
    defer { _ = try? fixture.warehouse("ALTER SYSTEM RESET autovacuum_naptime; SELECT pg_reload_conf()") }
    let generation = try fixture.warehouse("SELECT 'hedgerow_data.' || relname FROM pg_class WHERE relnamespace = 'hedgerow_data'::regnamespace AND relkind = 'r'")
    // Slow enough to be at work for minutes.
    try fixture.warehouse(
      """
      SELECT pg_reload_conf();
      ALTER TABLE \(generation) SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
      UPDATE \(generation) SET version = version WHERE id % 2 = 0;
      """)
    let isAtWork = await onOwnThread { [fixture] in
      waitUntil(timeout: .seconds(60)) {
        (try? fixture.warehouse("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'autovacuum: VACUUM%\(generation)%' AND datname = current_database()")) == "1"
      }
    }
    #expect(isAtWork)
    try fixture.source("UPDATE items SET version = 2")
    let start = ContinuousClock.now
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT DISTINCT version FROM warehouse.postgres_items") == "2")
    #expect(ContinuousClock.now - start < .seconds(30), "its cost limit would keep it at work for minutes")
    try fixture.expectNoLeftovers()
  }

  /// What one reader saw, and how long it waited at most.
  private struct Readings: Sendable {
    var table: String
    var answers: Set<String> = []
    var longest = Duration.zero

    static func take(_ table: String, _ session: Connection, until isOver: @Sendable () -> Bool) async throws -> Readings {
      var readings = Readings(table: table)
      while !isOver() {
        let start = ContinuousClock.now
        let row = try await session.query(.text("SELECT count(*), min(version), max(version) FROM \(table)"))[0]
        readings.longest = max(readings.longest, ContinuousClock.now - start)
        readings.answers.insert(row.values.map { $0 ?? "NULL" }.joined(separator: "|"))
        try await Task.sleep(for: .milliseconds(2))
      }
      return readings
    }
  }

  @Test func `a source that is suddenly empty replaces nothing until the user says so`() async throws {
    try await fixture.link()
    try await fixture.sync()
    try fixture.source("DELETE FROM items")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "20000")
    #expect(try fixture.status("status", of: "items") == "failed")
    #expect(try fixture.status("hint", of: "items").contains("hedgerow set shop.items allow_empty=true"))
    try fixture.expectNoLeftovers()
    try await fixture.hedgerow("set", "shop.items", "allow_empty=true")
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "0")
    #expect(try fixture.status("status", of: "items") == "completed")
    try fixture.expectNoLeftovers()
  }

  @Test func `a refresh by difference writes only what changed`() async throws {
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "refresh=difference")
    try await fixture.sync()
    try fixture.warehouse("CREATE TABLE public.before AS SELECT id, xmin::text AS x FROM warehouse.postgres_items")
    try fixture.source(
      """
      UPDATE items SET version = 2 WHERE id <= 5;
      DELETE FROM items WHERE id > 19990;
      INSERT INTO items VALUES (30000, 'new', NULL, 1);
      """)
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(
      try fixture.warehouse(
        "SELECT count(*) FROM warehouse.postgres_items i LEFT JOIN public.before b USING (id) WHERE b.x IS DISTINCT FROM i.xmin::text") == "6")
    #expect(
      try fixture.warehouse("SELECT rows_read, rows_written, rows_updated, rows_deleted FROM hedgerow.recent_history LIMIT 1")
        == "6|6|5|10")
    try fixture.expectNoLeftovers()
  }

  @Test func `a difference from a source that is suddenly empty deletes nothing`() async throws {
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "refresh=difference")
    try await fixture.sync()
    try fixture.source("DELETE FROM items")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "20000")
    try fixture.expectNoLeftovers()
  }

  @Test func `a snapshot from before the refresh sees the new rows, not none`() async throws {
    try await fixture.link()
    try await fixture.sync()
    let old = try await fixture.warehouseSession()
    try await old.begin("ISOLATION LEVEL REPEATABLE READ")
    _ = try await old.query("SELECT count(*) FROM pg_class")
    try fixture.source("UPDATE items SET version = 2")
    try await fixture.sync()
    let row = try await old.query("SELECT count(*), min(version), max(version) FROM warehouse.postgres_items")[0]
    #expect(row.values == ["20000", "2", "2"])
    try await old.commit()
  }

  @Test func `ranges that are read side by side make the whole table, and wait for older snapshots`() async throws {
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "parallel=2")
    try await fixture.sync()
    try fixture.expectEqual("items")
    let old = try await fixture.warehouseSession()
    try await old.begin("ISOLATION LEVEL REPEATABLE READ")
    _ = try await old.query("SELECT count(*) FROM pg_class")
    try fixture.source("UPDATE items SET version = 2 WHERE id % 2 = 0")
    let run = try fixture.start("sync", "shop")
    try await Task.sleep(for: .seconds(2))
    #expect(try await old.query("SELECT count(*) AS n FROM warehouse.postgres_items")[0]["n"] == "20000")
    try await old.commit()
    let result = try await run.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test func `a filter and a choice of columns bring just those`() async throws {
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "where=id % 10 = 0", "columns=id,name")
    try await fixture.sync()
    try fixture.expectSame(
      "id, name", keys: "id", source: "(SELECT * FROM items WHERE id % 10 = 0) i", warehouse: "warehouse.postgres_items")
    #expect(
      try fixture.warehouse("SELECT count(*) FROM pg_attribute WHERE attrelid = 'warehouse.postgres_items'::regclass AND attnum > 0") == "2")
  }
}
