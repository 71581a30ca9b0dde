@testable import Catalogue
import Postgres
import SQLText
import TestSupport
import Testing

@Suite struct MigratorTests {
  @Test func `it installs where there is nothing, once`() async throws {
    let url = try TestCluster.warehouse.createDatabase(named: "migrate")
    let migrator = Migrator(try await LinkedShop.connect(url))
    #expect(try await migrator.state() == .absent)
    #expect(try await migrator.migrate() == SQLFile.migrations.map(\.path))
    #expect(try await migrator.state() == .current)
    #expect(try await migrator.migrate() == [])
    #expect(try await !migrator.prepare())
  }

  @Test func `processes that start at once leave one catalogue`() async throws {
    let url = try TestCluster.warehouse.createDatabase(named: "migrate")
    let ran = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<6 { group.addTask { try await Migrator(try await LinkedShop.connect(url)).migrate() } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(ran.sorted() == SQLFile.migrations.map(\.path))
    let connection = try await LinkedShop.connect(url)
    #expect(try await Migrator(connection).state() == .current)
    #expect(
      try await connection.query("SELECT string_agg(version::text, ',' ORDER BY version) AS v FROM hedgerow.migration")[0]["v"]
        == SQLFile.migrations.map { "\($0.version)" }.joined(separator: ","))
  }

  @Test func `a newer catalogue is refused in words, and stays as it is`() async throws {
    let shop = try await LinkedShop()
    try await shop.connection.execute("INSERT INTO hedgerow.migration (version, name) VALUES (9999, 'future')")
    try await shop.connection.execute("UPDATE hedgerow.installed SET digest = 'future'")
    let migrator = Migrator(shop.connection)
    #expect(try await migrator.state() == .newer(9999))
    let refused = await #expect(throws: CatalogueError.self) { try await migrator.migrate() }
    await #expect(throws: CatalogueError.self) { try await migrator.prepare() }
    #expect(refused?.message.contains("9999") == true)
    #expect(refused?.hint?.contains("Nothing was changed") == true)
    #expect(try await shop.value("SELECT digest FROM hedgerow.installed") == "future")
  }

  @Test func `functions that changed are replaced, and nothing else is touched`() async throws {
    let shop = try await LinkedShop()
    try await shop.connection.execute("UPDATE hedgerow.installed SET digest = 'another'")
    try await shop.connection.execute("DROP VIEW hedgerow.status")
    let migrator = Migrator(shop.connection)
    #expect(try await migrator.state() == .older(Migrator.latest))
    #expect(try await !migrator.prepare())
    #expect(try await migrator.state() == .current)
    #expect(try await shop.value("SELECT count(*) FROM hedgerow.status") == "2")
  }

  @Test func `a function of another shape makes way for the new one`() async throws {
    let shop = try await LinkedShop()
    try await shop.connection.script(
      """
      DROP FUNCTION hogql.decimal_text(numeric); UPDATE hedgerow.installed SET digest = 'another';
      CREATE FUNCTION hogql.decimal_text(value numeric) RETURNS integer LANGUAGE sql AS 'SELECT 1';
      CREATE VIEW public.mine AS SELECT hogql.float_text(1.5) AS text;
      """)
    #expect(try await !Migrator(shop.connection).prepare())
    #expect(try await shop.value("SELECT hogql.decimal_text(1.50)") == "1.5")
    #expect(try await shop.value("SELECT text FROM public.mine") == "1.5")
  }

  /// As an older version left it: a function with another result.
  private static let older = """
    DROP FUNCTION hogql.decimal_text(numeric); UPDATE hedgerow.installed SET digest = 'another';
    CREATE FUNCTION hogql.decimal_text(value numeric) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    """

  @Test func `a view on a function whose result changed stops HogQL only, and is named`() async throws {
    let shop = try await LinkedShop()
    try await shop.connection.script(
      Self.older + """
        CREATE VIEW public.mine AS SELECT hogql.decimal_text(1.5) AS n;
        CREATE VIEW public.on_top AS SELECT n FROM public.mine;
        CREATE TABLE public.kept (n numeric, t int DEFAULT hogql.decimal_text(1));
        DROP FUNCTION hedgerow.sync_now(text, text);
        """)
    let migrator = Migrator(shop.connection)
    #expect(try await !migrator.prepare())
    #expect(try await shop.value("SELECT to_regprocedure('hedgerow.sync_now(text, text)') IS NOT NULL") == "t", "the catalogue is replaced")
    #expect(try await shop.value("SELECT n FROM public.on_top") == "1", "what people made works on")
    let refused = await #expect(throws: CatalogueError.self) { try await migrator.migrate() }
    #expect(refused?.message.contains("view public.mine") == true, "\(String(describing: refused))")
    #expect(refused?.message.contains("column t of table public.kept") == true, "\(String(describing: refused))")
    #expect(refused?.message.contains("hogql.decimal_text(numeric)") == true, "\(String(describing: refused))")
    #expect(refused?.hint?.contains("hedgerow migrate") == true, "\(String(describing: refused))")
    #expect(await shop.connection.isIdle)
    try await shop.connection.script("DROP VIEW public.on_top, public.mine; ALTER TABLE public.kept ALTER t DROP DEFAULT")
    #expect(try await migrator.migrate() == [])
    #expect(try await migrator.state() == .current)
    #expect(try await shop.value("SELECT hogql.decimal_text(1.50)") == "1.5")
  }

  @Test func `functions that are replaced keep their grants, also those that had to be made anew`() async throws {
    let shop = try await LinkedShop()
    let role = "analyst_" + (try await shop.value("SELECT current_database()") ?? "")
    try await shop.connection.script(
      Self.older + """
        CREATE ROLE \(role);
        REVOKE EXECUTE ON FUNCTION hogql.decimal_text(numeric), hogql.float_text(double precision) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION hogql.decimal_text(numeric) TO hedgerow_reader;
        GRANT EXECUTE ON FUNCTION hogql.decimal_text(numeric), hogql.first_agg(anyelement) TO \(role) WITH GRANT OPTION;
        """)
    let grants: SQL = """
      SELECT string_agg(p.oid::regprocedure || ' ' || coalesce(p.proacl::text, ''), E'\\n' ORDER BY p.oid::regprocedure::text) FROM pg_proc p
      WHERE p.pronamespace = 'hogql'::regnamespace AND (p.proname IN ('decimal_text', 'float_text', 'first_agg', 'divide'))
      """
    let before = try await shop.value(grants)
    #expect(try await !Migrator(shop.connection).prepare())
    #expect(try await shop.value("SELECT hogql.decimal_text(1.50)") == "1.5")
    #expect(try await shop.value(grants) == before)
    try await shop.connection.script("DROP OWNED BY \(role); DROP ROLE \(role)")
  }

  @Test func `a migration that fails leaves nothing of itself`() async throws {
    let url = try TestCluster.warehouse.createDatabase(named: "migrate")
    let connection = try await LinkedShop.connect(url)
    try await connection.script("CREATE SCHEMA hedgerow; CREATE TABLE hedgerow.rejects (in_the_way int)")
    await #expect(throws: PostgresError.self) { try await Migrator(connection).migrate() }
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT to_regclass('hedgerow.source') IS NULL AS none")[0].bool("none"))
    try await connection.execute("DROP TABLE hedgerow.rejects")
    #expect(try await Migrator(connection).migrate() == SQLFile.migrations.map(\.path))
  }

  @Test func `every object of the catalogue has a comment`() async throws {
    let shop = try await LinkedShop()
    let silent = try await shop.connection.query(
      """
      SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = 'hedgerow'::regnamespace AND c.relkind IN ('r', 'v', 'S', 'p') AND obj_description(c.oid, 'pg_class') IS NULL
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i' AND c.relkind = 'S')
      UNION ALL SELECT p.oid::regprocedure::text FROM pg_proc p
      WHERE p.pronamespace = 'hedgerow'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
      """)
    #expect(silent.compactMap { $0["name"] } == [])
  }

  @Test func `a file's number is in its name, and the digest follows its text`() {
    #expect(SQLFile(path: "migrations/0042_x.sql", text: "").version == 42)
    let file = SQLFile(path: "views/a.sql", text: "SELECT 1")
    #expect(SQLFile.digest(of: [file]) != SQLFile.digest(of: [SQLFile(path: "views/a.sql", text: "SELECT 2")]))
    #expect(SQLFile.digest(of: [file]) == SQLFile.digest(of: [file]))
    #expect(SQLFile.migrations.map(\.version) == Array(1...SQLFile.migrations.count))
    #expect(Migrator.latest == SQLFile.migrations.count)
  }
}
