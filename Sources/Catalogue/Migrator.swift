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
    return row["digest"] == SQLFile.digest(of: SQLFile.replaceable) ? .current : .older(version)
  }

  /// Brings the catalogue to `latest`. Safe when several processes do so at once: one does it, the others wait
  /// and find it done.
  ///
  /// - Returns: the files that were run.
  /// - Throws: `CatalogueError` for a catalogue that is newer than this binary.
  @discardableResult
  public func migrate() async throws -> [String] {
    try await refuseNewer()
    var ran: [String] = []
    for file in SQLFile.migrations where try await apply(file) { ran.append(file.path) }
    try await replaceFunctions()
    return ran
  }

  /// For every command but `migrate`: installs where there is nothing, and refuses what it does not know.
  public func prepare() async throws -> Bool {
    switch try await state() {
    case .current: return false
    case .absent:
      try await migrate()
      return true
    case .older(let version) where version == Self.latest:
      try await replaceFunctions()
      return false
    case .older(let version):
      throw CatalogueError(
        "the catalogue in this database is version \(version), and this hedgerow needs version \(Self.latest)",
        hint: "Upgrade it with: hedgerow migrate. Stop older hedgerow processes first.")
    case .newer: try await refuseNewer()
    }
    return false
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
    let digest = SQLFile.digest(of: SQLFile.replaceable)
    _ = try await locked { transaction in
      let now = try transaction.query("SELECT digest FROM hedgerow.installed").first?["digest"]
      guard now != digest else { return false }
      for file in SQLFile.replaceable { try Self.replace(file, transaction) }
      try transaction.execute("INSERT INTO hedgerow.installed (digest) VALUES (\(digest)) ON CONFLICT (one) DO UPDATE SET digest = EXCLUDED.digest, at = now()")
      return true
    }
  }

  /// A function whose arguments or result changed cannot be replaced, and is dropped first where nothing uses it.
  private static func replace(_ file: SQLFile, _ transaction: borrowing Transaction) throws(PostgresError) {
    guard file.path.hasPrefix("hogql/") else { return try transaction.script(file.text) }
    do {
      try transaction.savepoint { () throws(PostgresError) in try transaction.script(file.text) }
    } catch {
      guard error.sqlState == "42P13" else { throw error }
      try transaction.script(dropUnusedFunctions)
      for file in SQLFile.replaceable where file.path.hasPrefix("hogql/") { try transaction.script(file.text) }
    }
  }

  private static let dropUnusedFunctions = """
    DO $$
    DECLARE
      routine regprocedure;
    BEGIN
      FOR routine IN SELECT oid FROM pg_proc WHERE pronamespace = to_regnamespace('hogql') ORDER BY prokind <> 'a' LOOP
        BEGIN
          EXECUTE 'DROP ROUTINE ' || routine;
        EXCEPTION WHEN dependent_objects_still_exist THEN NULL;
        END;
      END LOOP;
    END
    $$
    """

  private func locked(_ body: @Sendable (borrowing Transaction) throws -> Bool) async throws -> Bool {
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
