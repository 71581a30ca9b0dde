public import Catalogue
import ConnectorKit
public import Postgres
import Synchronization

/// Takes what is due from the catalogue and syncs it, several schemas at a time, until it is told to stop. Any number
/// of schedulers, in any number of processes, share one catalogue.
public struct Scheduler: Sendable {
  public struct Limits: Sendable {
    /// How many syncs at a time.
    public var workers: Int
    /// How long syncs that run may go on once it is told to stop.
    public var grace: Duration
    /// How long the source may give no row before it is taken for hung.
    public var stall: Duration
    /// How often it looks for work when nobody wakes it.
    public var poll: Duration

    public init(workers: Int, grace: Duration, stall: Duration = .seconds(3600), poll: Duration = .seconds(2)) {
      self.workers = workers
      self.grace = grace
      self.stall = stall
      self.poll = poll
    }
  }

  let leases: Leases
  let connectors: OpenConnectors
  let warehousePool: ConnectionPool
  let openWarehouse: @Sendable (String) async throws -> Connection
  let limits: Limits
  let wakeUp: WakeUp
  let state: SchedulerState
  let report: @Sendable (SchedulerEvent) -> Void

  /// - Parameters:
  ///   - leases: of the session that stands for this process.
  ///   - openWarehouse: opens a session with this application name.
  ///   - report: called from any task.
  public init(
    leases: Leases, connectors: OpenConnectors, warehousePool: ConnectionPool,
    openWarehouse: @escaping @Sendable (String) async throws -> Connection, limits: Limits, wakeUp: WakeUp, state: SchedulerState,
    report: @escaping @Sendable (SchedulerEvent) -> Void
  ) {
    self.leases = leases
    self.connectors = connectors
    self.warehousePool = warehousePool
    self.openWarehouse = openWarehouse
    self.limits = limits
    self.wakeUp = wakeUp
    self.state = state
    self.report = report
  }

  /// Runs until `state` is told to stop and the syncs that run have ended, by themselves or cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      var misses = 0
      var isWoken = false
      while state.mayClaim {
        state.turned()
        let free = limits.workers - state.running
        var taken = 0
        if free > 0 {
          do {
            let claims = try await leases.claimDue(free)
            state.looked()
            taken = claims.count
            misses = 0
            for claim in claims { start(claim, in: &group) }
          } catch {
            misses += 1
            state.failedToLook()
            report(.catalogueUnreachable(Failure.judge(error, of: "the catalogue"), tries: misses))
          }
        }
        // As many as it could take: there may be more, for which a worker is free.
        if taken > 0, taken < free { continue }
        // Whoever is woken with others may find the sources locked by them for a moment: it looks once more.
        let pause: Duration = isWoken && taken == 0 && free > 0 ? .milliseconds(.random(in: 50...250)) : limits.poll
        isWoken = await wakeUp.wait(atMost: misses > 0 ? RetryPause.inCommand(misses, jitter: .random(in: 0...1)) : pause)
      }
      await drain(&group)
    }
  }

  private func start(_ claim: Claim, in group: inout TaskGroup<Void>) {
    state.began()
    group.addTask {
      await sync(claim)
      state.ended()
      wakeUp.signal()
    }
  }

  /// Lets what runs come to its end for as long as the grace lasts, then cancels it: each commits all or nothing.
  private func drain(_ group: inout TaskGroup<Void>) async {
    let end = ContinuousClock.now + limits.grace
    report(.draining(running: state.running, grace: limits.grace))
    while state.running > 0, !state.mustCancel, ContinuousClock.now < end {
      state.turned()
      await wakeUp.wait(atMost: min(end - ContinuousClock.now, .seconds(1)))
    }
    if state.running > 0 {
      report(.cancelling(running: state.running))
      group.cancelAll()
    }
    await group.waitForAll()
  }

  /// Never throws: what becomes of the sync is in the catalogue and reported.
  private func sync(_ claim: Claim) async {
    let progress = Progress()
    let pause = RetryPause.inService(claim.attempts + 1, jitter: .random(in: 0...1))
    report(.sync(.began(id: claim.schemaID, label: claim.label, progress: progress)))
    let sync = ClaimedSync(
      claim: claim, progress: progress, leases: leases, warehousePool: warehousePool, openWarehouse: openWarehouse,
      retryAfter: pause, stallLimit: limits.stall)
    let opened = OpenedSource()
    do {
      let result = try await sync.run {
        guard let source = try await Catalogue(leases.connection()).source(id: claim.sourceID) else {
          throw Failure(.cancelled, "the source was unlinked")
        }
        let connector = try await connectors.acquire(source)
        opened.source = source
        return connector
      }
      report(.sync(.completed(id: claim.schemaID, result)))
    } catch {
      let failure = Failure.judge(error, of: claim.label)
      let isRetried = failure.verdict == .transient
      report(.sync(isRetried
        ? .retrying(id: claim.schemaID, label: claim.label, failure: failure, after: pause)
        : .failed(id: claim.schemaID, label: claim.label, failure)))
    }
    if let source = opened.source { await connectors.release(source) }
  }
}

/// What a scheduler tells whoever watches.
public enum SchedulerEvent: Sendable {
  case sync(SyncEvent)
  /// The catalogue did not answer the question for work; it is asked again.
  case catalogueUnreachable(Failure, tries: Int)
  case draining(running: Int, grace: Duration)
  case cancelling(running: Int)
}

/// The source whose connector a sync holds.
private final class OpenedSource: Sendable {
  private let held = Mutex<Catalogue.Source?>(nil)
  var source: Catalogue.Source? {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }
}
