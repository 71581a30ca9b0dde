import ConnectorKit
import Postgres
import SQLText

/// Lists what is open at a PostgreSQL source, before the snapshot of a read is taken.
///
/// Each open transaction holds a lock on its virtual transaction id, which every role can see in `pg_locks`;
/// a prepared one is in `pg_prepared_xacts`, and keeps that id on its lock, so that one which is prepared between
/// two looks is known to be the same. Starts are seen by `pg_read_all_stats` only. Our own sessions
/// commit nothing there and do not count.
enum PostgresHorizon {
  static func list(_ request: ReadRequest, _ place: PostgresPlace, _ connection: Connection) async throws -> Horizon {
    let isCounted = request.cursorField != nil
    let largest = try await largestBefore(request, place, connection)
    var horizon = try await listOnce(isCounted, largest, connection)
    let deadline = ContinuousClock.now + patience
    // Short transactions are always under way. Those that end before our snapshot are in it, and need no
    // second look; where starts are known, times need none either.
    while isCounted, !horizon.open.isEmpty, horizon.oldestStart == nil || largest != nil, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
      let still = Set(try await listOnce(true, nil, connection).open.map(\.id))
      horizon.open.removeAll { !still.contains($0.id) }
    }
    if horizon.open.isEmpty { horizon.oldestStart = horizon.oldestStart ?? horizon.clock }
    return horizon
  }

  /// How long a sync waits for transactions that are about to end.
  private static let patience = Duration.milliseconds(500)

  private static func listOnce(_ isCounted: Bool, _ largest: String?, _ connection: Connection) async throws -> Horizon {
    let rows = try await connection.query(
      """
      SELECT clock_timestamp()::text AS clock, pg_is_in_recovery() AS standby, (SELECT reset_val FROM pg_settings WHERE name = 'TimeZone') AS zone,
        o.id, o.started::text AS started, (min(o.started) OVER ())::text AS oldest
      FROM (SELECT) one LEFT JOIN (
        SELECT l.virtualtransaction AS id, a.xact_start AS started
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
          AND (a.pid IS NULL OR (a.datname = current_database() AND a.usesysid IS NOT NULL
            AND NOT (a.usename = current_user AND a.application_name = 'hedgerow')))
        UNION ALL
        SELECT coalesce(l.virtualtransaction, '-1/' || p.transaction), NULL FROM pg_prepared_xacts p
        LEFT JOIN pg_locks l ON l.locktype = 'transactionid' AND l.transactionid = p.transaction AND l.mode = 'ExclusiveLock' AND l.granted
        WHERE p.database = current_database()) o ON \(isCounted)
      """)
    let first = rows[0]
    let open = rows.compactMap { row in
      row["id"].map { Horizon.OpenTransaction(id: $0, startedAt: row["started"]) }
    }
    let isKnown = open.allSatisfy { $0.startedAt != nil }
    let clock = try first.text("clock")
    return Horizon(
      clock: clock, oldestStart: isKnown ? first["oldest"] ?? clock : nil, open: open, isComplete: !first.bool("standby"),
      largestBefore: largest, timeZone: first["zone"] ?? "UTC")
  }

  /// Asked before the list: whoever is not on the list begins later, and takes its numbers later still. Only
  /// where an index gives the answer at once, and only for numbers; times are compared with the clock.
  private static func largestBefore(
    _ request: ReadRequest, _ place: PostgresPlace, _ connection: Connection
  ) async throws -> String? {
    guard let field = request.cursorField else { return nil }
    let isCheap = try await connection.query(
      """
      SELECT 1 AS one FROM pg_attribute a JOIN pg_index i ON i.indrelid = a.attrelid AND i.indkey[0] = a.attnum
      JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
      WHERE a.attrelid = \(place.number) AND a.attname = \(field) AND i.indisvalid AND i.indpred IS NULL AND am.amname = 'btree'
        AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
      """)
    guard !isCheap.isEmpty else { return nil }
    let name = QualifiedName(place.namespace, place.name)
    return try await connection.query("SELECT max(\(Identifier(field)))::text AS largest FROM \(name)")[0]["largest"]
  }
}
