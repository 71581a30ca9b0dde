import TestSupport
import Testing

/// What `deletes=` promises: rows that the source deleted are found, and nothing is deleted by mistake.
@Suite(.serialized) struct DeletesTests {
  private func linked(_ deletes: String, rows: Int = 300, mode: String = "merge") async throws -> SyncFixture {
    let fixture = try SyncFixture(
      """
      CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now() - interval '1 h', note text);
      INSERT INTO orders (id) SELECT g FROM generate_series(1, \(rows)) g;
      """)
    try await fixture.link(mode: mode)
    try await fixture.hedgerow("set", "shop.orders", "deletes=\(deletes)", "cursor=updated_at")
    try await fixture.sync()
    return fixture
  }

  /// The first look for deletions is due a day after the load; a test does not wait for it.
  private func syncWhenDue(
    _ fixture: SyncFixture, expecting exit: Int32 = 0, at location: SourceLocation = #_sourceLocation
  ) async throws {
    try fixture.warehouse("UPDATE hedgerow.schema SET deletes_checked_at = NULL")
    try await fixture.sync(expecting: exit, at: location)
  }

  @Test(arguments: ["merge", "append"])
  func `hard deletes the rows that are gone`(mode: String) async throws {
    let fixture = try await linked("hard", mode: mode)
    try fixture.source("DELETE FROM orders WHERE id <= 3; INSERT INTO orders (id, updated_at) VALUES (400, now())")
    try await syncWhenDue(fixture)
    try fixture.expectEqual("orders")
    #expect(try fixture.warehouse("SELECT rows_deleted, rows_written FROM hedgerow.recent_history LIMIT 1") == "3|1")
    #expect(try fixture.status("rows", of: "orders") == "298")
    try await fixture.hedgerow("verify", "shop")
    try fixture.expectNoLeftovers()
  }

  @Test func `soft marks them, and unmarks one that comes back`() async throws {
    let fixture = try await linked("soft")
    try fixture.source("DELETE FROM orders WHERE id <= 3")
    try await syncWhenDue(fixture)
    let gone = "SELECT string_agg(id::text, ',' ORDER BY id) FROM warehouse.postgres_orders WHERE _hedgerow_deleted_at IS NOT NULL"
    #expect(try fixture.warehouse(gone) == "1,2,3")
    try fixture.expectSame(
      "id, updated_at, note", keys: "id", source: "orders",
      warehouse: "(SELECT * FROM warehouse.postgres_orders WHERE _hedgerow_deleted_at IS NULL) o")
    try fixture.source("INSERT INTO orders (id, updated_at) VALUES (2, now())")
    try await syncWhenDue(fixture)
    #expect(try fixture.warehouse(gone) == "1,3")
    try await fixture.hedgerow("verify", "shop")
  }

  @Test func `ignore leaves them, and verify says so`() async throws {
    let fixture = try await linked("ignore")
    try fixture.source("DELETE FROM orders WHERE id <= 3")
    try await syncWhenDue(fixture)
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_orders") == "300")
    #expect(try await fixture.hedgerow("verify", "shop").stdout.contains("3 rows that are deleted at the source"))
  }

  @Test(arguments: ["hard", "soft"])
  func `more than the share that may go at once stops the sync`(deletes: String) async throws {
    let fixture = try await linked(deletes)
    try fixture.source("DELETE FROM orders WHERE id <= 200")
    try await syncWhenDue(fixture, expecting: 1)
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_orders") == "300")
    #expect(try fixture.status("status", of: "orders") == "failed")
    #expect(try fixture.status("hint", of: "orders").contains("max_deleted_share=1"))
    try fixture.expectNoLeftovers()
    try await fixture.hedgerow("set", "shop.orders", "max_deleted_share=1")
    try await syncWhenDue(fixture)
    let alive = deletes == "soft" ? " WHERE _hedgerow_deleted_at IS NULL" : ""
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_orders\(alive)") == "100")
  }

  @Test(arguments: ["hard", "soft"])
  func `a source that is suddenly empty deletes nothing until the user says so`(deletes: String) async throws {
    let fixture = try await linked(deletes, rows: 50)
    try fixture.source("DELETE FROM orders")
    try await syncWhenDue(fixture, expecting: 1)
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_orders") == "50")
    #expect(try fixture.status("hint", of: "orders").contains("allow_empty=true"))
    try await fixture.hedgerow("set", "shop.orders", "allow_empty=true")
    try await syncWhenDue(fixture)
    let alive = deletes == "soft" ? " WHERE _hedgerow_deleted_at IS NULL" : ""
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_orders\(alive)") == "0")
    try fixture.expectNoLeftovers()
  }
}
