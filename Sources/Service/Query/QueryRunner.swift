public import Catalogue
public import HogQL
public import Postgres
import SQLText

/// Runs HogQL in a transaction that can only read: as the role that may read the synced tables and nothing else, or as
/// the session's user where the names are those of a configuration file.
public struct QueryRunner: Sendable {
  /// What one query may take.
  public struct Limits: Sendable {
    /// Seconds; 0 for no end.
    public var timeout = 60
    /// For each sort and hash table, as Postgres' `work_mem`.
    public var memory = "64MB"

    public init() {}
  }

  private var connection: Connection
  public let catalogue: QueryCatalogue
  let reader: QueryReader
  let options: CompileOptions
  let limits: Limits

  /// - Parameter connection: a session in UTC, which is the runner's for as long as it runs a query.
  public init(
    _ connection: Connection, catalogue: QueryCatalogue, reader: QueryReader = .role, options: CompileOptions, limits: Limits = Limits()
  ) {
    self.connection = connection
    self.catalogue = catalogue
    self.reader = reader
    self.options = options
    self.limits = limits
  }

  /// Whether the session was lost. Another one takes its place with `use`.
  public var isBroken: Bool { get async { await connection.isBroken } }

  public mutating func use(_ connection: Connection) { self.connection = connection }

  /// - Throws: ``QueryFailure``, before anything reaches the database.
  public func compile(_ text: String, values: [String: PlaceholderValue] = [:]) throws(QueryFailure) -> CompiledQuery {
    do { return try HogQL.compile(text, catalogue: catalogue, values: values, options: options) } catch {
      throw QueryFailure(error)
    }
  }

  /// Hands the rows on as they come, each value as Postgres' text.
  ///
  /// - Throws: ``QueryFailure`` where Postgres refuses, or what `receive` throws.
  public func run(_ query: CompiledQuery, _ receive: ([[String?]]) async throws -> Void) async throws {
    try await reading(query) {
      try await connection.beginRows(SQL(verbatim: query.sql))
      while let rows = try await connection.readRows(500) { try await receive(rows) }
    }
  }

  /// All rows at once.
  public func rows(of query: CompiledQuery) async throws -> [[String?]] {
    var rows: [[String?]] = []
    try await run(query) { rows += $0 }
    return rows
  }

  /// Postgres' plan, a line at a time.
  public func explain(_ query: CompiledQuery) async throws -> [String] {
    var lines: [String] = []
    try await reading(query) {
      lines = try await connection.query(SQL(verbatim: "EXPLAIN " + query.sql)).compactMap { $0.values.first ?? nil }
    }
    return lines
  }

  private func reading(_ query: CompiledQuery, _ body: () async throws -> Void) async throws {
    do {
      try await connection.script(opening)
      try await body()
      try await connection.commit()
    } catch {
      await connection.rollback()
      guard let error = error as? PostgresError else { throw error }
      throw QueryFailure(error, query, timeout: limits.timeout)
    }
  }

  private var opening: String {
    """
    BEGIN TRANSACTION READ ONLY;
    \(reader == .role ? "SET LOCAL ROLE \(Catalogue.reader);" : "")
    SET LOCAL statement_timeout = \(Literal("\(limits.timeout)s"));
    SET LOCAL work_mem = \(Literal(limits.memory));
    SET LOCAL search_path = pg_catalog, pg_temp;
    SET LOCAL TimeZone = 'UTC'
    """
  }
}
