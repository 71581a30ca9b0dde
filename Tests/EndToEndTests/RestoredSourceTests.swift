import SQLText
import TestSupport
import Testing

/// What happens when the source is a copy of the database that it was: the same names, and other numbers of tables and columns.
@Suite(.serialized) struct RestoredSourceTests {
  /// A table whose columns have other numbers once it was dumped and restored, since a dropped one leaves no gap then.
  private static let tables = """
    CREATE TABLE items (gone int, id int PRIMARY KEY, updated_at timestamptz NOT NULL, created_at timestamptz NOT NULL, a text, b text);
    ALTER TABLE items DROP COLUMN gone;
    INSERT INTO items SELECT g, now() - interval '1 h', now() - interval '2 h', 'a' || g, 'b' || g FROM generate_series(1, 100) g;
    """

  private func linked(_ mode: String) async throws -> SyncFixture {
    let fixture = try SyncFixture(Self.tables)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "mode=\(mode)", "cursor=updated_at", "columns=id,updated_at,created_at,a")
    try await fixture.sync()
    try fixture.warehouse("CREATE VIEW public.v AS SELECT id, created_at, a FROM warehouse.postgres_items")
    return fixture
  }

  /// The same with a copy of the source in its place, where another table has got the number that `items` had.
  private func restored(_ fixture: SyncFixture, inOtherSystem: Bool) async throws -> SyncFixture {
    let target = inOtherSystem ? TestCluster.warehouse : .source
    let url = try target.createDatabase(named: "restored")
    try TestCluster.source.copy(fixture.sourceURL, to: url)
    let copy = fixture.moved(to: url)
    try copy.source(
      """
      CREATE TABLE other (x text, id int PRIMARY KEY, updated_at timestamptz, created_at timestamptz, a text);
      INSERT INTO other SELECT 'x', g, now(), now(), 'of another table' FROM generate_series(1, 50) g;
      """)
    // Numbers are handed out in order, so this happens by chance; here by decree.
    let number = try copy.source("SELECT 'other'::regclass::oid")
    try copy.warehouse("UPDATE hedgerow.schema SET remote = remote || '{\"number\": \"\(number)\"}'")
    try await copy.hedgerow("set", "shop", "url=\(url)")
    return copy
  }

  private func expectSame(_ fixture: SyncFixture) throws {
    try fixture.expectSame("id, updated_at, created_at, a", keys: "id", source: "items", warehouse: "warehouse.postgres_items")
    try fixture.expectSame("id, created_at, a", keys: "id", source: "items", warehouse: "public.v")
  }

  private let settings = "SELECT cursor_field, key, selected_columns FROM hedgerow.schema WHERE name = 'items'"

  @Test(arguments: EvolutionTests.modes, [true, false])
  func `a reload loads the table of the same name, whatever has its number`(mode: String, inOtherSystem: Bool) async throws {
    let original = try await linked(mode)
    let before = try original.warehouse(settings)
    let fixture = try await restored(original, inOtherSystem: inOtherSystem)
    if mode != "full_refresh" {
      try await fixture.sync(expecting: 1)
      #expect(try fixture.status("status", of: "items") == "failed")
      #expect(try fixture.status("error", of: "items").contains("not the system that the cursor belongs to"))
      #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "100")
    }
    try fixture.source("UPDATE items SET a = 'now', updated_at = now() WHERE id = 7")
    try await fixture.hedgerow("reload", "shop.items")
    try await fixture.sync()
    try expectSame(fixture)
    #expect(try fixture.warehouse("SELECT notes::text FROM hedgerow.recent_history LIMIT 1").contains("another system than before"))
    #expect(try fixture.warehouse(settings) == before)
    try fixture.source("INSERT INTO items (id, updated_at, created_at, a) VALUES (200, now(), now(), 'new')")
    #expect(try await fixture.synced("rows") == (mode == "full_refresh" ? 101 : 1))
    try expectSame(fixture)
    try fixture.expectNoLeftovers()
  }

  @Test func `a full refresh without a reload takes the table of the same name too`() async throws {
    let fixture = try await restored(try await linked("full_refresh"), inOtherSystem: true)
    try await fixture.sync()
    try expectSame(fixture)
    try fixture.expectNoLeftovers()
  }

  @Test func `a table that was linked, and never synced, is found by its name in a copy`() async throws {
    let original = try SyncFixture(Self.tables)
    try await original.link()
    let fixture = try await restored(original, inOtherSystem: true)
    try await fixture.sync("shop.items")
    try fixture.expectEqual("items")
  }

  @Test func `a system without the table says that it is another system`() async throws {
    let fixture = try await restored(try await linked("merge"), inOtherSystem: true)
    try fixture.source("ALTER TABLE items RENAME TO things")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("error", of: "items").contains("not the system that the cursor belongs to"))
    try await fixture.hedgerow("reload", "shop.items")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("error", of: "items").contains("has no table public.items"))
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "100")
    try fixture.expectNoLeftovers()
  }

  @Test func `a source that was promoted keeps its numbers, so a reload follows what was renamed`() async throws {
    let fixture = try await linked("merge")
    try fixture.warehouse("UPDATE hedgerow.schema SET source_identity = regexp_replace(source_identity, ':[0-9]+:', ':77:')")
    try fixture.source("ALTER TABLE items RENAME a TO title; ALTER TABLE items RENAME updated_at TO changed_at; ALTER TABLE items RENAME TO things")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("error", of: "items").contains("not the system that the cursor belongs to"))
    try await fixture.hedgerow("reload", "shop.items")
    try await fixture.sync()
    #expect(try fixture.warehouse(settings) == "changed_at|{id}|{id,changed_at,created_at,title}")
    try fixture.expectSame("id, created_at, title", keys: "id", source: "things", warehouse: "(SELECT id, created_at, a AS title FROM public.v) v")
    try fixture.expectNoLeftovers()
  }

  @Test func `verify compares the table of the same name`() async throws {
    let fixture = try await restored(try await linked("full_refresh"), inOtherSystem: true)
    let verified = try await fixture.hedgerow("verify", "shop.items")
    #expect(verified.stdout.contains("equal"), "\(verified.stdout)")
  }
}
