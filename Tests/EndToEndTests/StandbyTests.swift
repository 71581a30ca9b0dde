import Glibc
import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// A source that is a real streaming standby: it cannot say what is still open on its primary.
@Suite(.serialized) struct StandbyTests {
  private let fixture: SyncFixture
  private let primary: TestCluster
  private let standby: Standby

  init() throws {
    fixture = try SyncFixture()
    primary = try TestCluster.start()
    try primary.psql(
      """
      CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount int, updated_at timestamptz NOT NULL DEFAULT clock_timestamp());
      INSERT INTO orders (amount) SELECT n FROM generate_series(1, 1000) n
      """, primary.url())
    standby = try Standby(of: primary)
  }

  private func warehouse(_ sql: String) throws -> String { try fixture.warehouse(sql) }

  private func stop() throws {
    standby.remove()
    try primary.remove()
  }

  @Test func `rows that were committed late on the primary are found in the lookback`() async throws {
    let link = try await fixture.hedgerow("link", "postgres", "shop", "url=\(standby.url)", "--all", "--mode", "merge")
    #expect((link.stdout + link.stderr).contains("this is a standby, which cannot say what is still open on its primary"))
    // Its update time is older than those that the sync will see, and it is committed after them.
    let late = try await Connection.open(ConnectionParameters(url: primary.url()), applicationName: "late")
    try await late.execute("BEGIN")
    try await late.execute("INSERT INTO public.orders (amount) VALUES (-1)")
    try primary.psql("INSERT INTO orders (amount) VALUES (1001)", primary.url())
    try standby.awaitReplay(of: primary)
    try await fixture.sync()
    #expect(try warehouse("SELECT count(*), sum(amount) FROM warehouse.postgres_orders") == "1001|501501")

    try await late.execute("COMMIT")
    try primary.psql("UPDATE orders SET amount = 0, updated_at = clock_timestamp() WHERE id = 1", primary.url())
    try standby.awaitReplay(of: primary)
    try await fixture.sync()
    #expect(try warehouse("SELECT count(*), sum(amount), min(amount) FROM warehouse.postgres_orders") == "1002|501499|-1")
    try await fixture.hedgerow("verify", "shop")
    try stop()
  }

  @Test func `a standby that was promoted is the same system, and its sync goes on`() async throws {
    try await fixture.hedgerow("link", "postgres", "shop", "url=\(standby.url)", "--all", "--mode", "append", "--tables", "orders")
    try await fixture.hedgerow("set", "shop.orders", "cursor=id")
    try await fixture.sync()
    try primary.stop(.immediate)
    try standby.psql("SELECT pg_promote()")
    try standby.psql("INSERT INTO orders (amount) VALUES (7)")
    try standby.psql("CHECKPOINT")
    let result = try await fixture.hedgerow("sync", "shop", expecting: 1)
    #expect(result.stderr.contains("timeline") || result.stderr.contains("reload"), "\(result.stderr)")
    #expect(try fixture.status("status", of: "orders") == "failed")
    try await fixture.hedgerow("reload", "shop.orders")
    try await fixture.sync()
    #expect(try warehouse("SELECT count(*) FROM warehouse.postgres_orders") == (try standby.psql("SELECT count(*) FROM orders")))
    try stop()
  }
}
