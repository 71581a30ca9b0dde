import Postgres
import SQLText

/// Which system a connection leads to: system identifier, timeline and the database's number, with colons between
/// them; `database:` and that number where the role may not ask for the others.
enum PostgresIdentity {
  /// The timeline of a standby is its last restart point's; of a primary, that of the WAL it writes.
  static func find(_ connection: Connection) async throws -> String {
    let database = try await connection.query("SELECT oid FROM pg_database WHERE datname = current_database()")[0].text("oid")
    return try await system(connection).map { "\($0):\(database)" } ?? "database:\(database)"
  }

  /// Whether tables and columns have the numbers in one system that they had in the other: a promotion, which begins a
  /// new timeline, keeps them; a dump that is restored hands out new ones. Nothing known before counts as the same.
  static func keepsNumbers(_ before: String?, _ now: String) -> Bool {
    before.map { withoutTimeline($0) == withoutTimeline(now) } ?? true
  }

  private static func withoutTimeline(_ identity: String) -> [Substring] {
    var parts = identity.split(separator: ":")
    if parts.count == 3 { parts.remove(at: 1) }
    return parts
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
