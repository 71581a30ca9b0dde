public import Postgres
import SQLText

/// Who works on which schema. The server keeps the time and hands out the fencing tokens.
public struct Leases: Sendable {
  /// How long a lease lasts without a heartbeat. A worker that died is noticed sooner, by its session.
  public static let duration = "30 seconds"

  private let session: WorkerSession
  let worker: String

  /// - Parameters:
  ///   - connection: the session that stands for this worker; when it ends, so do its leases.
  ///   - worker: shown to people, such as `host:1234`.
  ///   - reopen: opens another session in the place of one that was lost.
  public init(_ connection: Connection, worker: String, reopen: @escaping @Sendable () async throws -> Connection) {
    session = WorkerSession(connection, reopen: reopen)
    self.worker = worker
  }

  /// Takes a schema's lease and opens its sync, or nil when another worker holds it.
  public func claim(_ schemaID: Int64, trigger: String) async throws -> Claim? {
    let connection = try await session.current()
    let row = try await connection.query(
      "SELECT hedgerow.claim(\(schemaID), \(worker), \(Self.duration)::interval, \(trigger), \(connection.isPooled)) AS claim")[0]
    return try row["claim"].map { try Claim(json: $0) }
  }

  /// Takes the leases of schemas that are due, `wanted` at most, and opens their syncs.
  public func claimDue(_ wanted: Int) async throws -> [Claim] {
    let connection = try await session.current()
    let rows = try await connection.query(
      "SELECT hedgerow.claim_due(\(worker), \(Self.duration)::interval, \(connection.isPooled), \(wanted)::integer) AS claim")
    return try rows.compactMap { try $0["claim"].map { try Claim(json: $0) } }
  }

  /// The session that stands for the worker, opened again where it was lost.
  public func connection() async throws -> Connection { try await session.current() }

  /// Who holds a schema's lease, for a message.
  public func holder(_ schemaID: Int64) async throws -> String? {
    try await session.current().query("SELECT lease_owner FROM hedgerow.schema WHERE id = \(schemaID)").first?["lease_owner"]
  }

  /// Keeps the lease and shows progress. Being a commit, it also flushes what the load wrote to the WAL.
  ///
  /// - Returns: false when the lease is lost, and the sync must stop.
  public func heartbeat(
    _ claim: Claim, phase: String, rows: Int, bytes: Int, total: Int64?
  ) async throws -> Bool {
    let row = try await session.current().query(
      "SELECT hedgerow.heartbeat(\(claim.syncID), \(claim.token), \(Self.duration)::interval, \(phase), \(rows), \(bytes), \(total)) AS alive")[0]
    return row.bool("alive")
  }

  public func fail(
    _ claim: Claim, status: String, error: String, hint: String?, retryAfter: Duration?, timings: String
  ) async throws {
    let seconds = retryAfter.map { "\($0.components.seconds) seconds" }
    try await session.current().execute(
      "SELECT hedgerow.fail_sync(\(claim.syncID), \(claim.schemaID), \(claim.token), \(status), \(error), \(hint), \(seconds)::interval, \(timings)::jsonb)")
  }

  /// Whether a sync's commit took place although its answer was lost.
  public func isCompleted(_ claim: Claim) async throws -> Bool {
    let row = try await session.current().query("SELECT status = 'completed' AS done FROM hedgerow.history WHERE id = \(claim.syncID)")
    return row.first?.bool("done") ?? false
  }
}
