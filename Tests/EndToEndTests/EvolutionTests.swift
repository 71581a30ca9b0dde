import TestSupport
import Testing

/// What happens when the source's tables change their shape.
@Suite(.serialized) struct EvolutionTests {
  static let modes = ["full_refresh", "append", "merge"]

  private func linked(_ mode: String) async throws -> SyncFixture {
    let fixture = try SyncFixture(
      """
      CREATE TABLE items (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now() - interval '1 h', a text, b text, n int);
      INSERT INTO items (id, a, b, n) SELECT g, 'a' || g, 'b' || g, g FROM generate_series(1, 100) g;
      """)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "mode=\(mode)", "cursor=updated_at")
    try await fixture.sync()
    try fixture.warehouse("CREATE VIEW public.v AS SELECT id, a, n FROM warehouse.postgres_items")
    return fixture
  }

  private func notes(_ fixture: SyncFixture) throws -> String {
    try fixture.warehouse("SELECT array_to_string(notes, ' ') FROM hedgerow.recent_history LIMIT 1")
  }

  @Test(arguments: modes)
  func `a column that is added comes, with the value that old rows have`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source(
      """
      ALTER TABLE items ADD COLUMN plain text, ADD COLUMN fixed int NOT NULL DEFAULT 7, ADD COLUMN quoted text DEFAULT 'it''s'
      """)
    try fixture.source("INSERT INTO items (id, updated_at, plain, fixed) VALUES (200, now(), 'x', 8)")
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(try notes(fixture).contains("column plain (text) is new"))
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "101")
    #expect(try fixture.warehouse("SELECT DISTINCT fixed, quoted FROM warehouse.postgres_items ORDER BY 1") == "7|it's\n8|it's")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a column that the source fills as it comes is right in old rows too`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a column that is dropped stays, and is NULL from then on`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items DROP COLUMN n")
    try fixture.source("INSERT INTO items (id, updated_at) VALUES (200, now())")
    try await fixture.sync()
    try fixture.expectSame("id, updated_at, a, b", keys: "id", source: "items", warehouse: "warehouse.postgres_items")
    #expect(try notes(fixture).contains("column n is gone at the source"))
    #expect(try fixture.warehouse("SELECT coalesce(n::text, 'NULL') FROM public.v WHERE id = 200") == "NULL")
    if mode != "full_refresh" { #expect(try fixture.warehouse("SELECT count(n) FROM public.v") == "100") }
    try await fixture.sync()
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `an index that a user made follows its column to another name`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.warehouse("CREATE INDEX mine ON warehouse.postgres_items (n, lower(a)) WHERE b IS NOT NULL")
    try fixture.source(
      """
      ALTER TABLE items RENAME n TO number;
      ALTER TABLE items RENAME b TO n;
      ALTER TABLE items ADD b text DEFAULT 'x', ALTER number TYPE bigint;
      """)
    try await fixture.sync()
    try await fixture.sync()
    try fixture.expectEqual("items")
    let definition = try fixture.warehouse("SELECT pg_get_indexdef('warehouse.mine'::regclass)")
    #expect(definition.hasSuffix("USING btree (number, lower(a)) WHERE (n IS NOT NULL)"), "\(definition)")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a column that is renamed is renamed here, also when two change their names`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items RENAME COLUMN n TO number")
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(try notes(fixture).contains("column n was renamed to number"))
    try fixture.source("ALTER TABLE items RENAME a TO x; ALTER TABLE items RENAME b TO a; ALTER TABLE items RENAME x TO b")
    try fixture.source("INSERT INTO items (id, updated_at, a, b) VALUES (200, now(), 'a200', 'b200')")
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(try fixture.warehouse("SELECT a, b FROM warehouse.postgres_items WHERE id = 1") == "b1|a1")
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "101")
    #expect(
      try fixture.warehouse(
        "SELECT count(*) FROM pg_attribute WHERE attrelid = 'warehouse.postgres_items'::regclass AND attname LIKE '\\_hedgerow\\_rename%'") == "0")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a cursor field and a key that are renamed are followed, without a load from the start`(mode: String) async throws {
    let fixture = try await linked(mode)
    try await fixture.hedgerow("set", "shop.items", "columns=id,updated_at,a,n")
    let settings = "SELECT cursor_field, key, selected_columns FROM hedgerow.schema"
    try fixture.source("ALTER TABLE items RENAME COLUMN updated_at TO changed_at; ALTER TABLE items RENAME COLUMN id TO number")
    try fixture.source("INSERT INTO items (number, changed_at, a) VALUES (200, now(), 'new'); UPDATE items SET a = 'x', changed_at = now() WHERE number = 5")
    #expect(try await fixture.synced("rows") == (mode == "full_refresh" ? 101 : 2))
    #expect(try fixture.warehouse(settings) == "changed_at|{number}|{number,changed_at,a,n}")
    if mode != "full_refresh" { #expect(try notes(fixture).contains("the cursor field is changed_at from now on")) }
    #expect(try notes(fixture).contains("the key is number from now on"))
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == (mode == "append" ? "102" : "101"))
    // Names that two columns exchange are followed once, not back again.
    try fixture.source("ALTER TABLE items RENAME a TO x; ALTER TABLE items RENAME changed_at TO a; ALTER TABLE items RENAME x TO changed_at")
    try fixture.source("INSERT INTO items (number, a, changed_at) VALUES (201, now(), 'newer')")
    #expect(try await fixture.synced("rows") == (mode == "full_refresh" ? 102 : 1))
    #expect(try fixture.warehouse(settings) == "a|{number}|{number,a,changed_at,n}")
    try await fixture.hedgerow("set", "shop.items", "lookback=1h")
    let rows = "SELECT DISTINCT ON (number) number, a, changed_at, n FROM"
    try fixture.expectSame(
      "number, a, changed_at, n", keys: "number", source: "items", warehouse: "(\(rows) warehouse.postgres_items ORDER BY number, a DESC) i")
    try await fixture.sync()
    try fixture.expectNoLeftovers()
  }

  @Test func `a column of a longer key that is renamed is followed`() async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE items (a int, b int, updated_at timestamptz NOT NULL DEFAULT now(), note text, PRIMARY KEY (a, b));
      INSERT INTO items SELECT g, g % 7 FROM generate_series(1, 50) g;
      """)
    try await fixture.link(mode: "merge")
    try await fixture.sync()
    try fixture.source("ALTER TABLE items RENAME b TO place")
    try fixture.source("UPDATE items SET note = 'x', updated_at = now() WHERE a = 3; INSERT INTO items VALUES (99, 1)")
    #expect(try await fixture.synced("rows") == 2)
    #expect(try fixture.warehouse("SELECT key FROM hedgerow.schema") == "{a,place}")
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes, ["n", "id"])
  func `a number that is widened is widened here, and views stay`(mode: String, column: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items ALTER COLUMN \(column) TYPE bigint")
    try fixture.source("INSERT INTO items (id, updated_at, n) VALUES (200, now(), 1); UPDATE items SET updated_at = now(), \(column) = 5000000000 WHERE id = 200")
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(try notes(fixture).contains("column \(column) was widened from integer to bigint"))
    #expect(try fixture.warehouse("SELECT max(\(column)), max(pg_typeof(\(column))::text), count(*) FROM public.v") == "5000000000|bigint|101")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: ["append", "merge"])
  func `a longer scale is written into the rows that are there`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items ALTER COLUMN n TYPE numeric(10,2)")
    try await fixture.sync()
    try fixture.source("ALTER TABLE items ALTER COLUMN n TYPE numeric(12,4)")
    try fixture.source("INSERT INTO items (id, updated_at, n) VALUES (200, now(), 1.2345)")
    #expect(try await fixture.synced("rows") == 1)
    try fixture.expectEqual("items")
    #expect(try notes(fixture).contains("column n was widened from numeric(10,2) to numeric(12,4)"))
    #expect(try fixture.warehouse("SELECT n FROM public.v WHERE id IN (5, 200) ORDER BY id") == "5.0000\n1.2345")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a type that becomes another one loads the table from the start, and says so`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items ALTER COLUMN n TYPE text USING 'number ' || n")
    try await fixture.sync()
    try fixture.expectEqual("items")
    if mode != "full_refresh" { #expect(try notes(fixture).contains("the type of column n changed from integer to text")) }
    #expect(try fixture.warehouse("SELECT n FROM public.v WHERE id = 5") == "number 5")
    try fixture.expectNoLeftovers()
  }

  @Test func `a view that cannot be made anew stops the sync, and nothing changes`() async throws {
    let fixture = try await linked("merge")
    try fixture.warehouse("CREATE VIEW public.sums AS SELECT id, n + 1 AS next, make_interval(days => n) AS days FROM warehouse.postgres_items")
    try fixture.source("ALTER TABLE items ALTER COLUMN n TYPE bigint")
    try fixture.source("INSERT INTO items (id, updated_at, n) VALUES (200, now(), 1)")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("error || coalesce(hint, '')", of: "items").contains("sums"))
    #expect(try fixture.warehouse("SELECT count(*), min(pg_typeof(n)::text) FROM warehouse.postgres_items") == "100|integer")
    #expect(try fixture.warehouse("SELECT count(*) FROM public.sums") == "100")
    try fixture.expectNoLeftovers()
    try fixture.warehouse("DROP VIEW public.sums")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a table that is dropped or made anew stops, and a reload takes the new one up`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("DROP TABLE items")
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("status", of: "items") == "failed")
    #expect(try fixture.status("error", of: "items").contains("was dropped"))
    try fixture.source(
      """
      CREATE TABLE items (id bigint PRIMARY KEY, updated_at timestamptz NOT NULL, other text);
      INSERT INTO items SELECT g, now(), 'new ' || g FROM generate_series(1, 30) g;
      """)
    try await fixture.sync(expecting: 1)
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "100")
    #expect(try fixture.status("hint", of: "items").contains("hedgerow reload shop.items"))
    try await fixture.hedgerow("reload", "shop.items")
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "30")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  /// By their numbers the columns `a`, `b` and `n` of before would be `b`, `n` and another one: by chance.
  @Test(arguments: modes, ["b text, n int, a text", "b text, n int"])
  func `columns of a table that was made anew are told by their names, not by their numbers`(mode: String, columns: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("DROP TABLE items; CREATE TABLE items (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now(), \(columns))")
    try fixture.source("INSERT INTO items (id, b, n) SELECT g, 'new b' || g, g * 10 FROM generate_series(1, 30) g")
    let hasA = columns.contains("a text")
    if hasA { try fixture.source("UPDATE items SET a = 'new a' || id") }
    try await fixture.hedgerow("reload", "shop.items")
    try await fixture.sync()
    try fixture.expectEqual("items")
    #expect(try fixture.warehouse("SELECT coalesce(a, 'NULL'), n FROM public.v WHERE id = 3") == "\(hasA ? "new a3" : "NULL")|30")
    #expect(try notes(fixture).contains("column a is gone at the source") == !hasA)
    try fixture.source("INSERT INTO items (id, b) VALUES (300, 'later')")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a column that gives its name on, while an older one was dropped, is told by its number`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items DROP COLUMN n; ALTER TABLE items RENAME b TO n; ALTER TABLE items RENAME a TO b")
    try fixture.source("INSERT INTO items (id, updated_at, n, b) VALUES (200, now(), 'n200', 'b200')")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a chosen column that is gone stops the sync, and says how to go on`(mode: String) async throws {
    let fixture = try await linked(mode)
    try await fixture.hedgerow("set", "shop.items", "columns=id,updated_at,a,n")
    try await fixture.sync()
    try fixture.source("ALTER TABLE items DROP COLUMN a")
    try await fixture.sync(expecting: 1)
    let error = try fixture.status("error || ' ' || hint", of: "items")
    #expect(error.contains("no column a any more, which columns= chose"), "\(error)")
    #expect(error.contains("hedgerow set shop.items columns=id,updated_at,n"), "\(error)")
    #expect(try fixture.warehouse("SELECT count(a) FROM public.v") == "100")
    try await fixture.hedgerow("set", "shop.items", "columns=id,updated_at,n")
    try await fixture.sync()
    try fixture.expectSame("id, updated_at, n", keys: "id", source: "items", warehouse: "warehouse.postgres_items")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a key that is gone stops the sync, and says how to go on`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.source("ALTER TABLE items DROP COLUMN id")
    try await fixture.sync(expecting: 1)
    let error = try fixture.status("error || ' ' || hint", of: "items")
    #expect(error.contains("no column id any more, which is part of its key"), "\(error)")
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "100")
    #expect(error.contains("hedgerow set shop.items \(mode == "merge" ? "mode=full_refresh key=" : "key=")"), "\(error)")
    try await fixture.hedgerow("set", "shop.items", mode == "merge" ? "mode=full_refresh" : "mode=\(mode)", "key=")
    try await fixture.sync()
    try fixture.expectSame("updated_at, a, b, n", keys: "a", source: "items", warehouse: "warehouse.postgres_items")
    try fixture.expectNoLeftovers()
  }

  @Test func `links follow columns to their names, and tables to theirs`() async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE people (id int PRIMARY KEY, name text, info jsonb); INSERT INTO people VALUES (1, 'Ann', '{"mail": "x"}');
      CREATE TABLE orders (id int PRIMARY KEY, person int, mail text); INSERT INTO orders VALUES (7, 1, 'x');
      """)
    try await fixture.link()
    try await fixture.sync()
    try await fixture.hedgerow("join", "add", "postgres.orders", "person", "postgres.people", "id", "--as", "who")
    try await fixture.hedgerow("join", "add", "postgres.orders", "mail", "postgres.people", "info.mail", "--as", "writer")
    let query = "select who.name, writer.name from postgres_orders"
    #expect(try await fixture.hedgerow("query", "--format", "csv", query).stdout.contains("Ann,Ann"))
    try fixture.source(
      """
      ALTER TABLE people RENAME info TO details; ALTER TABLE people RENAME id TO number;
      ALTER TABLE orders RENAME person TO x; ALTER TABLE orders RENAME mail TO person; ALTER TABLE orders RENAME x TO mail;
      """)
    try await fixture.sync()
    #expect(try await fixture.hedgerow("query", "--format", "csv", query).stdout.contains("Ann,Ann"))
    #expect(
      try fixture.warehouse("SELECT field, key, target_key FROM hedgerow.join ORDER BY 1") == "who|mail|number\nwriter|person|details.mail")
    // Names that are taken here by a column which is gone at the source.
    try fixture.source("ALTER TABLE orders DROP COLUMN mail; ALTER TABLE orders RENAME person TO mail; ALTER TABLE orders ADD person int")
    try fixture.source("UPDATE orders SET person = 1")
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT key FROM hedgerow.join WHERE field = 'writer'") == "mail")
    try await fixture.hedgerow("join", "add", "postgres.orders", "person", "postgres.people", "number", "--as", "who")
    #expect(try await fixture.hedgerow("query", "--format", "csv", query).stdout.contains("Ann,Ann"))
    try await fixture.hedgerow("set", "shop.people", "table=humans")
    try await fixture.hedgerow("set", "shop.orders", "table=purchases")
    let moved = query.replacing("postgres_orders", with: "purchases")
    #expect(try await fixture.hedgerow("query", "--format", "csv", moved).stdout.contains("Ann,Ann"))
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: modes)
  func `a source that is another system stops, and a reload goes on with it`(mode: String) async throws {
    let fixture = try await linked(mode)
    try fixture.warehouse("UPDATE hedgerow.schema SET source_identity = '42:1:1'")
    try fixture.source("INSERT INTO items (id, updated_at) VALUES (200, now())")
    guard mode != "full_refresh" else {
      try await fixture.sync()
      return try fixture.expectEqual("items")
    }
    try await fixture.sync(expecting: 1)
    #expect(try fixture.status("status", of: "items") == "failed")
    #expect(try fixture.status("error", of: "items").contains("not the system that the cursor belongs to"))
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.postgres_items") == "100")
    try await fixture.hedgerow("reload", "shop")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }
}
