import FoundationEssentials
public import Postgres
import Rows
public import SQLText

/// The swap-table transaction: the moment in which a new generation takes the place of the old one.
public enum Swap {
  /// Takes the locks that the swap needs, in a savepoint: a try that fails leaves the transaction as it was, and holds
  /// nobody up. It lasts a few seconds at most, of which readers wait for a fraction of one.
  ///
  /// - Returns: false when somebody else holds them; give them time and try again.
  public static func tryLock(_ table: QualifiedName, _ connection: Connection) async throws(PostgresError) -> Bool {
    try await connection.execute("SAVEPOINT swap")
    do {
      try await connection.execute("SELECT hedgerow.lock_for_swap(\("\(table)")::regclass)")
      try await connection.execute("RELEASE SAVEPOINT swap")
      return true
    } catch {
      guard error.isLockTimeout || error.sqlState == "40P01" else { throw error }
      // Released too: tries may be many, and each would stand inside the one before.
      try await connection.execute("ROLLBACK TO SAVEPOINT swap")
      try await connection.execute("RELEASE SAVEPOINT swap")
      return false
    }
  }

  /// Who is in the way, for people: "pid 42 (dashboard), for 00:09:12".
  public static func blockers(_ table: QualifiedName, _ connection: Connection) async throws(PostgresError) -> String? {
    try await connection.query(
      """
      SELECT string_agg(DISTINCT 'pid ' || l.pid || coalesce(' (' || nullif(a.application_name, '') || ')', '')
        || coalesce(', for ' || date_trunc('second', clock_timestamp() - a.xact_start), ''), '; ') AS who
      FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.granted AND l.pid <> pg_backend_pid() AND l.relation IN (SELECT relid FROM pg_partition_tree(\("\(table)")::regclass))
      """)[0]["who"]
  }

  /// Puts the new generation in the old one's place. The locks must be held.
  public static func exchange(_ table: QualifiedName, _ generation: String, _ changes: [TableChange], key: [String]) throws -> SQL {
    let json = String(decoding: try JSONEncoder().encode(changes.map(Step.init)), as: UTF8.self)
    return """
      SELECT hedgerow.swap_generation(\("\(table)")::regclass, \("\(TableShape.generation(generation))")::regclass, \
      \(json)::jsonb, \(ArrayText.format(key))::text[]) AS said
      """
  }

  /// Makes the indexes that people put on the table on its next generation too.
  public static func copyIndexes(_ table: QualifiedName, _ generation: String, _ changes: [TableChange]) -> SQL {
    let renames = changes.renames.sorted { $0.key < $1.key }
    return """
      SELECT hedgerow.copy_indexes(\("\(table)")::regclass, \("\(TableShape.generation(generation))")::regclass, \
      \(ArrayText.format(renames.map(\.key)))::text[], \(ArrayText.format(renames.map(\.value)))::text[])
      """
  }

  /// The statements for changes that only touch the catalogue of PostgreSQL.
  public static func apply(_ changes: [TableChange], to table: QualifiedName) throws -> SQL {
    let json = String(decoding: try JSONEncoder().encode(changes.map(Step.init)), as: UTF8.self)
    return "SELECT hedgerow.apply_changes(\("\(table)")::regclass, \(json)::jsonb) AS said"
  }

  /// One change as the functions in the database take it.
  private struct Step: Encodable {
    var kind: String
    var column: String
    var to: String?
    var type: String?
    var fill: String?

    init(_ change: TableChange) {
      switch change {
      case .rename(let from, let name): (kind, column, to) = ("rename", from, name)
      case .add(let new, let value): (kind, column, type, fill) = ("add", new.name, new.type.name, value)
      case .relabel(let name, let new), .widen(let name, let new): (kind, column, type) = ("type", name, new.name)
      }
    }
  }
}
