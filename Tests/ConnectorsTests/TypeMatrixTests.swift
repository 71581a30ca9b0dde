import Postgres
import SQLText
import TestSupport
import Testing

/// A table with every built-in type, each with the values at the ends of what it holds, through the program.
@Suite struct TypeMatrixTests {
  @Test func `every built-in type comes through with its type and each value as it was`() async throws {
    let (source, warehouse) = try databases()
    try TestCluster.source.psql(Self.zone, source)
    let types = EdgeValues.all
    try TestCluster.source.psql(Self.table(types), source)
    try await sync("matrix", from: source, to: warehouse)
    let there = try await texts(source, "public.matrix", types.count)
    let here = try await texts(warehouse, "warehouse.postgres_matrix", types.count)
    #expect(here.count == there.count)
    #expect(there.count == types.map(\.texts.count).max()! + 1)
    for (column, type) in types.enumerated() {
      #expect(here.map { $0[column] } == there.map { $0[column] }, "\(type.type)")
    }
    let kept = try TestCluster.warehouse.psql(
      "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'warehouse.postgres_matrix'::regclass AND attnum > 1 ORDER BY attnum",
      warehouse).split(separator: "\n").map(String.init)
    let given = try TestCluster.source.psql(
      "SELECT replace(format_type(atttypid, atttypmod), 'money', 'text') FROM pg_attribute WHERE attrelid = 'matrix'::regclass AND attnum > 1 ORDER BY attnum",
      source).split(separator: "\n").map(String.init)
    #expect(kept == given)
  }

  @Test func `types that somebody made come through as what the warehouse has`() async throws {
    let (source, warehouse) = try databases()
    try TestCluster.source.psql(Self.made, source)
    try TestCluster.warehouse.psql("CREATE SCHEMA \"my ext\"; CREATE EXTENSION citext SCHEMA \"my ext\"", warehouse)
    try await sync("made", from: source, to: warehouse)
    let rows = try TestCluster.warehouse.psql("SELECT to_jsonb(m) - 'id' FROM warehouse.postgres_made m ORDER BY id", warehouse)
    #expect(
      try rows.split(separator: "\n").map(String.init)
        == TestCluster.warehouse.psql("SELECT v::jsonb FROM (VALUES (1, '\(Self.first)'), (2, '\(Self.second)')) v (n, v) ORDER BY n", warehouse)
        .split(separator: "\n").map(String.init))
    #expect(try TestCluster.warehouse.psql("SET search_path = \"my ext\"; SELECT count(*) FROM warehouse.postgres_made WHERE ci = 'a' AND email = 'A@B'", warehouse) == "1")
  }

  private static let made = """
    CREATE EXTENSION citext; CREATE EXTENSION hstore;
    CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE DOMAIN price AS numeric(9, 2); CREATE DOMAIN net AS price; CREATE DOMAIN ids AS int[];
    CREATE TYPE span AS RANGE (subtype = float8); CREATE TYPE address AS (street text, "No." int); CREATE DOMAIN email AS citext;
    CREATE TABLE made (id int PRIMARY KEY, mood mood, moods mood[], price price, prices price[], net net, ids ids, ids_list ids[],
      span span, address address, addresses address[], ci citext, cis citext[], email email, h hstore);
    INSERT INTO made VALUES (1, 'it''s', '{sad,NULL}', 1.5, '{1,NULL}', 2, '{1,NULL}', ARRAY['{1,2}'::ids], '[1,2.5)', ('größe', 1),
      ARRAY[('x', NULL)::address, NULL], 'A', '{A,NULL}', 'a@B', 'a=>1, b=>NULL');
    INSERT INTO made (id) VALUES (2);
    """

  private static let first = #"""
    {"mood": "it''s", "moods": ["sad", null], "price": 1.50, "prices": [1.00, null], "net": 2.00, "ids": [1, null], "ids_list": ["{1,2}"],
    "span": "[1,2.5)", "address": {"street": "größe", "No.": 1}, "addresses": [{"street": "x", "No.": null}, null], "ci": "A",
    "cis": ["A", null], "email": "a@B", "h": {"a": "1", "b": null}}
    """#

  private static let second = #"""
    {"mood": null, "moods": null, "price": null, "prices": null, "net": null, "ids": null, "ids_list": null, "span": null, "address": null,
    "addresses": null, "ci": null, "cis": null, "email": null, "h": null}
    """#

  private static let zone = "SELECT format('ALTER DATABASE %I SET timezone = ''Europe/Berlin''', current_database()) \\gexec"

  /// A column for each type; the last row has no value.
  private static func table(_ types: [EdgeValues]) -> String {
    let columns = types.enumerated().map { "c\($0.offset) \($0.element.type)" }.joined(separator: ", ")
    let rows = (0...types.map(\.texts.count).max()!).map { row in
      let values = types.map { type in "\(Literal(row < type.texts.count ? type.texts[row] : nil))::\(type.type)" }
      return "(\(row), \(values.joined(separator: ", ")))"
    }
    return "CREATE TABLE matrix (n int PRIMARY KEY, \(columns));\nINSERT INTO matrix VALUES \(rows.joined(separator: ",\n"));"
  }

  private func databases() throws -> (source: String, warehouse: String) {
    (try TestCluster.source.createDatabase(named: "matrix"), try TestCluster.warehouse.createDatabase(named: "matrix"))
  }

  private func sync(_ table: String, from source: String, to warehouse: String) async throws {
    let environment = ["HEDGEROW_DATABASE_URL": warehouse]
    for arguments in [["link", "postgres", "shop", "url=\(source)", "--tables", table, "--mode", "full_refresh"], ["sync", "shop"]] {
      let result = try await HedgerowProcess.run(arguments, environment: environment)
      #expect(result.exit == 0, "\(result.stdout)\(result.stderr)")
    }
  }

  private func texts(_ url: String, _ table: String, _ columns: Int) async throws -> [[String?]] {
    let connection = try await Connection.open(try ConnectionParameters(url: url))
    let list = (0..<columns).map { "c\($0)::text" }.joined(separator: ", ")
    return try await connection.query("SELECT \(SQL(verbatim: list)) FROM \(SQL(verbatim: table)) ORDER BY n").map(\.values)
  }
}
