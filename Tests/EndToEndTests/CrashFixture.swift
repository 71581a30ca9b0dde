import Glibc
import LocalPostgres
import TestSupport
import Testing

/// A source and a warehouse with databases of their own, linked as `shop`, for tests that break things.
///
/// Its usual tables are `whole` in full_refresh, `entries` in append by `id` and `items` in merge by `updated_at`.
struct CrashFixture: Sendable {
  static let usual = ["whole", "entries", "items"]

  let source: TestCluster
  let warehouse: TestCluster
  let sourceURL: String
  let warehouseURL: String

  /// Without tables, and not linked.
  init(source: TestCluster = .source, warehouse: TestCluster = .warehouse) throws {
    self.source = source
    self.warehouse = warehouse
    sourceURL = try source.createDatabase(named: "crash_source")
    warehouseURL = try warehouse.createDatabase(named: "crash_warehouse")
  }

  /// The usual tables with so many rows each, linked; nothing is synced yet.
  static func usual(
    rows: Int = 20_000, source: TestCluster = .source, warehouse: TestCluster = .warehouse, through url: String? = nil
  ) async throws -> CrashFixture {
    let fixture = try CrashFixture(source: source, warehouse: warehouse)
    try await fixture.prepareUsual(rows: rows, through: url)
    return fixture
  }

  func prepareUsual(rows: Int, through url: String? = nil) async throws {
    try atSource(
      """
      CREATE TABLE whole (id bigint PRIMARY KEY, body text, amount numeric(12, 2));
      CREATE TABLE entries (id bigserial PRIMARY KEY, body text, created_at timestamptz NOT NULL DEFAULT clock_timestamp());
      CREATE TABLE items (id bigint PRIMARY KEY, body text, updated_at timestamptz NOT NULL DEFAULT clock_timestamp());
      INSERT INTO whole SELECT i, repeat(md5(i::text), 3), i / 100.0 FROM generate_series(1, \(rows)) i;
      INSERT INTO entries (body) SELECT repeat(md5(i::text), 3) FROM generate_series(1, \(rows)) i;
      INSERT INTO items SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, \(rows)) i;
      ANALYZE;
      """)
    try await link(Self.usual, through: url)
    try await set("entries", "mode=append", "cursor=id")
    try await set("items", "mode=merge", "cursor=updated_at")
  }

  /// New rows in every table, and changed ones where the mode sees them.
  func change(_ count: Int = 500) throws {
    try atSource(
      """
      INSERT INTO whole SELECT m + i, md5(random()::text), i FROM generate_series(1, \(count)) i, (SELECT max(id) AS m FROM whole) w;
      DELETE FROM whole WHERE id % 97 = \(count) % 97;
      INSERT INTO entries (body) SELECT repeat(md5(random()::text), 20) FROM generate_series(1, \(count)) i;
      INSERT INTO items SELECT m + i, repeat(md5(random()::text), 20) FROM generate_series(1, \(count)) i, (SELECT max(id) AS m FROM items) w;
      UPDATE items SET body = repeat(md5(random()::text), 20), updated_at = clock_timestamp() WHERE id <= \(count);
      """)
  }

  @discardableResult
  func atSource(_ sql: String) throws -> String { try source.psql("SET client_min_messages = warning;" + sql, sourceURL) }

  @discardableResult
  func atWarehouse(_ sql: String) throws -> String { try warehouse.psql("SET client_min_messages = warning;" + sql, warehouseURL) }

  // MARK: The program

  func link(_ tables: [String], through url: String? = nil) async throws {
    try await run(["link", "postgres", "shop", "url=\(url ?? sourceURL)", "--tables", tables.joined(separator: ","), "--mode", "full_refresh"])
  }

  func set(_ schema: String, _ settings: String...) async throws {
    try await run(["set", "shop.\(schema)"] + settings)
  }

  /// - Parameters:
  ///   - failpoints: as in `HEDGEROW_FAILPOINTS`.
  ///   - database: how it reaches the warehouse.
  func start(_ arguments: [String], failpoints: String = "", database: String? = nil) throws -> HedgerowProcess {
    try HedgerowProcess.start(
      arguments, environment: ["HEDGEROW_DATABASE_URL": database ?? warehouseURL, "HEDGEROW_FAILPOINTS": failpoints])
  }

  func startSync(_ schema: String? = nil, failpoints: String = "", database: String? = nil) throws -> HedgerowProcess {
    try start(["sync", schema.map { "shop.\($0)" } ?? "shop"], failpoints: failpoints, database: database)
  }

  /// Runs it, and throws when it does not end well.
  @discardableResult
  func run(_ arguments: [String], database: String? = nil) async throws -> HedgerowProcess.Result {
    let result = try await start(arguments, database: database).wait(timeout: .seconds(180))
    guard result.exit == 0 else {
      throw TestFailure("hedgerow \(arguments.joined(separator: " ")) ended with \(result.exit):\n\(result.stdout)\(result.stderr)")
    }
    return result
  }

  @discardableResult
  func sync(_ schema: String? = nil, database: String? = nil) async throws -> HedgerowProcess.Result {
    try await run(["sync", schema.map { "shop.\($0)" } ?? "shop"], database: database)
  }

  /// Waits until a query at the warehouse gives a row.
  func waitAtWarehouse(_ query: String, timeout: Duration = .seconds(60)) async throws {
    let isThere = await onOwnThread { waitUntil(timeout: timeout) { ((try? atWarehouse(query)) ?? "") != "" } }
    if !isThere { throw TestFailure("this gave no row within \(timeout): \(query)") }
  }

  /// Waits until the sync that runs has a session in this state, such as a `COPY` that waits for rows.
  func waitForSession(_ condition: String) async throws {
    try await waitAtWarehouse(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'hedgerow sync %' AND \(condition)")
  }
}

// MARK: The oracle

extension CrashFixture {
  /// Count, keys and an order-free hash of a table, in the words of the source's columns.
  func fingerprint(ofSource table: String) throws -> String { try atSource(try fingerprintQuery(table, "public.\(table)")) }
  func fingerprint(ofWarehouse table: String) throws -> String {
    try atWarehouse(try fingerprintQuery(table, "warehouse.postgres_\(table)"))
  }

  private func fingerprintQuery(_ table: String, _ name: String) throws -> String {
    let key = try atSource(
      "SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indisprimary AND i.indrelid = 'public.\(table)'::regclass")
    let columns = try atSource(
      "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'public.\(table)'::regclass AND attnum > 0 AND NOT attisdropped")
    return """
      SELECT count(*) || ' rows, ' || count(DISTINCT ROW(\(key))::text) || ' keys ' || coalesce(sum(hashtextextended(ROW(\(key))::text, 0)), 0)
        || ', hash ' || coalesce(sum(hashtextextended(ROW(\(columns))::text, 0)), 0) FROM \(name)
      """
  }

  /// Both sides hold the same, nothing is left over, and the status says what is true.
  func expectExact(
    _ tables: [String] = usual, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for table in tables {
      let wanted = try fingerprint(ofSource: table)
      let found = try fingerprint(ofWarehouse: table)
      #expect(found == wanted, "\(table) \(comment?.rawValue ?? "")", sourceLocation: sourceLocation)
      let rows = try atWarehouse("SELECT rows = (SELECT count(*) FROM warehouse.postgres_\(table)) FROM hedgerow.status WHERE schema = '\(table)'")
      #expect(rows == "t", "the status of \(table) counts other rows \(comment?.rawValue ?? "")", sourceLocation: sourceLocation)
    }
    // A killed program's sessions take a moment to end.
    let isClean = await onOwnThread { waitUntil(timeout: .seconds(15)) { (try? leftovers()) == "" } }
    #expect(isClean, "left over: \((try? leftovers()) ?? "?") \(comment?.rawValue ?? "")", sourceLocation: sourceLocation)
  }

  private func leftovers() throws -> String {
    let warehouse = try atWarehouse(
      """
      SELECT 'generation ' || table_name || ' is ' || state FROM hedgerow.generation WHERE state <> 'current'
      UNION ALL SELECT 'table ' || c.relname FROM pg_class c WHERE c.relnamespace = 'hedgerow_data'::regnamespace AND c.relkind = 'r'
        AND (NOT c.relispartition OR c.relname NOT IN (SELECT table_name FROM hedgerow.generation))
      UNION ALL SELECT 'lease of ' || name FROM hedgerow.schema WHERE lease_owner IS NOT NULL
      UNION ALL SELECT 'sync ' || id || ' is running' FROM hedgerow.history WHERE status = 'running'
      UNION ALL SELECT 'session ' || application_name || ': ' || query FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'hedgerow%'
      UNION ALL SELECT 'status of ' || schema || ' is ' || status || coalesce(': ' || error, '') FROM hedgerow.status
        WHERE enabled AND (status <> 'completed' OR error IS NOT NULL)
      """)
    let source = try atSource(
      "SELECT 'source session: ' || query FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'hedgerow%'")
    return [warehouse, source].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// What the newest sync of a schema came to, such as `completed 500 rows`.
  func newestSync(of schema: String) throws -> String {
    try atWarehouse("SELECT status || ' ' || rows_written || ' rows' FROM hedgerow.history WHERE schema = '\(schema)' ORDER BY id DESC LIMIT 1")
  }
}
