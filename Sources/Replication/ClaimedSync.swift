import Catalogue
import ConnectorKit
import Postgres
import Rows
import SQLText

/// One try of one schema, from a lease that was taken to the commit or to the failure that is recorded.
struct ClaimedSync {
  let claim: Claim
  let progress: Progress
  let leases: Leases
  let warehousePool: ConnectionPool
  let openWarehouse: @Sendable (String) async throws -> Connection
  /// When the next try is due after a failure that passes.
  let retryAfter: Duration
  /// For how long the source may give no row before it is taken for hung; nil for ever.
  var stallLimit: Duration?

  /// - Throws: what ended it. The failure is recorded and the lease given back by then.
  func run(_ connector: @Sendable () async throws -> any Connector) async throws -> SyncReport {
    do {
      let connector = try await connector()
      let warehouse = try await openNamed()
      do {
        let result = try await watched(connector, warehouse)
        await warehousePool.release(warehouse)
        return result
      } catch {
        await warehousePool.release(warehouse)
        throw error
      }
    } catch {
      if try await isDoneAfterAll(error) { return SyncReport(claim, progress) }
      await record(Failure.judge(error, of: claim.label))
      throw error
    }
  }

  private var sessionName: String { "hedgerow sync \(claim.syncID)" }

  /// A session that was idle while the warehouse restarted is broken, and shows it only when it is used.
  private func openNamed() async throws -> Connection {
    var stale = 0
    while true {
      let warehouse = try await warehousePool.acquire()
      do {
        try await warehouse.execute("SELECT set_config('application_name', \(sessionName), false)")
        return warehouse
      } catch {
        await warehousePool.release(warehouse)
        stale += 1
        guard error.kind == .connectionLost, await stale <= warehousePool.limit else { throw error }
      }
    }
  }

  /// A commit whose answer was lost has happened all the same when the history says so.
  private func isDoneAfterAll(_ error: any Error) async throws -> Bool {
    guard let error = error as? PostgresError, error.kind == .connectionLost else { return false }
    return (try? await leases.isCompleted(claim)) ?? false
  }

  /// Runs the sync beside the heartbeat that keeps its lease. Whichever ends first ends the other.
  private func watched(_ connector: any Connector, _ warehouse: Connection) async throws -> SyncReport {
    let job = SyncJob(
      claim: claim, connector: connector, warehouse: warehouse, openWarehouse: { try await openWarehouse(sessionName) },
      leases: leases, progress: progress)
    return try await withThrowingTaskGroup(of: SyncReport?.self) { group in
      group.addTask { try await job.run() }
      group.addTask {
        try await Heartbeat(leases: leases, claim: claim, progress: progress, stallLimit: stallLimit).run()
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let report = result { return report }
      }
      throw CancellationError()
    }
  }

  private func record(_ failure: Failure) async {
    let status = failure.verdict == .cancelled ? "cancelled" : "failed"
    let retry = failure.verdict == .transient ? retryAfter : nil
    let timings = (try? Commits.json(progress.timings)) ?? "{}"
    let (leases, claim) = (leases, claim)
    // A cancelled task's statements would be cancelled too.
    await Task.detached {
      try? await leases.fail(claim, status: status, error: failure.message, hint: failure.hint, retryAfter: retry, timings: timings)
    }.value
  }
}

extension SyncReport {
  /// What is known of a sync whose answer was lost.
  init(_ claim: Claim, _ progress: Progress) {
    let now = progress.snapshot
    var counts = RowCounts()
    (counts.read, counts.written, counts.bytes) = (now.rows, now.rows, now.bytes)
    self.init(
      source: claim.source, schema: claim.schema, table: "\(claim.namespace).\(claim.tableName)", mode: claim.mode.rawValue,
      counts: counts, seconds: progress.timings.values.reduce(0, +), timings: progress.timings,
      notes: ["the answer to the commit was lost; the history says that it took place"])
  }
}
