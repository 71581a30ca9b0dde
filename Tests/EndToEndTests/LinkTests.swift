import SQLText
import TestSupport
import Testing

/// What linking promises: any table can be found, named and synced, and what is wrong is said with its mend.
@Suite(.serialized) struct LinkTests {
  private static let long = String(repeating: "n", count: 62)

  private static let names = [
    "plain", "Mixed Case", "select", "quo\"te", "back\\slash", "it's", "🌿 leaf", "größe", "a.b", "Aa", "aA", "AA", "a-a", "a_a",
    long + "1", long + "2", "percent%s", "dollar$1", "_hedgerow_own", "tab\tname",
  ]

  @Test func `every name is an ordinary name`() async throws {
    let columns = Self.names.map { "\(Identifier($0)) int" }.joined(separator: ", ")
    let tables = Self.names.map { name in
      "CREATE TABLE \(Identifier(name)) (id int PRIMARY KEY, \(columns)); INSERT INTO \(Identifier(name)) (id, \(Identifier(name))) VALUES (1, 1), (2, NULL);"
    }
    let fixture = try SyncFixture(tables.joined())
    try await fixture.link()
    let found = try fixture.warehouse("SELECT count(*), count(DISTINCT table_name), bool_and(length(table_name) <= 63) FROM hedgerow.schema")
    #expect(found == "\(Self.names.count)|\(Self.names.count)|t")
    let tablesBefore = try fixture.warehouse("SELECT name, table_name FROM hedgerow.schema ORDER BY 1")
    try await fixture.sync()
    try fixture.source("INSERT INTO \(Identifier("Aa")) (id) VALUES (3)")
    try await fixture.hedgerow("schemas", "shop", "--discover")
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT name, table_name FROM hedgerow.schema ORDER BY 1") == tablesBefore)
    let list = Self.names.filter { !$0.hasPrefix("_hedgerow_") }.map { "\(Identifier($0))" }.joined(separator: ", ")
    for name in Self.names {
      let table = try fixture.warehouse("SELECT table_name FROM hedgerow.schema WHERE name = \(Literal(name))")
      try fixture.expectSame("id, \(list)", keys: "id", source: "public.\(Identifier(name))", warehouse: "warehouse.\(Identifier(table))")
    }
    try await fixture.hedgerow("sync", "shop.Mixed Case", "shop.a.b", "shop.🌿 leaf")
    try await fixture.hedgerow("set", "shop.quo\"te", "mode=merge", "cursor=quo\"te")
    try await fixture.sync("shop.quo\"te")
    try await fixture.hedgerow("verify", "shop")
    try fixture.expectNoLeftovers()
  }

  @Test func `a name that is taken, and names of tables that would be taken, are refused`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY)")
    try await fixture.link()
    let again = try await fixture.hedgerow("link", "postgres", "shop", "url=\(fixture.sourceURL)", expecting: 2)
    #expect(again.stderr.contains("linked already"))
    let other = try await fixture.hedgerow("link", "postgres", "other", "url=\(fixture.sourceURL)", "--all", expecting: 2)
    #expect(other.stderr.contains("--prefix other"))
    try await fixture.hedgerow("link", "postgres", "other", "url=\(fixture.sourceURL)", "--all", "--prefix", "other")
    try await fixture.hedgerow("sync")
    try fixture.expectEqual("items")
    try fixture.expectEqual("items", in: "other_postgres_items")
  }

  @Test func `tables are chosen by name, and a name that is not there is answered with the nearest`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY)")
    let wrong = try await fixture.hedgerow("link", "postgres", "shop", "url=\(fixture.sourceURL)", "--tables", "items,ordres", expecting: 2)
    #expect(wrong.stderr.contains("Did you mean orders?"))
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.source") == "0")
    try await fixture.hedgerow("link", "postgres", "shop", "url=\(fixture.sourceURL)", "--tables", "items", "--dry-run")
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.source") == "0")
    try await fixture.hedgerow("link", "postgres", "shop", "url=\(fixture.sourceURL)", "--tables", "items")
    #expect(try fixture.warehouse("SELECT name, enabled FROM hedgerow.schema ORDER BY 1") == "items|t\norders|f")
  }

  @Test func `a table that the warehouse has already is not taken over`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)")
    try fixture.warehouse("CREATE SCHEMA warehouse; CREATE TABLE warehouse.postgres_items (mine text); INSERT INTO warehouse.postgres_items VALUES ('x')")
    try await fixture.link()
    try await fixture.sync(expecting: 1)
    #expect(try fixture.warehouse("SELECT mine FROM warehouse.postgres_items") == "x")
    #expect(try fixture.status("error", of: "items").contains("Hedgerow did not make it"))
    try fixture.expectNoLeftovers()
    try await fixture.hedgerow("set", "shop.items", "table=items")
    #expect(try fixture.warehouse("SELECT mine FROM warehouse.postgres_items") == "x")
    try await fixture.sync()
    try fixture.expectEqual("items", in: "items")
  }

  @Test func `a role that may not read a table is told which GRANT to run`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)")
    let role = "poor_" + (try fixture.source("SELECT current_database()"))
    try fixture.source("CREATE ROLE \(role) LOGIN; GRANT SELECT ON items TO \(role)")
    let url = fixture.sourceURL.replacing("postgres@", with: "\(role)@")
    try await fixture.hedgerow("link", "postgres", "shop", "url=\(url)", "--all")
    try await fixture.sync()
    try fixture.source("REVOKE SELECT ON items FROM \(role)")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("status || hint", of: "items").contains("GRANT SELECT"))
    try fixture.source("GRANT SELECT ON items TO \(role)")
    try await fixture.sync()
    try fixture.expectEqual("items")
  }

  @Test func `unlink drops the tables, and keeps those that a view stands on`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY)")
    try await fixture.link()
    try await fixture.sync()
    try fixture.warehouse("CREATE VIEW public.v AS SELECT * FROM warehouse.postgres_items")
    let said = try await fixture.hedgerow("unlink", "shop").stdout
    #expect(said.contains("warehouse.postgres_items is kept"))
    #expect(try fixture.warehouse("SELECT to_regclass('warehouse.postgres_orders') IS NULL, (SELECT count(*) FROM public.v)") == "t|0")
    #expect(try fixture.warehouse("SELECT (SELECT count(*) FROM hedgerow.source), (SELECT count(*) FROM hedgerow.schema)") == "0|0")
    #expect(try fixture.warehouse("SELECT count(*) FROM pg_tables WHERE schemaname = 'hedgerow_data'") == "1")
    try await fixture.hedgerow("unlink", "shop", expecting: 2)
  }

  @Test(arguments: [true, false])
  func `unlink works with the source gone`(keepsTables: Bool) async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)")
    try await fixture.link()
    try await fixture.sync()
    try TestCluster.source.psql("DROP DATABASE \(fixture.sourceURL.split(separator: "/").last ?? "") WITH (FORCE)")
    let failed = try await fixture.hedgerow("sync", "shop", expecting: 1)
    #expect(failed.stderr.contains("there is no database"))
    if keepsTables {
      try await fixture.hedgerow("unlink", "shop", "--keep-tables")
      #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "1")
    } else {
      try await fixture.hedgerow("unlink", "shop")
      #expect(try fixture.warehouse("SELECT count(*) FROM pg_tables WHERE schemaname IN ('warehouse', 'hedgerow_data')") == "0")
    }
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.generation") == "0")
  }
}
