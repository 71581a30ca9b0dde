import Glibc
import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// A source and a warehouse of a test's own, empty at first, and the program between them.
struct SyncFixture: Sendable {
  private(set) var sourceURL: String
  let warehouseURL: String
  private let environment: [String: String]

  /// 32 bytes that encrypt credentials in tests only.
  static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  /// - Parameter sql: makes the tables of the source.
  init(_ sql: String = "") throws {
    sourceURL = try TestCluster.source.createDatabase(named: "source")
    warehouseURL = try TestCluster.warehouse.createDatabase(named: "warehouse")
    environment = ["HEDGEROW_DATABASE_URL": warehouseURL, "HEDGEROW_SECRET_KEY": Self.key]
    if !sql.isEmpty { try source(sql) }
  }

  /// The same with another database as the source of its statements. Hedgerow is not told.
  func moved(to url: String) -> SyncFixture {
    var result = self
    result.sourceURL = url
    return result
  }

  // MARK: Both sides

  /// Runs statements at the source.
  @discardableResult
  func source(_ sql: String) throws -> String { try TestCluster.source.psql(sql, sourceURL) }

  /// Runs statements in the warehouse.
  @discardableResult
  func warehouse(_ sql: String) throws -> String { try TestCluster.warehouse.psql(sql, warehouseURL) }

  /// A session at the source that stays open.
  func sourceSession() async throws -> Connection {
    try await Connection.open(ConnectionParameters(url: sourceURL), applicationName: "test")
  }

  /// A session in the warehouse that stays open.
  func warehouseSession() async throws -> Connection {
    try await Connection.open(ConnectionParameters(url: warehouseURL), applicationName: "test")
  }

  // MARK: The program

  /// Runs the program and expects its exit code.
  @discardableResult
  func hedgerow(
    _ arguments: String..., expecting exit: Int32 = 0, environment more: [String: String] = [:],
    at location: SourceLocation = #_sourceLocation
  ) async throws -> HedgerowProcess.Result {
    let result = try await run(arguments, environment: more)
    #expect(
      result.exit == exit, "hedgerow \(arguments.joined(separator: " ")):\n\(result.stdout)\(result.stderr)",
      sourceLocation: location)
    return result
  }

  /// Runs the program, whatever its exit code.
  func run(_ arguments: [String], environment more: [String: String] = [:]) async throws -> HedgerowProcess.Result {
    try await HedgerowProcess.run(arguments, environment: environment.merging(more) { $1 })
  }

  /// Starts the program and lets it run.
  func start(_ arguments: String...) throws -> HedgerowProcess {
    try HedgerowProcess.start(arguments, environment: environment)
  }

  /// Links the source as `shop`, with all its tables.
  func link(mode: String = "full_refresh", at location: SourceLocation = #_sourceLocation) async throws {
    try await hedgerow("link", "postgres", "shop", "url=\(sourceURL)", "--all", "--mode", mode, at: location)
  }

  func sync(_ name: String = "shop", expecting exit: Int32 = 0, at location: SourceLocation = #_sourceLocation) async throws {
    try await hedgerow("sync", name, expecting: exit, at: location)
  }

  /// Syncs, and gives one number of the JSON that comes out for the first schema.
  func synced(_ field: String, of name: String = "shop") async throws -> Int? {
    let json = try await hedgerow("sync", name, "--json").stdout
    return Int(try warehouse("SELECT \(Literal(json).text)::jsonb -> 0 ->> \(Literal(field).text)"))
  }

  /// A column of `hedgerow.status`.
  func status(_ column: String, of schema: String) throws -> String {
    try warehouse("SELECT \(column) FROM hedgerow.status WHERE schema = \(Literal(schema).text)")
  }

  // MARK: The oracle

  /// Expects that a synced table holds just the source's rows: count, keys, and a hash of every row.
  ///
  /// - Parameter table: in the source's namespace `public`, unquoted.
  func expectEqual(_ table: String, in target: String? = nil, at location: SourceLocation = #_sourceLocation) throws {
    let columns = try source(
      """
      SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = \(Literal("public.\(Identifier(table))").text)::regclass AND attnum > 0 AND NOT attisdropped
      """)
    let keys = try source(
      """
      SELECT coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), 'NULL') FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = \(Literal("public.\(Identifier(table))").text)::regclass AND i.indisprimary
      """)
    try expectSame(
      columns, keys: keys, source: "public.\(Identifier(table))",
      warehouse: "warehouse.\(Identifier(target ?? "postgres_\(table)"))", at: location)
  }

  /// The same, of any two relations.
  func expectSame(
    _ columns: String, keys: String = "NULL", source from: String, warehouse to: String,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let left = try source(Self.digest(columns, keys, from))
    let right = try warehouse(Self.digest(columns, keys, to))
    #expect(left == right, "count|keys|rows of \(from) at the source and \(to) in the warehouse", sourceLocation: location)
  }

  private static func digest(_ columns: String, _ keys: String, _ relation: String) -> String {
    """
    SELECT count(*), md5(string_agg(k, E'\\n' ORDER BY k)), coalesce(sum(hashtextextended(h, 0)), 0)
    FROM (SELECT ROW(\(keys))::text AS k, ROW(\(columns))::text AS h FROM \(relation)) r
    """
  }

  /// Expects that nothing is left of the syncs that ran: no table, lease, sync or transaction.
  func expectNoLeftovers(at location: SourceLocation = #_sourceLocation) throws {
    let found = try warehouse(
      """
      SELECT (SELECT count(*) FROM hedgerow.generation WHERE state <> 'current'),
        (SELECT count(*) FROM hedgerow.schema WHERE lease_owner IS NOT NULL),
        (SELECT count(*) FROM hedgerow.history WHERE status = 'running'),
        (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'hedgerow_data' AND c.relkind IN ('r', 'p')
            AND c.relname NOT IN (SELECT table_name FROM hedgerow.generation WHERE state = 'current')),
        (SELECT count(*) FROM hedgerow.generation g WHERE to_regclass('hedgerow_data.' || g.table_name) IS NULL)
      """)
    #expect(
      found == "0|0|0|0|0", "generations not current|leases|running syncs|tables too many|tables too few", sourceLocation: location)
    #expect(waitUntil(timeout: .seconds(10)) { openTransactions == 0 }, "a transaction of hedgerow is open", sourceLocation: location)
  }

  private var openTransactions: Int {
    let sql = """
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'hedgerow%' AND xact_start IS NOT NULL
      """
    return [try? source(sql), try? warehouse(sql)].reduce(0) { $0 + ($1.flatMap { Int($0) } ?? 1) }
  }
}

extension Literal {
  var text: String { "\(self)" }
}

extension SQL {
  /// A statement that a test puts together.
  static func text(_ text: String) -> SQL { SQL(verbatim: text) }
}
