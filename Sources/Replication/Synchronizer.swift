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
        guard let result = try await once(id, label) else {
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
        let pause = RetryPause.inCommand(attempt, jitter: .random(in: 0...1))
        report(.retrying(id: id, label: label, failure: failure, after: pause))
        try? await Task.sleep(for: pause)
      }
    }
  }

  /// One try, from claim to commit. Nil when another worker holds the lease.
  private func once(_ id: Int64, _ label: String) async throws -> SyncReport? {
    guard let claim = try await leases.claim(id, trigger: trigger) else { return nil }
    let progress = Progress()
    report(.began(id: id, label: label, progress: progress))
    let sync = ClaimedSync(
      claim: claim, progress: progress, leases: leases, warehousePool: warehousePool, openWarehouse: openWarehouse,
      retryAfter: .seconds(60))
    return try await sync.run { connector }
  }
}
