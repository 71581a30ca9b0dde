import TestSupport
import Testing

/// What people who build on a synced table rely on when a column's type changes at the source.
@Suite struct DependentsTests {
  let table: SyncedTable

  init() throws { table = try SyncedTable() }

  @Test(arguments: [
    ("name", "text"), ("amount", "numeric"), ("size", "double precision"), ("amount", "text"), ("note", "varchar"),
  ])
  func `thirty views on one another show a widened column's new type`(column: String, type: String) throws {
    try table.run(thirtyViews(of: column))
    let before = try table.state(withTypes: false)
    let values = try table.run("SELECT md5(string_agg(t.\(column)::text, ',' ORDER BY id)) FROM $table AS t")

    let made = try table.change(column, to: type)

    #expect(made == (1...30).map { "view warehouse.v\($0)" })
    #expect(try table.state(withTypes: false) == before)
    #expect(try table.run("SELECT DISTINCT pg_typeof(\(column)) FROM warehouse.v30") == type(named: type))
    if type != "double precision" {
      #expect(try table.run("SELECT md5(string_agg(v.\(column)::text, ',' ORDER BY id)) FROM warehouse.v30 AS v") == values)
    }
  }

  @Test func `a wider key keeps all that hangs on the table, and all that stands on it`() throws {
    try table.run(thirtyViews(of: "name") + everything)
    let before = try table.state(withTypes: false)
    let children = try table.run("SELECT count(*) FROM warehouse.child")

    let made = try table.change("id", to: "bigint")

    #expect(try table.state(withTypes: false) == before)
    #expect(made.contains("materialized view warehouse.summary"))
    #expect(made.contains(#"table constraint child_id_fkey on warehouse.child"#))
    #expect(try table.run("SELECT DISTINCT pg_typeof(id) FROM warehouse.v30") == "bigint")
    #expect(try table.run("SELECT largest, pg_typeof(largest) FROM warehouse.summary") == "1000|bigint")
    #expect(try table.run("SELECT pg_get_partkeydef('$table'::regclass), count(*) FROM $table") == "LIST (id)|1000")
    #expect(try table.run("INSERT INTO $table (id, name) VALUES (5000000000, 'big'); SELECT count(*) FROM $table") == "1001")
    #expect(try table.run("SELECT count(*) FROM warehouse.child") == children)
    #expect(throws: TestFailure.self) { try table.run("INSERT INTO warehouse.child VALUES (4000000000)") }
  }

  @Test func `a column beside the key keeps them too`() throws {
    try table.run(thirtyViews(of: "amount") + everything)
    let before = try table.state(withTypes: false)
    let made = try table.change("amount", to: "numeric(20,4)")
    #expect(try table.state(withTypes: false) == before)
    #expect(made.contains("policy \"see some\" on \(#"warehouse."Tab ""1"" 🌿""#)"))
    #expect(!made.contains { $0.contains("child_id_fkey") }, "nothing is dropped that need not be")
  }

  @Test func `a rebuilt parent is what it was, and no row or index is written`() throws {
    try table.run(thirtyViews(of: "name") + everything)
    let (before, files) = try (table.state(), table.files())
    try table.run("SELECT hedgerow.rebuild_parent('$table')")
    #expect(try table.state() == before)
    #expect(try table.files() == files)
  }

  @Test func `a longer text rewrites neither rows nor indexes`() throws {
    let files = try table.files()
    #expect(try table.change("name", to: "text") == [])
    #expect(try table.files() == files)
    #expect(try table.run("SELECT attcollation::regcollation FROM pg_attribute WHERE attrelid = '$table'::regclass AND attname = 'name'") == "\"C\"")
    #expect(try table.run("SET enable_seqscan = off; EXPLAIN SELECT FROM $table WHERE name = 'n7'").contains("g42_name_idx"))
  }

  @Test func `several columns change in one pass, and a second time nothing is left to do`() throws {
    try table.run("CREATE VIEW warehouse.v AS SELECT id, amount FROM $table")
    let change = """
      SELECT hedgerow.change_column_types('$table',
        '[{"column": "id", "type": "bigint"}, {"column": "amount", "type": "text", "using": "amount || '' €''"}]')
      """
    #expect(try table.run(change) == #"{"view warehouse.v"}"#)
    #expect(try table.run("SELECT * FROM warehouse.v WHERE id = 3") == "3|3.00 €")
    #expect(try table.run(change) == "{}")
  }

  @Test(arguments: Obstacle.all)
  func `what cannot be made again is named, and nothing changes`(obstacle: Obstacle) throws {
    try table.run(obstacle.sql)
    let (before, files) = try (table.state(), table.files())
    let error = #expect(throws: TestFailure.self) { try table.change(obstacle.column, to: obstacle.type) }
    for part in ["cannot change", "HINT:"] + obstacle.named {
      #expect(error?.description.contains(part) == true, "\(part) is not in \(error?.description ?? "")")
    }
    #expect(try table.state() == before)
    #expect(try table.files() == files)
  }

  @Test func `another role's view is refused by name, with the grant that would help`() throws {
    try table.run("GRANT USAGE ON SCHEMA warehouse TO $stranger; GRANT SELECT ON $table TO $stranger")
    try table.run("CREATE VIEW warehouse.theirs AS SELECT id FROM $table", as: "$stranger")
    let before = try table.state()
    let error = #expect(throws: TestFailure.self) { try table.change("id", to: "bigint") }
    #expect(error?.description.contains("view warehouse.theirs depends on them and belongs to the role") == true)
    #expect(error?.description.contains("GRANT \"stranger") == true)
    #expect(try table.state() == before)
    try table.asSuperuser("GRANT $stranger TO $owner")
    #expect(try table.change("id", to: "bigint") == ["view warehouse.theirs"])
    #expect(try table.run("SELECT pg_get_userbyid(relowner) = $$$stranger$$ FROM pg_class WHERE relname = 'theirs'".replacing("$$$stranger$$", with: "(SELECT rolname FROM pg_roles WHERE rolname LIKE 'stranger%' AND pg_has_role(current_user, oid, 'USAGE'))")) == "t")
  }
}
