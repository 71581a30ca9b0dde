import Catalogue
import Postgres
import SQLText
import Warehouse

/// Waits until a new generation may take the old one's place without anybody noticing.
struct SwapMoment {
  let job: SyncJob
  let table: QualifiedName

  /// How long a load may wait for readers that hold the table.
  static let patience = Duration.seconds(3600)

  /// Returns with the locks of the swap held.
  ///
  /// - Parameter unseenBefore: transactions whose rows a snapshot from before them does not see. Whoever still
  ///   has such a snapshot would find the table empty, so it is waited for.
  func wait(_ unseenBefore: [String]) async throws {
    try await waitForSnapshots(unseenBefore)
    // A commit of the heartbeat's session flushes what we wrote to the WAL, so that ours, under the lock, is short.
    try await beat()
    try await lock()
    // Whoever stops us now would stop the readers too: the server ends such a session by itself.
    try await job.warehouse.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'")
  }

  /// Tries again and again, with pauses that grow, in which nobody waits for us.
  private func lock() async throws {
    let deadline = ContinuousClock.now + Self.patience
    var tries = 0
    while try await !Swap.tryLock(table, job.warehouse) {
      tries += 1
      try await giveUpIfLate(deadline)
      try await Task.sleep(for: .milliseconds(min(2000, 50 << min(tries, 5)) + Int.random(in: 0...50)))
    }
  }

  private func beat() async throws {
    let now = job.progress.snapshot
    guard try await job.leases.heartbeat(job.claim, phase: now.phase, rows: now.rows, bytes: now.bytes, total: now.total) else {
      throw Failure(.superseded, "another worker has taken this schema over")
    }
  }

  /// Returns when nobody has a snapshot any more that does not see what these transactions did. They have committed.
  func waitForSnapshots(_ transactions: [String]) async throws {
    guard !transactions.isEmpty else { return }
    let deadline = ContinuousClock.now + Self.patience
    // A transaction that begins now has no snapshot from before the load, whatever else is still running.
    let now = try await job.warehouse.query("SELECT clock_timestamp()::text AS now")[0].text("now")
    while true {
      // What a transaction has once read of pg_stat_activity it goes on seeing.
      try await job.warehouse.execute("SELECT pg_stat_clear_snapshot()")
      let row = try await job.warehouse.query(
        """
        SELECT count(*) AS n, string_agg('pid ' || a.pid, ', ') AS who FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend' AND a.xact_start < \(now)::timestamptz
          AND age(a.backend_xmin) >= (SELECT min(age(x)) FROM unnest(\(ArrayText.format(transactions))::xid[]) x)
        """)[0]
      guard row.integer("n") ?? 0 > 0 else { return }
      if ContinuousClock.now > deadline {
        throw Failure(.transient, "the new rows of \(table.plain) could not be shown within \(Self.patience): older snapshots are held by \(row["who"] ?? "?")", hint: "End those transactions: SELECT pg_terminate_backend(PID);")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  private func giveUpIfLate(_ deadline: ContinuousClock.Instant) async throws {
    guard ContinuousClock.now > deadline else { return }
    try await job.warehouse.execute("SELECT pg_stat_clear_snapshot()")
    let who = try await Swap.blockers(table, job.warehouse) ?? "somebody"
    throw Failure(
      .transient, "the new rows of \(table.plain) could not be swapped in within \(Self.patience): the table is held by \(who)",
      hint: "The old rows stay, and it will be tried again. To see who holds the table: SELECT * FROM pg_stat_activity;")
  }
}
