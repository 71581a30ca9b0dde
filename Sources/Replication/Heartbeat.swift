import Catalogue

/// Keeps a lease alive while its sync runs.
struct Heartbeat {
  let leases: Leases
  let claim: Claim
  let progress: Progress
  /// For how long the source may give no row before it is taken for hung; nil for ever.
  var stallLimit: Duration?

  /// Returns only when the sync has committed; throws when the lease is lost, the source gives no more rows, or the task
  /// is cancelled.
  func run() async throws {
    var watch = StallWatch(limit: stallLimit, began: .now)
    while true {
      try await Task.sleep(for: .seconds(5))
      let now = progress.snapshot
      guard try await leases.heartbeat(claim, phase: now.phase, rows: now.rows, bytes: now.bytes, total: now.total) else {
        // The sync's own commit gave the lease back while this call waited for it.
        if try await leases.isCompleted(claim) { return }
        throw Failure(.superseded, "another worker has taken \(claim.label) over")
      }
      if let failure = watch.failure(now, at: .now) { throw failure }
    }
  }
}

/// Notices a source that gives no more rows by their count, however long the sync takes. Pure.
struct StallWatch {
  let limit: Duration?
  private var seen = (phase: "", rows: -1, bytes: -1)
  private var changedAt: ContinuousClock.Instant

  init(limit: Duration?, began: ContinuousClock.Instant) {
    self.limit = limit
    changedAt = began
  }

  /// Building an index or waiting for a lock counts no rows: only what waits for the source is looked at.
  mutating func failure(_ now: Progress.Snapshot, at time: ContinuousClock.Instant) -> Failure? {
    if (now.phase, now.rows, now.bytes) != (seen.phase, seen.rows, seen.bytes) {
      seen = (now.phase, now.rows, now.bytes)
      changedAt = time
    }
    guard let limit, ["connecting", "load"].contains(now.phase), time - changedAt > limit else { return nil }
    return Failure(
      .transient, "the source gave no row for \(limit), after \(now.rows) rows, so the sync was ended",
      hint: "It will be tried again. Look at what blocks the read at the source: a lock, a very slow query, a network that drops packets.")
  }
}
