import ConnectorKit
import Postgres
import SQLText

/// Where a table is now, and in which system.
struct PostgresPlace: Sendable {
  var namespace: String
  var name: String
  var number: UInt32
  /// `pg_class.relkind`.
  var kind: String
  /// System identifier, timeline and database. A cursor is worth something in one of them only.
  var identity: String?
  /// The names of its columns by their numbers; empty where another table has taken the place of the one that was asked for.
  private var columns: [Int: String]

  static func find(_ request: ReadRequest, _ connection: Connection) async throws -> PostgresPlace {
    let rows = try await connection.query(
      """
      SELECT c.oid, n.nspname AS namespace, c.relname AS name, c.relkind AS kind,
        ARRAY(SELECT a.attnum || ' ' || a.attname FROM pg_attribute a
          WHERE a.attrelid = c.oid AND c.oid = \(request.remote["number"])::oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = \(request.remote["number"])::oid
        OR \(request.mayBeNew) AND n.nspname = \(request.remote["namespace"]) AND c.relname = \(request.remote["table"])
      ORDER BY c.oid = \(request.remote["number"])::oid DESC LIMIT 1
      """)
    guard let row = rows.first, let number = UInt32(try row.text("oid")) else { throw gone(request) }
    return PostgresPlace(
      namespace: try row.text("namespace"), name: try row.text("name"), number: number, kind: try row.text("kind"),
      identity: try await identity(connection), columns: columns(row["columns"].map(ArrayText.parse) ?? []))
  }

  private static func columns(_ words: [String]) -> [Int: String] {
    let pairs = words.compactMap { word -> (Int, String)? in
      let parts = word.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      return Int(parts[0]).map { ($0, String(parts[1])) }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The new name by the old one, of columns that have another name than when they were last seen.
  func renames(since known: [SourceColumn]) -> [String: String] {
    let pairs = known.compactMap { old in columns[old.number].map { (old.name, $0) } }
    return Dictionary(pairs) { first, _ in first }.filter { $0.key != $0.value }
  }

  static func gone(_ request: ReadRequest) -> ConnectorError {
    let table = "\(request.remote["namespace"] ?? "?").\(request.remote["table"] ?? "?")"
    return ConnectorError(
      .missing, "\(request.label): the table \(table) was dropped, or dropped and made anew, at the source",
      hint: "The rows of now stay. If a new table has its name, take it up with: hedgerow reload \(request.label)")
  }

  /// The timeline of a standby is its last restart point's; of a primary, that of the WAL it writes.
  private static func identity(_ connection: Connection) async throws -> String {
    let database = try await connection.query("SELECT oid FROM pg_database WHERE datname = current_database()")[0].text("oid")
    return try await system(connection).map { "\($0):\(database)" } ?? "database:\(database)"
  }

  /// Nil where the role may not ask; then a replaced source shows by its database's number only.
  private static func system(_ connection: Connection) async throws -> String? {
    let may = try await connection.query(
      "SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AND has_function_privilege('pg_control_checkpoint()', 'EXECUTE') AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE') AS may")
    guard may[0].bool("may") else { return nil }
    return try await connection.query(
      """
      SELECT s.system_identifier || ':' || CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
        ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS system FROM pg_control_system() s
      """)[0]["system"]
  }
}
