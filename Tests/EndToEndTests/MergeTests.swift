import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// What `merge` promises: the table is what the source has, and only what changed is written.
@Suite(.serialized) struct MergeTests {
  private static let orders = """
    CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now() - interval '1 h', note text);
    INSERT INTO orders (id, note) SELECT g, 'first' FROM generate_series(1, 1000) g;
    """

  @Test func `new and changed rows come, and unchanged ones are not written`() async throws {
    let fixture = try SyncFixture(Self.orders)
    try await fixture.link(mode: "merge")
    try await fixture.sync()
    try fixture.warehouse("CREATE TABLE public.before AS SELECT id, xmin::text AS x FROM warehouse.postgres_orders")
    try fixture.source(
      """
      INSERT INTO orders (id, updated_at, note) SELECT g, now(), 'second' FROM generate_series(1001, 1010) g;
      UPDATE orders SET note = 'changed', updated_at = now() WHERE id <= 20;
      UPDATE orders SET updated_at = updated_at WHERE id BETWEEN 100 AND 200;
      """)
    try await fixture.sync()
    try fixture.expectEqual("orders")
    #expect(
      try fixture.warehouse(
        "SELECT count(*) FROM warehouse.postgres_orders o LEFT JOIN public.before b USING (id) WHERE b.x IS DISTINCT FROM o.xmin::text") == "30")
    #expect(
      try fixture.warehouse("SELECT rows_read, rows_written, rows_updated, rows_rejected FROM hedgerow.recent_history LIMIT 1") == "30|30|20|0")
    #expect(try await fixture.synced("rows") == 0)
    try fixture.expectNoLeftovers()
  }

  @Test func `a key of several columns, of which letter case and order matter, is one key`() async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE stock (qty int, "Shop" text, updated_at timestamptz NOT NULL, sku int, PRIMARY KEY (sku, "Shop"));
      INSERT INTO stock SELECT g, 'shop ' || g % 3, now() - interval '1 h', g FROM generate_series(1, 100) g;
      """)
    try await fixture.link(mode: "merge")
    try await fixture.sync()
    try fixture.source(
      """
      UPDATE stock SET qty = qty + 1, updated_at = now() WHERE sku <= 10;
      INSERT INTO stock VALUES (1, 'shop 0', now(), 1), (2, 'SHOP 0', now(), 1);
      """)
    try await fixture.sync()
    try fixture.expectEqual("stock")
  }

  @Test func `of rows with the same key the newest wins, in the first load and in a batch`() async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE prices (code text, price int, at timestamptz);
      INSERT INTO prices VALUES ('a', 2, '2024-01-02'), ('a', 7, '2024-01-01'), ('b', 1, '2024-01-01'), ('a', 8, NULL);
      """)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.prices", "mode=merge", "key=code", "cursor=at")
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT code, price FROM warehouse.postgres_prices ORDER BY 1") == "a|2\nb|1")
    try fixture.source("INSERT INTO prices VALUES ('a', 5, now()), ('a', 4, now() - interval '1 s'), ('c', 1, now()), ('c', 2, now() + interval '1 s')")
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT code, price FROM warehouse.postgres_prices ORDER BY 1") == "a|5\nb|1\nc|2")
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT code, price FROM warehouse.postgres_prices ORDER BY 1") == "a|5\nb|1\nc|2")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: [1, 2]) func `a snapshot from before a load sees no key twice`(parallel: Int) async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE prices (code text, price int, at timestamptz);
      INSERT INTO prices VALUES ('a', 1, '2024-01-01'), ('b', 1, '2024-01-01');
      """)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.prices", "mode=merge", "key=code", "cursor=at", "parallel=\(parallel)")
    try await fixture.sync()
    let old = try await fixture.warehouseSession()
    try await old.begin("ISOLATION LEVEL REPEATABLE READ")
    _ = try await old.query("SELECT count(*) FROM pg_class")
    try fixture.source("INSERT INTO prices VALUES ('a', 2, '2024-01-02'), ('a', 3, '2024-01-03')")
    try await fixture.hedgerow("reload", "shop.prices")
    let run = try fixture.start("sync", "shop")
    let isOverOrWaits = await onOwnThread { [fixture] in
      waitUntil(timeout: .seconds(60)) {
        !run.isRunning || (try? fixture.warehouse(
          "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'hedgerow sync%' AND query LIKE '%backend_xmin%'")) == "t"
      }
    }
    #expect(isOverOrWaits)
    #expect(try await old.query("SELECT count(*) - count(DISTINCT code) AS more FROM warehouse.postgres_prices")[0]["more"] == "0")
    try await old.commit()
    let result = try await run.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    #expect(try fixture.warehouse("SELECT code, price FROM warehouse.postgres_prices ORDER BY 1") == "a|3\nb|1")
    try fixture.expectNoLeftovers()
  }

  @Test func `rows without a cursor come, and so do their changes`() async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz, note text);
      INSERT INTO orders SELECT g, CASE WHEN g % 2 = 0 THEN now() END, 'first' FROM generate_series(1, 20) g;
      """)
    try await fixture.link(mode: "merge")
    try await fixture.sync()
    try fixture.source("UPDATE orders SET note = 'changed' WHERE id = 1; INSERT INTO orders VALUES (21, NULL, 'new')")
    try await fixture.sync()
    try fixture.expectEqual("orders")
    #expect(try await fixture.synced("rows") == 0)
  }

  @Test func `a change that moves its cursor backwards is found by verify, and mended by reload`() async throws {
    let fixture = try SyncFixture(Self.orders)
    try await fixture.link(mode: "merge")
    try await fixture.sync()
    try await fixture.hedgerow("verify", "shop")
    try fixture.source("UPDATE orders SET note = 'changed', updated_at = '2001-01-01' WHERE id = 7")
    try await fixture.sync()
    let found = try await fixture.hedgerow("verify", "shop", expecting: 1)
    #expect(found.stdout.contains("hedgerow reload shop.orders"))
    try await fixture.hedgerow("reload", "shop.orders")
    try await fixture.sync()
    try await fixture.hedgerow("verify", "shop")
    try fixture.expectEqual("orders")
    try fixture.expectNoLeftovers()
  }
}
