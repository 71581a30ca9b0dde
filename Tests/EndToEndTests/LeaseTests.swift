import Glibc
import LocalPostgres
import TestSupport
import Testing

/// Two workers at the same schema.
@Suite struct LeaseTests {
  @Test(arguments: CrashFixture.usual)
  func `of two syncs of a schema at once one is told that the other is at it`(table: String) async throws {
    let fixture = try await CrashFixture.usual(rows: 2_000)
    try await fixture.sync()
    try fixture.change()
    let first = try fixture.startSync(table, failpoints: "before_commit=sleep:3000")
    try await fixture.waitForSession("query LIKE '%complete_sync%' AND state = 'idle in transaction'")
    let second = try await fixture.startSync(table).wait()
    #expect(second.exit == 75, "\(second.stderr)")
    #expect(second.stderr.contains(":\(first.pid)"), "who is at it: \(second.stderr)")
    #expect(try await first.wait().exit == 0)
    try await fixture.sync()
    try await fixture.expectExact()
  }

  @Test func `five syncs of everything at once are as good as one`() async throws {
    let fixture = try await CrashFixture.usual(rows: 5_000)
    for _ in 1...2 {
      let processes = try (1...5).map { _ in try fixture.startSync() }
      for process in processes {
        let result = try await process.wait()
        #expect([0, 75].contains(result.exit), "\(result.stderr)")
      }
      try await fixture.sync()
      try await fixture.expectExact()
      try fixture.change()
    }
  }

  /// A lease lasts 30 s, so this waits about as long. The swap's lock must be gone much sooner.
  @Test(.timeLimit(.minutes(4)), arguments: [("whole", "before_swap"), ("whole", "before_commit"), ("entries", "before_commit"), ("items", "before_commit")])
  func `a worker that stopped and comes back after its lease was taken commits nothing`(table: String, place: String) async throws {
    let fixture = try await CrashFixture.usual(rows: 2_000)
    try await fixture.sync()
    try fixture.change()
    let stopped = try fixture.startSync(table, failpoints: "\(place)=1:stop")
    let pid = stopped.pid
    #expect(await onOwnThread { waitUntil(timeout: .seconds(60)) { isStopped(pid) } }, "\(stopped.stderr)")
    try await expectReadable(fixture, table)

    var taken = try await fixture.startSync(table).wait()
    let end = ContinuousClock.now + .seconds(90)
    while taken.exit == 75, ContinuousClock.now < end {
      try await Task.sleep(for: .seconds(1))
      taken = try await fixture.startSync(table).wait()
    }
    #expect(taken.exit == 0, "\(taken.stderr)")
    try fixture.change(300)
    try await fixture.sync(table)
    let now = try fixture.fingerprint(ofWarehouse: table)

    stopped.signal(SIGCONT)
    let back = try await stopped.wait()
    // It may end, or begin a new sync of its own; the one that it was at is lost either way.
    let first = try fixture.atWarehouse("SELECT status FROM hedgerow.history WHERE worker LIKE '%:\(pid)' ORDER BY id LIMIT 1")
    #expect(first == "failed", "\(back.exit): \(back.stdout)\(back.stderr)")
    #expect(try fixture.fingerprint(ofWarehouse: table) == now)
    try await fixture.sync()
    try await fixture.expectExact()
  }

  /// The server ends a session that holds the swap's lock and says nothing for 5 s.
  private func expectReadable(_ fixture: CrashFixture, _ table: String) async throws {
    let read = await onOwnThread { Result { try fixture.atWarehouse("SET statement_timeout = '20s'; SELECT count(*) FROM warehouse.postgres_\(table)") } }
    #expect((Int(try read.get()) ?? 0) > 0)
  }
}

/// Whether the system says that a process is stopped by a signal.
private func isStopped(_ pid: Int32) -> Bool {
  Disk.read("/proc/\(pid)/status")?.contains("State:\tT") ?? false
}
