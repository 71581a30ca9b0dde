import Catalogue
import Postgres
import Rows
import SQLText
import TestSupport
import Testing

@Suite struct LeasesTests {
  @Test func `a schema is one worker's as long as that one lives`() async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    let first = Leases(try await shop.connect(), worker: "one:1")
    let second = Leases(try await shop.connect(), worker: "two:2")
    let claim = try #require(try await first.claim(id, trigger: "command"))
    #expect(claim.label == "shop.orders")
    #expect(claim.key == ["id"])
    #expect(claim.mode == .merge)
    #expect(claim.cursorField == "updated_at")
    #expect(!claim.hasCompleted)
    #expect(try await second.claim(id, trigger: "command") == nil)
    #expect(try await second.holder(id) == "one:1")
    #expect(try await second.claim(try await shop.schemaID("items"), trigger: "command") != nil)
  }

  @Test func `of many workers that ask at once one gets it`() async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    var workers: [Leases] = []
    for number in 0..<8 { workers.append(Leases(try await shop.connect(), worker: "w:\(number)")) }
    let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in workers { group.addTask { try await worker.claim(id, trigger: "command") != nil } }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(granted == 1)
  }

  @Test func `a worker's session that ended gives its lease up at once, and its sync is told as failed`() async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    let dead = try await shop.connect()
    let old = try #require(try await Leases(dead, worker: "dead:1").claim(id, trigger: "command"))
    try await shop.connection.execute("SELECT pg_terminate_backend(\(dead.backendPID))")
    try await waitUntilGone(dead.backendPID, shop)
    let new = try #require(try await Leases(shop.connection, worker: "next:2").claim(id, trigger: "command"))
    #expect(new.token > old.token)
    #expect(try await shop.value("SELECT status FROM hedgerow.history WHERE id = \(old.syncID)") == "failed")
    #expect(try await shop.value("SELECT error FROM hedgerow.history WHERE id = \(old.syncID)")?.contains("without a word") == true)
  }

  @Test func `a lease that ran out is another's, and the first worker's heartbeat says so`() async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    let sleeper = Leases(try await shop.connect(), worker: "sleeper:1")
    let old = try #require(try await sleeper.claim(id, trigger: "command"))
    #expect(try await sleeper.heartbeat(old, phase: "copy", rows: 5, bytes: 50, total: 10))
    #expect(try await shop.value("SELECT progress_rows FROM hedgerow.history WHERE id = \(old.syncID)") == "5")
    try await shop.connection.execute("UPDATE hedgerow.schema SET lease_until = clock_timestamp() - interval '1 second' WHERE id = \(id)")
    let next = Leases(try await shop.connect(), worker: "next:2")
    let new = try #require(try await next.claim(id, trigger: "command"))
    #expect(try await !sleeper.heartbeat(old, phase: "copy", rows: 6, bytes: 60, total: 10))
    #expect(try await next.heartbeat(new, phase: "copy", rows: 1, bytes: 1, total: nil))
    #expect(try await shop.value("SELECT lease_owner FROM hedgerow.schema WHERE id = \(id)") == "next:2")
  }

  @Test func `a heartbeat keeps a lease that had run out and that nobody took`() async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    let worker = Leases(try await shop.connect(), worker: "w:1")
    let claim = try #require(try await worker.claim(id, trigger: "command"))
    try await shop.connection.execute("UPDATE hedgerow.schema SET lease_until = clock_timestamp() WHERE id = \(id)")
    #expect(try await worker.heartbeat(claim, phase: "copy", rows: 0, bytes: 0, total: nil))
    #expect(try await Leases(shop.connection, worker: "two:2").claim(id, trigger: "command") == nil)
  }

  @Test(arguments: [("failed", nil, "failed"), ("failed", Duration.seconds(90), "retrying"), ("cancelled", nil, nil)] as [(String, Duration?, String?)])
  func `a sync that did not end well gives the lease back and says why`(status: String, retry: Duration?, shown: String?) async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    let worker = Leases(shop.connection, worker: "w:1")
    let claim = try #require(try await worker.claim(id, trigger: "command"))
    try await worker.fail(claim, status: status, error: "it broke", hint: "mend it", retryAfter: retry, timings: "{}")
    #expect(try await shop.value("SELECT last_status FROM hedgerow.schema WHERE id = \(id)") == shown)
    #expect(try await shop.value("SELECT status FROM hedgerow.history WHERE id = \(claim.syncID)") == status)
    #expect(try await shop.value("SELECT next_at > now() + interval '80 seconds' FROM hedgerow.schema WHERE id = \(id)") == (retry == nil ? (status == "failed" ? nil : "f") : "t"))
    #expect(try await !worker.isCompleted(claim))
    #expect(try await Leases(try await shop.connect(), worker: "next:2").claim(id, trigger: "command") != nil)
  }

  private func waitUntilGone(_ pid: Int32, _ shop: LinkedShop) async throws {
    for _ in 0..<1200 {
      if try await shop.value("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(pid))") == "t" { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw TestFailure("the session \(pid) does not end")
  }
}
