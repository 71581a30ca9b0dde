import Postgres
import Rows
import SQLText
import TestSupport
import Testing
import Warehouse

@Suite struct TableShapeTests {
  @Test func `a parent is partitioned by the key's first column, which it keeps`() {
    let shape = shape([("id", "bigint"), ("name", "text")], key: ["name", "id"])
    #expect(
      shape.createParent.map(\.statement.text) == [
        #"CREATE TABLE "warehouse"."t" ("id" bigint NOT NULL, "name" text NOT NULL) PARTITION BY LIST ("name")"#,
        #"ALTER TABLE "warehouse"."t" ADD PRIMARY KEY ("name", "id")"#,
      ])
  }

  @Test(arguments: [
    ([("j", "json"), ("id", "bigint")], "\"id\""), ([("p", "point[]"), ("x", "xml"), ("d", "date")], "\"d\""),
    ([("j", "json"), ("x", "xml")], "((\"j\" IS NULL))"), ([("h", "public.hstore"), ("t", "text")], "\"t\""),
  ])
  func `without a key the first column that has an order serves`(columns: [(String, String)], by: String) {
    let statements = shape(columns, key: []).createParent.map(\.statement.text)
    #expect(statements.count == 1)
    #expect(statements[0].hasSuffix("PARTITION BY LIST (\(by))"))
  }

  @Test func `a generation gets its key and its index after the rows`() {
    var shape = shape([("id", "bigint"), ("at", "date")], key: ["id"])
    #expect(shape.finishGeneration("g1").count == 1)
    shape.indexed = "at"
    #expect(shape.finishGeneration("g1").map(\.statement.text).last == #"CREATE INDEX ON "hedgerow_data"."g1" ("at")"#)
    shape.indexed = "id"
    #expect(shape.finishGeneration("g1").count == 1)
    #expect(!shape.createGeneration("g1").statement.text.contains("PRIMARY"))
  }

  @Test func `rows are copied into the columns that come, in their order`() {
    var shape = shape([("id", "bigint"), ("gone", "text"), (#"a"b"#, "text")], key: [])
    shape.incoming = [#"a"b"#, "id"]
    #expect(shape.copy(into: "g1", freeze: true).statement.text == #"COPY "hedgerow_data"."g1" ("a""b", "id") FROM STDIN (FORMAT binary, FREEZE)"#)
    #expect(shape.copy(into: "g1", freeze: false).statement.text.hasSuffix("(FORMAT binary)"))
    #expect(shape.createStaging.statement.text.contains(#"("a""b" text, "id" bigint) ON COMMIT DROP"#))
  }

  @Test(arguments: TableShapeTests.types)
  func `a table whose first column has any type can be made and loaded`(type: String) async throws {
    let url = try Self.database.get()
    let connection = try await Connection.open(try ConnectionParameters(url: url))
    var shape = shape([("v", type), ("w", type)], key: [])
    shape.name = QualifiedName("warehouse", "of \(type)")
    let (name, parent, generation) = (shape.name, shape.createParent, shape.createGeneration("of \(type)"))
    try await connection.transaction { transaction in
      for statement in parent { try transaction.execute(statement) }
      try transaction.execute(generation)
      try transaction.execute("ALTER TABLE \(name) ATTACH PARTITION \(TableShape.generation("of \(type)")) DEFAULT")
      try transaction.execute("INSERT INTO \(name) DEFAULT VALUES")
    }
    #expect(try await connection.query("SELECT count(*) AS n FROM \(shape.name)")[0]["n"] == "1")
  }

  private static let types = [
    "boolean", "bigint", "numeric", "real", "text", "bytea", "json", "jsonb", "xml", "point", "line", "lseg", "box", "path", "polygon",
    "circle", "inet", "macaddr", "bit(3)", "bit varying", "tsvector", "tsquery", "jsonpath", "uuid", "interval", "int4range",
    "nummultirange", "oid", "xid", "xid8", "cid", "tid", "pg_lsn", "pg_snapshot", "txid_snapshot", "money", "name", "refcursor",
    #""char""#, "oidvector", "int2vector", "json[]", "point[]", "text[]", "xml[]", "timestamp with time zone[]", "character(4)",
  ]

  private static let database = Result {
    let url = try TestCluster.warehouse.createDatabase(named: "shape")
    try TestCluster.warehouse.psql("CREATE SCHEMA warehouse; CREATE SCHEMA hedgerow_data", url)
    return url
  }

  private func shape(_ columns: [(String, String)], key: [String]) -> TableShape {
    TableShape(
      name: QualifiedName("warehouse", "t"), columns: columns.map { Column(name: $0.0, type: ColumnType($0.1)) },
      incoming: columns.map(\.0), key: key, indexed: nil)
  }
}
