public import Postgres
import SQLText

/// Installs and upgrades the catalogue.
public struct Migrator: Sendable {
  let connection: Connection

  public init(_ connection: Connection) { self.connection = connection }

  /// The newest catalogue that this binary knows.
  public static let latest = SQLFile.migrations.map(\.version).max() ?? 0

  public enum State: Sendable, Equatable {
    case absent, current
    case older(Int)
    case newer(Int)
  }

  /// Any fixed number: whoever installs or upgrades holds this advisory lock.
  private static let lock = 4_841_917_250

  public func state() async throws -> State {
    let exists = try await connection.query(
      "SELECT to_regclass('hedgerow.migration') IS NOT NULL AND to_regclass('hedgerow.installed') IS NOT NULL AS exists")[0]
    guard exists.bool("exists") else { return .absent }
    let row = try await connection.query(
      "SELECT coalesce(max(version), 0) AS version, (SELECT digest FROM hedgerow.installed) AS digest FROM hedgerow.migration")[0]
    let version = Int(row.integer("version") ?? 0)
    if version == 0 { return .absent }
    if version > Self.latest { return .newer(version) }
    if version < Self.latest { return .older(version) }
    return Installed(row["digest"]).isLatest ? .current : .older(version)
  }

  /// Brings the catalogue to `latest`. Safe when several processes do so at once: one does it, the others wait
  /// and find it done.
  ///
  /// - Returns: the files that were run.
  /// - Throws: `CatalogueError` for a catalogue that is newer than this binary, and where views that people made keep
  ///   the functions for queries from being replaced; all else is done then.
  @discardableResult
  public func migrate() async throws -> [String] {
    try await refuseNewer()
    var ran: [String] = []
    for file in SQLFile.migrations where try await apply(file) { ran.append(file.path) }
    try await replaceFunctions()
    try await prepareQueries()
    return ran
  }

  /// For every command but `migrate`: installs where there is nothing, and refuses what it does not know. Nobody but
  /// queries needs HogQL's functions, so a view that keeps them from being replaced stops nothing here.
  public func prepare() async throws -> Bool {
    switch try await state() {
    case .current: return false
    case .absent:
      try await migrate()
      return true
    case .older(let version) where version == Self.latest:
      try await replaceFunctions()
      _ = try await replaceQueryFunctions()
      return false
    case .older(let version):
      throw CatalogueError(
        "the catalogue in this database is version \(version), and this hedgerow needs version \(Self.latest)",
        hint: "Upgrade it with: hedgerow migrate. Stop older hedgerow processes first.")
    case .newer: try await refuseNewer()
    }
    return false
  }

  /// For commands that run queries, after `prepare`.
  ///
  /// - Throws: `CatalogueError`, which names what stands on functions that this version has to replace.
  public func prepareQueries() async throws {
    if let obstacle = try await replaceQueryFunctions() { throw obstacle.inWords }
  }

  private func refuseNewer() async throws {
    guard case .newer(let version) = try await state() else { return }
    throw CatalogueError(
      "the catalogue in this database is version \(version), newer than the \(Self.latest) that this hedgerow knows",
      hint: "Use the hedgerow that upgraded it, or a newer one. Nothing was changed.")
  }

  private func apply(_ file: SQLFile) async throws -> Bool {
    let text = file.text
    let version = file.version
    return try await locked { transaction in
      let done = try transaction.query("SELECT 1 AS one FROM hedgerow.migration WHERE version = \(version)")
      guard done.isEmpty else { return false }
      try transaction.script(text)
      try transaction.execute("INSERT INTO hedgerow.migration (version, name) VALUES (\(version), \(file.path))")
      return true
    }
  }

  private func replaceFunctions() async throws {
    try await locked { transaction in
      var installed = try Self.installed(transaction)
      guard installed.catalogue != Installed.latest.catalogue else { return }
      for file in SQLFile.catalogue { try transaction.script(file.text) }
      installed.catalogue = Installed.latest.catalogue
      try Self.store(installed, transaction)
    }
  }

  /// - Returns: what stands in the way; nil where the functions are those of this version now.
  private func replaceQueryFunctions() async throws -> QueryFunctions.Obstacle? {
    let rows = try await connection.query("SELECT digest FROM hedgerow.installed")
    if Installed(rows.first?["digest"]).hasLatestQueries { return nil }
    return try await locked { transaction in
      var installed = try Self.installed(transaction)
      guard !installed.hasLatestQueries else { return nil }
      let obstacle = try QueryFunctions.replace(transaction)
      (installed.queries, installed.isObstructed) = (Installed.latest.queries, obstacle != nil)
      try Self.store(installed, transaction)
      return obstacle
    }
  }

  private static func installed(_ transaction: borrowing Transaction) throws(PostgresError) -> Installed {
    Installed(try transaction.query("SELECT digest FROM hedgerow.installed").first?["digest"])
  }

  private static func store(_ installed: Installed, _ transaction: borrowing Transaction) throws(PostgresError) {
    try transaction.execute(
      "INSERT INTO hedgerow.installed (digest) VALUES (\(installed.text)) ON CONFLICT (one) DO UPDATE SET digest = EXCLUDED.digest, at = now()")
  }

  private func locked<Result: Sendable>(_ body: @Sendable (borrowing Transaction) throws -> Result) async throws -> Result {
    try await connection.transaction { transaction in
      try transaction.execute("SELECT pg_advisory_xact_lock(\(Self.lock))")
      try transaction.script("SET LOCAL client_min_messages = warning; SET LOCAL check_function_bodies = off; " + Self.bootstrap)
      return try body(transaction)
    }
  }

  private static let bootstrap = """
    CREATE SCHEMA IF NOT EXISTS hedgerow;
    CREATE TABLE IF NOT EXISTS hedgerow.migration (
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
    COMMENT ON TABLE hedgerow.migration IS 'The files of sql/migrations that this catalogue has.';
    CREATE TABLE IF NOT EXISTS hedgerow.installed (
      one boolean PRIMARY KEY DEFAULT true, digest text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT there_is_one CHECK (one));
    COMMENT ON TABLE hedgerow.installed IS 'Which version of the functions and views this catalogue has.';
    """
}
