import ConnectorKit
import Postgres
import Rows
import SQLText

/// One table of a PostgreSQL source, open in a read-only transaction with one snapshot. The table is locked
/// against changes of its shape before the snapshot is taken, so that a rewrite never shows it empty.
final class PostgresSchemaSession: SchemaSession {
  let table: SourceTable
  let horizon: Horizon
  private let request: ReadRequest
  private let kind: String
  private let connection: Connection
  private let pool: ConnectionPool
  private let query: PostgresQuery
  private let borrowed = Borrowed()

  private init(
    _ request: ReadRequest, _ table: SourceTable, _ kind: String, _ horizon: Horizon, _ connection: Connection,
    _ pool: ConnectionPool
  ) {
    self.request = request
    self.table = table
    self.kind = kind
    self.horizon = horizon
    self.connection = connection
    self.pool = pool
    query = PostgresQuery(request: request, table: table)
  }

  /// Locks the table, then looks at it: nothing that was seen before the lock is relied on.
  static func open(
    _ request: ReadRequest, _ connection: Connection, _ pool: ConnectionPool, _ warehouse: WarehouseTypes
  ) async throws -> PostgresSchemaSession {
    for _ in 1...5 {
      if let session = try await openOnce(request, connection, pool, warehouse) { return session }
      await connection.rollback()
    }
    throw ConnectorError(
      .busy, "\(request.label): the table or its columns were renamed again and again while it was opened", hint: "It will be tried again.")
  }

  /// - Returns: nil where the table, or what the horizon was asked by, got another name before it was locked.
  private static func openOnce(
    _ request: ReadRequest, _ connection: Connection, _ pool: ConnectionPool, _ warehouse: WarehouseTypes
  ) async throws -> PostgresSchemaSession? {
    let place = try await PostgresPlace.find(request, connection)
    let expected = place.expected(request)
    guard let horizon = try await lock(place, expected, connection) else { return nil }
    let discovery = PostgresDiscovery(connection: connection, warehouse: warehouse, namespaces: [])
    guard let found = try await discovery.tables(only: place.number).first else { return nil }
    let columns = try await discovery.columns(only: place.number)[place.number] ?? []
    let renames = place.renames(of: request, Dictionary(uniqueKeysWithValues: columns.map { ($0.number, $0.name) }))
    let request = request.following(renames)
    try request.checkNames(in: columns)
    guard found.namespace == place.namespace, found.name == place.name, request.cursorField == expected.cursorField else { return nil }
    let chosen = request.columns.map { names in columns.filter { names.contains($0.name) } } ?? columns
    let table = SourceTable(
      columns: chosen, allColumns: columns, key: request.key.isEmpty ? PostgresDiscovery.usableKey(of: found, columns) : request.key,
      keyIsUnique: request.key.isEmpty || Set(request.key) == Set(found.key), remote: PostgresDiscovery.remote(found),
      identity: place.identity, estimatedRows: found.estimatedRows, estimatedBytes: found.estimatedBytes, renames: renames,
      keepsNumbers: place.keepsNumbers)
    return PostgresSchemaSession(request, table, found.kind, horizon, connection, pool)
  }

  /// Lists what is open at the source, then locks the table and takes the snapshot.
  ///
  /// - Returns: nil where a name is not there any more.
  private static func lock(
    _ place: PostgresPlace, _ request: ReadRequest, _ connection: Connection
  ) async throws -> Horizon? {
    do {
      let horizon = try await PostgresHorizon.list(request, place, connection)
      try await connection.script(begin(place))
      return horizon
    } catch {
      let isOutdated = ["42P01", "42703", "3F000"].contains((error as? PostgresError)?.sqlState)
      guard isOutdated else { throw error }
      return nil
    }
  }

  /// `SET` takes no snapshot. Behind a pooler the session's own settings may be another's.
  private static let begin = """
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '30s'; SET LOCAL row_security = off; \
    SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; \
    SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL search_path = pg_catalog; \
    SET LOCAL idle_in_transaction_session_timeout = '300s';
    """

  /// `LOCK TABLE` takes no snapshot either, so the one that comes after it sees what the lock waited for.
  private static func begin(_ place: PostgresPlace) -> String {
    let name = QualifiedName(place.namespace, place.name)
    let lock = ["r", "p", "v"].contains(place.kind) ? "LOCK TABLE \(name) IN ACCESS SHARE MODE; " : ""
    return "\(begin) \(lock)SELECT 1 FROM \(name) LIMIT 0"
  }

  func read(_ slice: RowSlice) async throws -> any BatchReader {
    try await read(query.rows(slice), on: connection)
  }

  private func read(_ sql: SQL, on connection: Connection) async throws -> any BatchReader {
    do {
      try await connection.script("SET LOCAL statement_timeout = 0")
      try await connection.beginCopyOut(sql, format: .binary)
      return PostgresBatchReader(connection: connection, label: request.label)
    } catch { throw PostgresFailure.explain(error, request.label, ConnectionParameters()) }
  }

  func readInParts(_ count: Int) async throws -> [any BatchReader] {
    guard count > 1, kind == "r" || kind == "m", connection.serverVersion >= 140000 else { return [try await read(.all)] }
    let row = try await connection.query(
      "SELECT pg_export_snapshot() AS snapshot, pg_relation_size(\(table.remote["number"])::oid) / current_setting('block_size')::bigint AS pages")[0]
    let pages = row.integer("pages") ?? 0
    var others: [Connection] = []
    while others.count < count - 1, pages >= 2 * Int64(count), let other = try await pool.acquireIfFree() {
      await borrowed.add(other)
      try await other.script(Self.begin + "SET TRANSACTION SNAPSHOT \(Literal(try row.text("snapshot")))")
      others.append(other)
    }
    let connections = [connection] + others
    var readers: [any BatchReader] = []
    for (index, each) in connections.enumerated() {
      let from = pages * Int64(index) / Int64(connections.count)
      let to = index == connections.count - 1 ? nil : pages * Int64(index + 1) / Int64(connections.count)
      readers.append(try await read(query.pages(from, to), on: each))
    }
    return readers
  }

  func nextKey(after key: [String]?, through end: [String]?, bytes: Int64) async throws -> [String]? {
    let width = max(1, (table.estimatedBytes ?? 0) / max(1, table.estimatedRows ?? 1))
    let rows = max(1, bytes / width)
    return try await ask(query.keyAt(rows, after: key, through: end)).first.map { row in
      row.values.map { $0 ?? "" }
    }
  }

  func rangeKeys(_ count: Int) async throws -> [[String]] {
    guard count > 1, kind == "r", let first = table.key.first else { return [] }
    let pages = max(1, (table.estimatedBytes ?? 0) / 8192)
    let percent = min(100, max(0.001, 100 * 2000 / Double(pages)))
    let rows = try await ask(query.sampledKeys(Identifier(first), count, percent))
    return rows.compactMap { $0.values.first ?? nil }.map { [$0] }
  }

  /// A question about the rows, which may take its time.
  private func ask(_ sql: SQL) async throws -> [Row] {
    do {
      try await connection.script("SET LOCAL statement_timeout = '3600s'")
      return try await connection.query(sql)
    } catch { throw PostgresFailure.explain(error, request.label, ConnectionParameters()) }
  }

  func close() async {
    guard await borrowed.close(to: pool) else { return }
    await pool.release(connection)
  }

  /// The connections beside the session's own.
  private actor Borrowed {
    private var connections: [Connection] = []
    private var isClosed = false

    func add(_ connection: Connection) { connections.append(connection) }

    /// - Returns: false, when it was closed before.
    func close(to pool: ConnectionPool) async -> Bool {
      guard !isClosed else { return false }
      isClosed = true
      for connection in connections { await pool.release(connection) }
      return true
    }
  }
}

/// The rows of one `COPY ... TO STDOUT`.
struct PostgresBatchReader: BatchReader {
  let connection: Connection
  let label: String
  var format: CopyFormat { .binary }

  /// Large enough that the cost of handing it on does not count, small enough that a few of them do not either.
  private static let batchSize = 256 << 10

  func next() async throws -> Batch? {
    do { return try await connection.readCopy(size: Self.batchSize) } catch {
      throw PostgresFailure.explain(error, label, ConnectionParameters())
    }
  }
}
