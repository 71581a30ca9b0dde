import SQLText
import TestSupport
import Testing

/// What a change of settings promises: it says what follows and leads to the right rows, or changes nothing.
@Suite(.serialized) struct SettingsTests {
  private static let tables = """
    CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now() - interval '1 h', region text, note text);
    INSERT INTO orders (id, region, note) SELECT g, 'r' || g % 3, 'first' FROM generate_series(1, 100) g;
    CREATE TABLE words (word text, tags text[]);
    INSERT INTO words VALUES ('one', '{}');
    """

  @Test func `each mode can follow each other, and no row is lost on the way`() async throws {
    let fixture = try SyncFixture(Self.tables)
    try await fixture.link()
    try await fixture.sync()
    for (index, mode) in ["merge", "append", "full_refresh", "append", "merge", "full_refresh", "merge"].enumerated() {
      let said = try await fixture.hedgerow("set", "shop.orders", "mode=\(mode)", "cursor=updated_at").stdout
      let expected = mode == "full_refresh" ? "Each sync now replaces the whole table." : "loads the table from the start"
      #expect(said.contains(expected), "\(said)")
      for step in 0...1 {
        let id = 1000 + index * 10 + step
        try fixture.source(
          "INSERT INTO orders VALUES (\(id), now(), 'new', '\(mode)'); UPDATE orders SET note = '\(id)', updated_at = now() WHERE id = 5")
        try await fixture.sync("shop.orders")
        if mode == "append" {
          try fixture.expectSame(
            "id, updated_at, region, note", keys: "id", source: "orders",
            warehouse: "(SELECT DISTINCT ON (id) * FROM warehouse.postgres_orders ORDER BY id, updated_at DESC) o")
        } else {
          try fixture.expectEqual("orders")
        }
      }
    }
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: [
    (["where=id > 50"], "the filter changes", "id, updated_at, region, note", "id > 50"),
    (["cursor=id"], "the cursor field changes from updated_at to id", "id, updated_at, region, note", "true"),
    (["key=id,region"], "the key changes", "id, updated_at, region, note", "true"),
    (["columns=id,updated_at,note"], "", "id, updated_at, note", "true"),
  ])
  func `a change of a live schema says what follows and leads to the right rows`(
    settings: [String], reason: String, columns: String, filter: String
  ) async throws {
    let fixture = try SyncFixture(Self.tables)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.orders", "mode=merge", "cursor=updated_at")
    try await fixture.sync()
    let said = try await fixture.hedgerow("set", "shop.orders", settings[0]).stdout
    #expect(said.contains(reason.isEmpty ? "no longer chosen stay" : reason), "\(said)")
    try fixture.source("INSERT INTO orders VALUES (500, now(), 'r1', 'new'); UPDATE orders SET note = 'x', updated_at = now() WHERE id = 60")
    for _ in 1...2 {
      try await fixture.sync("shop.orders")
      try fixture.expectSame(
        columns, keys: "id", source: "(SELECT * FROM orders WHERE \(filter)) o", warehouse: "warehouse.postgres_orders")
    }
    try await fixture.hedgerow("set", "shop.orders", "columns=*")
    try await fixture.sync("shop.orders")
    try fixture.expectSame(
      "id, updated_at, region, note", keys: "id", source: "(SELECT * FROM orders WHERE \(filter)) o", warehouse: "warehouse.postgres_orders")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: ["append", "merge"], ["columns=*", "columns=id,updated_at,note,region"])
  func `columns that are chosen later have the values of old rows too`(mode: String, columns: String) async throws {
    let fixture = try SyncFixture(Self.tables)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.orders", "mode=\(mode)", "cursor=updated_at", "columns=id,updated_at,note")
    try await fixture.sync()
    try await fixture.sync()
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.history WHERE notes::text LIKE '%is gone%'") == "0")
    let said = try await fixture.hedgerow("set", "shop.orders", columns).stdout
    #expect(said.contains("columns are added, which the rows of now do not have"), "\(said)")
    try await fixture.sync()
    try fixture.expectEqual("orders")
    try fixture.expectNoLeftovers()
  }

  @Test func `a table gets another name, and its views follow`() async throws {
    let fixture = try SyncFixture(Self.tables)
    try await fixture.link()
    try await fixture.sync()
    try fixture.warehouse("CREATE VIEW public.v AS SELECT * FROM warehouse.postgres_orders")
    try await fixture.hedgerow("set", "shop.orders", "table=Orders of ours")
    try fixture.source("INSERT INTO orders (id) VALUES (500)")
    try await fixture.sync()
    try fixture.expectEqual("orders", in: "Orders of ours")
    #expect(try fixture.warehouse("SELECT count(*) FROM public.v") == "101")
    let refused = try await fixture.hedgerow("set", "shop.orders", "table=postgres_words", expecting: 2)
    #expect(refused.stderr.contains("exists already"))
  }

  @Test(arguments: [
    (["set", "shop.orders", "modes=merge"], "Did you mean mode"),
    (["set", "shop.orders", "mdoe=merge"], "Did you mean mode?"),
    (["set", "shop.orders", "mode=upsert"], "mode=upsert is not possible"),
    (["set", "shop.orders", "mode=merg"], "full_refresh, append or merge, as in: hedgerow set shop.orders mode=merge"),
    (["set", "shop.ordres", "mode=merge"], "Did you mean shop.orders"),
    (["set", "shpo.orders", "mode=merge"], "Did you mean shop"),
    (["set", "shop", "frequenzy=1h"], "Did you mean frequency"),
    (["set", "shop", "frequency=often"], "frequency=often is not possible"),
    (["set", "shop", "frequency=often"], "from one minute to ten years, as in: hedgerow set shop frequency=15min"),
    (["set", "shop", "frequency="], "frequency= is not possible"),
    (["set", "shop", "max_connections=0"], "from 1 to 64, as in: hedgerow set shop max_connections=4"),
    (["set", "shop.orders", "frequency=often"], "frequency=often is not possible"),
    (["set", "shop.orders", "frequency=often"], "from one minute to ten years, as in: hedgerow set shop.orders frequency=15min"),
    (["set", "shop", "frequency=100000000 years"], "from one minute to ten years, as in: hedgerow set shop frequency=15min"),
    (["set", "shop.orders", "frequency=infinity"], "from one minute to ten years, as in: hedgerow set shop.orders frequency=15min"),
    (["set", "shop.orders", "lookback=100000000 years"], "lookback=100000000 years does not fit"),
    (["set", "shop.orders", "deletes_every=0s"], "deletes_every=0s is not possible"),
    (["set", "shop.orders", "parallel=0"], "parallel=0 is not possible"),
    (["set", "shop.orders", "parallel=0"], "from 1 to 16, as in: hedgerow set shop.orders parallel=4"),
    (["set", "shop.orders", "refresh=foo"], "swap or difference, as in: hedgerow set shop.orders refresh=difference"),
    (["set", "shop.orders", "deletes=maybe"], "ignore, soft or hard, as in: hedgerow set shop.orders deletes=soft"),
    (["set", "shop.orders", "allow_empty=perhaps"], "true or false, as in: hedgerow set shop.orders allow_empty=true"),
    (["set", "shop.orders", "chunk_bytes=1"], "1000 or more, as in: hedgerow set shop.orders chunk_bytes=256e6"),
    (["set", "shop.orders", "lookback=abc"], "lookback=abc does not fit"),
    (["set", "shop.orders", "lookback=abc"], "as in hedgerow set shop.orders lookback=1h"),
    (["set", "shop.orders", "lookback=-1h"], "lookback=-1h does not fit"),
    (["set", "shop.orders", "cursor=id", "lookback=1h"], "lookback=1h does not fit"),
    (["set", "shop.orders", "mode=merge", "cursor=updatet_at"], "Did you mean updated_at"),
    (["set", "shop.orders", "mode=append", "cursor=note"], "cannot be the cursor field"),
    (["set", "shop.words", "mode=append"], "needs a cursor field"),
    (["set", "shop.words", "refresh=difference"], "has no primary key"),
    (["set", "shop.words", "deletes=hard"], "has no primary key"),
    (["set", "shop.orders", "mode=merge", "cursor=updated_at", "key="], "has no primary key"),
    (["set", "shop.orders", "key=identity"], "has no column named identity"),
    (["set", "shop.orders", "columns=note"], "leaves out id"),
    (["set", "shop.orders", "where=nonsense >"], "where="),
    (["set", "shop.orders", "where=nosuch = 1"], "where="),
    (["set", "shop.orders", "parallel=99"], "parallel"),
    (["set", "shop.orders", "parallel=many"], "parallel=many"),
    (["set", "shop.orders", "frequency=1s"], "frequency"),
    (["set", "shop.orders", "max_deleted_share=7"], "max_deleted_share"),
    (["set", "shop.orders", "max_rejects=-1"], "a whole number, 0 or more, as in: hedgerow set shop.orders max_rejects=100"),
    (["set", "shop.orders", "lookback=soon"], "lookback"),
    (["set", "shop.orders", "enabled=perhaps"], "enabled=perhaps"),
    (["set", "shop.orders", "mode"], "key=value"),
    (["sync", "shop.ordres"], "Did you mean shop.orders"),
    (["sync", "shpo"], "Did you mean shop"),
    (["reload", "shop.ordres"], "Did you mean shop.orders"),
    (["pause", "shpo"], "Did you mean shop"),
    (["unlink", "shpo"], "Did you mean shop"),
    (["schemas", "shpo"], "Did you mean shop"),
    (["history", "shop.ordres"], "Did you mean shop.orders"),
    (["verify", "shop.ordres"], "Did you mean shop.orders"),
    (["link", "postgress", "other"], "postgres"),
    (["link", "postgres", "shop", "url=postgresql://127.0.0.1:1/x"], ""),
    (["link", "postgres", "other", "hst=127.0.0.1"], "Did you mean host"),
    (["link", "postgres", "other", "dbaatase=x"], "Did you mean database"),
    (["frobnicate"], "error: there is no command frobnicate"),
    (["syncc"], "Did you mean hedgerow sync?"),
    (["snyc", "shop"], "Did you mean hedgerow sync?"),
    (["help", "stauts"], "Did you mean hedgerow status?"),
    (["sync", "--jbos", "2"], "error: unknown option '--jbos'. Did you mean '--jobs'?"),
    (["set"], "error: missing expected argument"),
    (["sync", "shop", "--jobs", "0"], "--jobs 0"),
  ])
  func `what cannot work is refused before anything changes`(arguments: [String], text: String) async throws {
    let fixture = try await Self.shared.value
    let before = try fixture.warehouse(Self.catalogue)
    let result = try await HedgerowProcess.run(
      arguments, environment: ["HEDGEROW_DATABASE_URL": fixture.warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key])
    // A name that is taken shows only after the server was asked.
    #expect(result.exit == 2 || arguments.contains { $0.contains(":1/") } && result.exit == 75, "\(result.exit): \(result.stderr)")
    #expect(result.stderr.contains(text), "\(result.stderr)")
    #expect(!result.stderr.contains("Error: ") && !result.stderr.contains("SOURCE.SCHEMA "), "\(result.stderr)")
    #expect(!result.stderr.contains("SQLSTATE") && !result.stderr.contains("constraint"), "\(result.stderr)")
    #expect(try fixture.warehouse(Self.catalogue) == before)
  }

  /// One that every refusal uses, since none changes anything.
  private static let shared = Task {
    let fixture = try SyncFixture(tables)
    try await fixture.link()
    return fixture
  }

  private static let catalogue = "SELECT md5(string_agg(s::text, ';' ORDER BY id)) FROM hedgerow.schema s; SELECT md5(string_agg(s::text, ';')) FROM hedgerow.source s"
}
