import TestSupport
import Testing

/// What people who build on a synced table rely on when a column's type changes at the source.
@Suite struct DependentsTests {
  let table: SyncedTable

  init() throws { table = try SyncedTable() }

  @Test(arguments: [("name", "text"), ("amount", "numeric"), ("amount", "text"), ("size", "double precision")])
  func `thirty views on one another show a widened column as it is`(column: String, type: String) throws {
    try table.run(thirtyViews(of: column))
    let before = try table.state(withTypes: false)
    let values = try table.run("SELECT sum(hashtext(\(column)::text)) FROM $table")
    #expect(try table.change(column, to: type) == (1...30).map { "view warehouse.v\($0)" })
    #expect(try table.state(withTypes: false) == before)
    #expect(try table.run("SELECT DISTINCT pg_typeof(\(column)) FROM warehouse.v30") == type)
    #expect(try table.run("SELECT sum(hashtext(\(column)::text)) FROM warehouse.v30") == values)
  }

  @Test func `a wider key keeps all that hangs on the table, and all that stands on it`() throws {
    try table.run(thirtyViews(of: "name") + everything)
    let before = try table.state(withTypes: false)
    let made = try table.change("id", to: "bigint")
    #expect(try table.state(withTypes: false) == before)
    #expect(made.contains("materialized view warehouse.summary"))
    #expect(made.contains("table constraint child_id_fkey on warehouse.child"))
    #expect(try table.run("SELECT DISTINCT pg_typeof(id) FROM warehouse.v30") == "bigint")
    #expect(try table.run("SELECT largest, pg_typeof(largest) FROM warehouse.summary") == "1000|bigint")
    #expect(try table.run("SELECT pg_get_partkeydef('$table'::regclass), count(*) FROM $table") == "LIST (id)|1000")
    try table.run("INSERT INTO $table (id, name) VALUES (5000000000, 'big')")
    try table.run("INSERT INTO warehouse.child VALUES (5000000000)")
    #expect(throws: TestFailure.self) { try table.run("INSERT INTO warehouse.child VALUES (4000000000)") }
  }

  @Test func `a column beside the key does too, and what does not depend on it is left alone`() throws {
    try table.run(thirtyViews(of: "amount") + everything)
    let before = try table.state(withTypes: false)
    let made = try table.change("amount", to: "numeric(20,4)")
    #expect(try table.state(withTypes: false) == before)
    #expect(made.contains(#"policy "see some" on warehouse."Tab ""1"" 🌿""#))
    #expect(!made.contains { $0.contains("child_id_fkey") || $0.contains("see all") })
  }

  @Test func `a rebuilt parent is what it was, and no row or index is written`() throws {
    try table.run(thirtyViews(of: "name") + everything)
    let (before, files) = try (table.state(), table.files())
    try table.run("SELECT hedgerow.rebuild_parent('$table')")
    #expect(try table.state() == before)
    #expect(try table.files() == files)
  }

  @Test func `a longer text rewrites neither rows nor indexes, and keeps its collation`() throws {
    let files = try table.files()
    #expect(try table.change("name", to: "text") == [])
    #expect(try table.files() == files)
    #expect(try table.state().contains(#"type warehouse."Tab ""1"" 🌿" name text "C""#))
    let plan = try table.run("SET enable_seqscan = off; EXPLAIN SELECT FROM $table WHERE name = 'n7'")
    #expect(plan.contains("g42_name_idx"))
  }

  @Test func `several columns change in one pass, and a second time nothing is left to do`() throws {
    try table.run("CREATE VIEW warehouse.v AS SELECT id, note FROM $table")
    let change = """
      SELECT hedgerow.change_column_types('$table', '[{"column": "id", "type": "bigint"},
        {"column": "note", "type": "character varying(40)", "using": "upper(note) || ''!''"}]')
      """
    #expect(try table.run(change) == #"{"view warehouse.v"}"#)
    #expect(try table.run("SELECT * FROM warehouse.v WHERE id = 3") == "3|NOTE 3!")
    #expect(try table.run(change) == "{}")
  }

  @Test(arguments: Obstacle.all)
  func `what cannot be made again is named, and nothing changes`(obstacle: Obstacle) throws {
    try table.run(obstacle.sql)
    let (before, files) = try (table.state(), table.files())
    let error = #expect(throws: TestFailure.self) { try table.change(obstacle.column, to: obstacle.type) }
    let words = error?.description ?? ""
    for part in ["HINT:"] + obstacle.named { #expect(words.contains(part), "\(part) is missing in: \(words)") }
    #expect(try table.state() == before)
    #expect(try table.files() == files)
  }

  @Test func `another role's view is refused by name, until the role is granted`() throws {
    try table.run("GRANT SELECT ON $table TO $stranger")
    try table.run("CREATE VIEW warehouse.theirs AS SELECT id FROM $table", as: "$stranger")
    let before = try table.state(withTypes: false)
    let error = #expect(throws: TestFailure.self) { try table.change("id", to: "bigint") }
    let words = error?.description ?? ""
    #expect(words.contains("view warehouse.theirs depends on them and belongs to the role"))
    #expect(words.contains(#"HINT:  GRANT "stranger"#))
    #expect(try table.state(withTypes: false) == before)
    try table.asSuperuser("GRANT $stranger TO $owner")
    #expect(try table.change("id", to: "bigint") == ["view warehouse.theirs"])
    #expect(try table.state(withTypes: false) == before)
  }

  @Test func `default privileges add nothing, and a grant by another role is not lost`() throws {
    try table.run("CREATE VIEW warehouse.v AS SELECT id FROM $table")
    try table.run("GRANT SELECT ON warehouse.v TO $reader WITH GRANT OPTION")
    try table.asSuperuser("GRANT USAGE ON SCHEMA warehouse TO $reader")
    try table.run("GRANT SELECT ON warehouse.v TO $stranger", as: "$reader")
    try table.run("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO $boss")
    let rights = """
      SELECT relname, a.grantee::regrole, a.privilege_type, a.is_grantable
      FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner))) AS a
      WHERE relnamespace = 'warehouse'::regnamespace AND relkind IN ('v', 'p') ORDER BY 1, 2, 3
      """
    let before = try table.run(rights)
    #expect(before.contains("v|\"stranger"))
    try table.change("id", to: "bigint")
    #expect(try table.run(rights) == before)
  }

  @Test func `a lock that is not to be had is handed on for the caller to try again`() throws {
    try table.run("CREATE VIEW warehouse.v AS SELECT id FROM $table")
    try table.run("BEGIN; LOCK TABLE $table IN ACCESS SHARE MODE; PREPARE TRANSACTION 'reader of \(table.url)'")
    let attempt = #"""
      \set VERBOSITY verbose
      SET lock_timeout = '50ms';
      SELECT hedgerow.change_column_type('$table', 'id', 'bigint');
      """#
    let error = #expect(throws: TestFailure.self) { try table.run(attempt) }
    #expect(error?.description.contains("55P03") == true)
    try table.run("ROLLBACK PREPARED 'reader of \(table.url)'")
    #expect(try table.change("id", to: "bigint") == ["view warehouse.v"])
  }

  @Test func `dependents are listed with their distance`() throws {
    try table.run(
      """
      CREATE VIEW warehouse.near AS SELECT name FROM $table;
      CREATE MATERIALIZED VIEW warehouse.far AS SELECT name FROM warehouse.near;
      CREATE TABLE warehouse.child (id integer REFERENCES $table (id));
      """)
    #expect(
      try table.run("SELECT * FROM hedgerow.dependents('$table') WHERE kind <> 'table constraint'") == """
        view|warehouse.near|1
        materialized view|warehouse.far|2
        """)
    #expect(
      try table.run("SELECT identity FROM hedgerow.dependents('$table') WHERE kind = 'table constraint'")
        == "child_id_fkey on warehouse.child")
  }

  @Test func `a swap changes types and key at once, and fills materialised views with the new rows`() throws {
    try table.run("CREATE MATERIALIZED VIEW warehouse.ids AS SELECT count(*), max(id) FROM $table")
    let swap = """
      BEGIN;
      ALTER TABLE $table DETACH PARTITION hedgerow_data.g42; DROP TABLE hedgerow_data.g42;
      SELECT hedgerow.begin_type_change('$table', '[{"column": "id", "type": "bigint"}]', '{name,id}') AS begun \\gset
      """
    let finish = "\nSELECT hedgerow.finish_type_change(:'begun');\n"
    let early = #expect(throws: TestFailure.self) { try table.run(swap + finish) }
    #expect(early?.description.contains("cannot fill materialized view warehouse.ids") == true)
    #expect(try table.run("SELECT * FROM warehouse.ids") == "1000|1000")

    let next = """
      CREATE TABLE hedgerow_data.g43 (
        id bigint, name varchar(10) COLLATE "C", amount numeric(10, 2), size real, note text,
        PRIMARY KEY (name, id), CONSTRAINT positive CHECK (id > 0));
      INSERT INTO hedgerow_data.g43 VALUES (5000000000, 'x');
      ALTER TABLE $table ATTACH PARTITION hedgerow_data.g43 DEFAULT;
      """
    try table.run("\(swap)\n\(next)\(finish)COMMIT;")
    #expect(try table.run("SELECT * FROM warehouse.ids") == "1|5000000000")
    #expect(try table.run("SELECT pg_get_partkeydef('$table'::regclass)") == "LIST (name)")
  }
}
