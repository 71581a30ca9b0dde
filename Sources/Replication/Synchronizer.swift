public import Catalogue
public import ConnectorKit
public import Postgres
import Rows
import SQLText

/// What a sync has come to, for whoever watches.
public enum SyncEvent: Sendable {
  case began(id: Int64, label: String, progress: Progress)
  case retrying(id: Int64, label: String, failure: Failure, after: Duration)
  case completed(id: Int64, SyncReport)
  case failed(id: Int64, label: String, Failure)
  /// Another worker is at it; nothing was done.
  case taken(id: Int64, label: String, by: String)
}

/// Runs syncs of one source, several at a time, each until it is completed or has failed.
public struct Synchronizer: Sendable {
  let connector: any Connector
  /// The session that stands for this worker.
  let leases: Leases
  let openWarehouse: @Sendable (String) async throws -> Connection
  let warehousePool: ConnectionPool
  let tries: Int
  let trigger: String
  let report: @Sendable (SyncEvent) -> Void

  /// - Parameters:
  ///   - openWarehouse: opens a session with this application name.
  ///   - tries: how often a sync is begun at most, when errors are of the kind that passes.
  ///   - report: called from any task.
  public init(
    connector: any Connector, leases: Leases, warehousePool: ConnectionPool,
    openWarehouse: @escaping @Sendable (String) async throws -> Connection, tries: Int = 6, trigger: String,
    report: @escaping @Sendable (SyncEvent) -> Void
  ) {
    self.connector = connector
    self.leases = leases
    self.warehousePool = warehousePool
    self.openWarehouse = openWarehouse
    self.tries = tries
    self.trigger = trigger
    self.report = report
  }

  /// Syncs the schemas, `width` at a time.
  ///
  /// - Returns: whether all of them completed.
  public func run(_ schemas: [(id: Int64, label: String)], width: Int) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      var waiting = schemas.makeIterator()
      for _ in 0..<max(1, width) {
        if let next = waiting.next() { group.addTask { await sync(next.id, next.label) } }
      }
      var worst = Outcome.completed
      while let outcome = await group.next() {
        worst = max(worst, outcome)
        if !Task.isCancelled, let next = waiting.next() { group.addTask { await sync(next.id, next.label) } }
      }
      return worst
    }
  }

  public enum Outcome: Int, Sendable, Comparable {
    case completed, taken, failed

    public static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
  }

  /// Syncs one schema until it is completed, has failed for good or was tried often enough.
  func sync(_ id: Int64, _ label: String) async -> Outcome {
    var attempt = 0
    while true {
      attempt += 1
      do {
        guard let result = try await once(id, label, isLast: attempt >= tries) else {
          report(.taken(id: id, label: label, by: (try? await leases.holder(id)) ?? "another worker"))
          return .taken
        }
        report(.completed(id: id, result))
        return .completed
      } catch {
        let failure = Failure.judge(error, of: label)
        guard failure.verdict == .transient, attempt < tries, !Task.isCancelled else {
          report(.failed(id: id, label: label, failure))
          return .failed
        }
        let pause = Self.pause(attempt)
        report(.retrying(id: id, label: label, failure: failure, after: pause))
        try? await Task.sleep(for: pause)
      }
    }
  }

  /// Half a second, then twice as long each time, up to 15 s, with a third of jitter.
  static func pause(_ attempt: Int) -> Duration {
    let milliseconds = min(15_000, 500 << min(attempt - 1, 10))
    return .milliseconds(milliseconds + Int.random(in: 0...(milliseconds / 3)))
  }

  /// One try, from claim to commit. Nil when another worker holds the lease.
  private func once(_ id: Int64, _ label: String, isLast: Bool) async throws -> SyncReport? {
    guard let claim = try await leases.claim(id, trigger: trigger) else { return nil }
    let progress = Progress()
    report(.began(id: id, label: label, progress: progress))
    do {
      let warehouse = try await warehousePool.acquire()
      do {
        let result = try await watched(claim, progress, warehouse)
        await warehousePool.release(warehouse)
        return result
      } catch {
        await warehousePool.release(warehouse)
        throw error
      }
    } catch {
      if try await isDoneAfterAll(claim, error) { return SyncReport(claim, progress) }
      await record(Failure.judge(error, of: label), claim, progress)
      throw error
    }
  }

  /// A commit whose answer was lost has happened all the same when the history says so.
  private func isDoneAfterAll(_ claim: Claim, _ error: any Error) async throws -> Bool {
    guard let error = error as? PostgresError, error.kind == .connectionLost else { return false }
    return (try? await leases.isCompleted(claim)) ?? false
  }

  /// Runs the sync beside the heartbeat that keeps its lease. Whichever ends first ends the other.
  private func watched(_ claim: Claim, _ progress: Progress, _ warehouse: Connection) async throws -> SyncReport {
    let name = "hedgerow sync \(claim.syncID)"
    try await warehouse.execute("SELECT set_config('application_name', \(name), false)")
    let job = SyncJob(
      claim: claim, connector: connector, warehouse: warehouse, openWarehouse: { try await openWarehouse(name) }, leases: leases,
      progress: progress)
    return try await withThrowingTaskGroup(of: SyncReport?.self) { group in
      group.addTask { try await job.run() }
      group.addTask {
        try await Heartbeat(leases: leases, claim: claim, progress: progress).run()
        return nil
      }
      defer { group.cancelAll() }
      while let result = try await group.next() {
        if let report = result { return report }
      }
      throw CancellationError()
    }
  }

  private func record(_ failure: Failure, _ claim: Claim, _ progress: Progress) async {
    let status = failure.verdict == .cancelled ? "cancelled" : "failed"
    let retry: Duration? = failure.verdict == .transient ? .seconds(60) : nil
    let timings = (try? Commits.json(progress.timings)) ?? "{}"
    let leases = leases
    // A cancelled task's statements would be cancelled too.
    await Task.detached {
      try? await leases.fail(claim, status: status, error: failure.message, hint: failure.hint, retryAfter: retry, timings: timings)
    }.value
  }
}

/// Keeps a lease alive while its sync runs.
struct Heartbeat {
  let leases: Leases
  let claim: Claim
  let progress: Progress

  /// Returns only when the sync has committed; throws when the lease is lost or the task is cancelled.
  func run() async throws {
    while true {
      try await Task.sleep(for: .seconds(5))
      let now = progress.snapshot
      guard try await leases.heartbeat(claim, phase: now.phase, rows: now.rows, bytes: now.bytes, total: now.total) else {
        // The sync's own commit gave the lease back while this call waited for it.
        if try await leases.isCompleted(claim) { return }
        throw Failure(.superseded, "another worker has taken \(claim.label) over")
      }
    }
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
