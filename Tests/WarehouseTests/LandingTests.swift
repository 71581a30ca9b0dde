import Postgres
import Rows
import SQLText
import TestSupport
import Testing
import Warehouse

/// What the statements that land staged rows do, on a server.
@Suite struct LandingTests {
  @Test func `new keys are inserted, changed rows updated, and the same rows are not written`() async throws {
    let landing = try await Landed(key: ["id"], "(1, 1, 1.0, NULL), (2, 1, 2.0, '{}'), (3, 1, 'NaN', NULL)")
    let before = try await landing.rows("xmin::text || ctid::text", where: "id <> 2")
    let counts = try await landing.merge("(1, 1, 1.0, NULL), (2, 9, 2.0, '{}'), (3, 1, 'NaN', NULL), (4, NULL, NULL, NULL)")
    #expect(counts == ["1", "1"])
    #expect(try await landing.rows("xmin::text || ctid::text", where: "id IN (1, 3)") == before)
    #expect(try await landing.rows("id || ':' || coalesce(at::text, '-')", where: "true") == ["1:1", "2:9", "3:1", "4:-"])
  }

  @Test(arguments: ["(1, 1, 1.00, NULL)", "(1, 1, NULL, NULL)", "(1, NULL, 1.0, NULL)", "(1, 1, 1.0, '{ }')"])
  func `a difference that equality does not tell, or that is NULL, is written`(row: String) async throws {
    let landing = try await Landed(key: ["id"], "(1, 1, 1.0, NULL)")
    #expect(try await landing.merge(row) == ["0", "1"])
    #expect(try await landing.merge(row) == ["0", "0"])
  }

  @Test func `of a key that comes twice the row with the largest cursor wins, then the last one`() async throws {
    let landing = try await Landed(key: ["id"], "(1, 5, 0, NULL)")
    let counts = try await landing.merge("(1, 7, 70, NULL), (1, 9, 90, NULL), (1, 8, 80, NULL), (2, 3, 1, NULL), (2, 3, 2, NULL), (3, NULL, 1, NULL), (3, 1, 2, NULL)")
    #expect(counts == ["2", "1"])
    #expect(try await landing.rows("id || ':' || v", where: "true") == ["1:90", "2:2", "3:2"])
  }

  @Test func `a row that was marked as deleted comes back when it is read again`() async throws {
    let landing = try await Landed(key: ["id"], "(1, 1, 1, NULL), (2, 1, 1, NULL)", hasSoftDeletes: true)
    try await landing.connection.execute("UPDATE hedgerow_data.g SET _hedgerow_deleted_at = now() WHERE id = 1")
    #expect(try await landing.merge("(1, 1, 1, NULL), (2, 1, 1, NULL)") == ["0", "1"])
    #expect(try await landing.rows("id", where: "_hedgerow_deleted_at IS NULL") == ["1", "2"])
  }

  @Test func `an append adds what is new and no row twice`() async throws {
    let landing = try await Landed(key: [], "(1, 1, 1, NULL), (2, 5, 2, NULL), (2, 5, 2, NULL)")
    let staged = "(2, 5, 2, NULL), (2, 5, 2, NULL), (2, 5, 2, NULL), (3, 5, 3, NULL), (4, 6, 4, NULL), (4, 6, 4, NULL)"
    #expect(try await landing.append(staged, from: "5", high: "5") == "4")
    #expect(try await landing.append(staged, from: "5", high: "6") == "0")
    #expect(try await landing.rows("id", where: "true") == ["1", "2", "2", "2", "3", "4", "4"])
  }

  @Test func `rows without a cursor are added once, and so are those below the position`() async throws {
    let landing = try await Landed(key: [], "(1, NULL, 1, NULL), (2, 3, 2, NULL)")
    let staged = "(1, NULL, 1, NULL), (9, NULL, NULL, '{}'), (8, 2, 8, NULL), (2, 3, 2, NULL)"
    #expect(try await landing.append(staged, from: "2", high: "3") == "2")
    #expect(try await landing.append(staged, from: "2", high: "3") == "0")
    #expect(try await landing.rows("id", where: "true") == ["1", "2", "8", "9"])
  }

  @Test func `the first append adds everything, equal rows too`() async throws {
    let landing = try await Landed(key: [], "")
    #expect(try await landing.append("(1, 1, 1, NULL), (1, 1, 1, NULL), (2, NULL, NULL, NULL)", from: nil, high: nil) == "3")
  }

  @Test(arguments: [("numeric", "'NaN', \(TestCluster.hasNumericInfinity ? "'Infinity', '-Infinity', " : "")3, NULL", "3"), ("date", "'infinity', '2024-01-01', '-infinity', NULL", "2024-01-01"),
    ("numeric", "'NaN'", nil), ("timestamptz", "NULL", nil)] as [(String, String, String?)])
  func `what is not finite is no position`(type: String, values: String, high: String?) async throws {
    let connection = try await Landed.connect()
    let name = SQL(verbatim: type)
    try await connection.execute("CREATE TEMPORARY TABLE hedgerow_staging AS SELECT v::\(name) FROM unnest(ARRAY[\(SQL(verbatim: values))]::text[]) v")
    let row = try await connection.query(Landing.stagedSummary(cursorField: "v", isTime: CursorType(type) != .numeric))[0]
    #expect(row["high"] == high)
    #expect(row["rows"] == "\(values.split(separator: ",").count)")
  }
}

/// A generation with some rows, and what comes to it.
private struct Landed {
  let connection: Connection
  let landing: Landing

  static func connect() async throws -> Connection {
    try await Connection.open(try ConnectionParameters(url: try TestCluster.warehouse.createDatabase(named: "landing")))
  }

  init(key: [String], _ rows: String, hasSoftDeletes: Bool = false) async throws {
    connection = try await Self.connect()
    let columns = [("id", "bigint"), ("at", "integer"), ("v", "numeric"), ("doc", "json")].map { Column(name: $0.0, type: ColumnType($0.1)) }
    let shape = TableShape(
      name: QualifiedName("warehouse", "t"), columns: columns + [OwnColumn.syncedAt] + (hasSoftDeletes ? [OwnColumn.deletedAt] : []),
      incoming: columns.map(\.name), key: key, indexed: nil)
    landing = Landing(shape: shape, generation: "g", keyIsUnique: false, hasSoftDeletes: hasSoftDeletes)
    try await connection.execute("CREATE SCHEMA hedgerow_data")
    try await connection.execute(shape.createGeneration("g"))
    if !rows.isEmpty { try await connection.execute("INSERT INTO hedgerow_data.g (id, at, v, doc) VALUES \(SQL(verbatim: rows))") }
    for statement in shape.finishGeneration("g") { try await connection.execute(statement) }
  }

  /// How many rows were inserted and updated.
  func merge(_ staged: String) async throws -> [String?] {
    try await land(staged, landing.merge(cursorField: "at", stampsRows: true))
  }

  func append(_ staged: String, from: String?, high: String?) async throws -> String? {
    let from: SQL? = from.map { "\(Literal($0))::integer" }
    return try await land(staged, landing.append(cursorField: "at", type: "integer", from: from, high: high))[0]
  }

  private func land(_ staged: String, _ statement: SQL) async throws -> [String?] {
    let create = landing.shape.createStaging
    return try await connection.transaction { transaction in
      try transaction.execute(create)
      try transaction.execute("INSERT INTO pg_temp.hedgerow_staging VALUES \(SQL(verbatim: staged))")
      return try transaction.query(statement)[0].values
    }
  }

  func rows(_ expression: String, where condition: String) async throws -> [String?] {
    try await connection.query("SELECT \(SQL(verbatim: expression)) FROM hedgerow_data.g WHERE \(SQL(verbatim: condition)) ORDER BY id")
      .map { $0.values[0] }
  }
}
