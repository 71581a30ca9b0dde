import Catalogue
import Postgres
import Rows
import SQLText
import TestSupport
import Testing

@Suite struct CommitsTests {
  private var counts: RowCounts {
    var counts = RowCounts()
    (counts.read, counts.written, counts.updated, counts.bytes) = (5, 5, 2, 100)
    return counts
  }

  @Test func `rows, cursor, counts and history land together`() async throws {
    let (shop, claim, worker) = try await claimed()
    let cursor = CursorState(floor: "40", high: "42", pending: .init(value: "41", clock: "c", open: ["1/2"]))
    let commit = try Commits.batch(claim, counts, cursor: cursor, identity: "system:1", replaces: false)
    let end = try Commits.complete(
      claim, timings: ["read": 0.5], notes: [#"a "note", with {}"#], bytes: 8192, columns: nil, remote: nil, deletesChecked: false)
    try await worker.transaction { transaction in
      try transaction.execute(commit)
      try transaction.execute(commit)
      try transaction.execute(end)
    }
    let row = try await shop.connection.query("SELECT * FROM hedgerow.history WHERE id = \(claim.syncID)")[0]
    #expect([row["rows_read"], row["rows_written"], row["rows_updated"], row["batches"], row["status"]] == ["10", "10", "4", "2", "completed"])
    #expect(row["notes"].map(ArrayText.parse) == [#"a "note", with {}"#])
    #expect(try await shop.value("SELECT rows FROM hedgerow.schema WHERE id = \(claim.schemaID)") == "6")
    #expect(try await Leases(worker, worker: "w").isCompleted(claim))
    let next = try #require(try await Leases(worker, worker: "w").claim(claim.schemaID, trigger: "command"))
    #expect(next.cursor == cursor)
    #expect(next.sourceIdentity == "system:1")
    #expect(next.hasCompleted)
  }

  @Test func `a transaction that is rolled back leaves neither cursor nor counts`() async throws {
    let (shop, claim, worker) = try await claimed()
    let commit = try Commits.batch(claim, counts, cursor: CursorState(floor: "1", high: "2"), identity: nil, replaces: false)
    try await worker.begin()
    try await worker.execute(commit)
    await worker.rollback()
    #expect(try await shop.value("SELECT cursor FROM hedgerow.schema WHERE id = \(claim.schemaID)") == nil)
    #expect(try await shop.value("SELECT rows_read || '/' || batches FROM hedgerow.history WHERE id = \(claim.syncID)") == "0/0")
  }

  @Test func `a worker that lost its lease commits nothing`() async throws {
    let (shop, stale, worker) = try await claimed()
    try await shop.connection.execute("UPDATE hedgerow.schema SET lease_until = clock_timestamp() - interval '1 second' WHERE lease_owner IS NOT NULL")
    let new = try #require(try await Leases(shop.connection, worker: "new:2").claim(stale.schemaID, trigger: "command"))
    let statements = [
      Commits.hold(stale), try Commits.batch(stale, counts, cursor: CursorState(floor: "1", high: "1"), identity: nil, replaces: false),
      try Commits.complete(stale, timings: [:], notes: [], bytes: nil, columns: nil, remote: nil, deletesChecked: false),
    ]
    for statement in statements {
      let error = await #expect(throws: PostgresError.self) { try await worker.execute(statement) }
      #expect(error?.sqlState == "HR001")
      #expect(error?.isTransient == false)
    }
    #expect(try await shop.value("SELECT cursor FROM hedgerow.schema WHERE id = \(stale.schemaID)") == nil)
    try await shop.connection.execute(Commits.hold(new))
  }

  @Test func `a lease that was given back cannot be committed with`() async throws {
    let (_, claim, worker) = try await claimed()
    try await Leases(worker, worker: "w").fail(claim, status: "failed", error: "x", hint: nil, retryAfter: nil, timings: "{}")
    let error = await #expect(throws: PostgresError.self) { try await worker.execute(Commits.hold(claim)) }
    #expect(error?.sqlState == "HR001")
  }

  @Test func `nobody takes a schema between a commit's fence and its end`() async throws {
    let (shop, claim, worker) = try await claimed()
    try await worker.begin()
    try await worker.execute(Commits.hold(claim))
    try await shop.connection.execute("SET lock_timeout = '200ms'")
    let error = await #expect(throws: PostgresError.self) {
      try await shop.connection.execute("SELECT hedgerow.claim(\(claim.schemaID), 'thief', '1 minute', 'command', false) FROM pg_sleep(0)")
      try await shop.connection.execute("UPDATE hedgerow.schema SET lease_token = 0 WHERE id = \(claim.schemaID)")
    }
    #expect(error?.isLockTimeout == true)
    try await worker.commit()
  }

  @Test func `a completed sync whose rows do not add up is refused`() async throws {
    let (shop, claim, worker) = try await claimed()
    var counts = counts
    counts.written = 4
    let commit = try Commits.batch(claim, counts, cursor: nil, identity: nil, replaces: false)
    let end = try Commits.complete(claim, timings: [:], notes: [], bytes: nil, columns: nil, remote: nil, deletesChecked: false)
    let error = await #expect(throws: PostgresError.self) {
      try await worker.transaction { transaction in
        try transaction.execute(commit)
        try transaction.execute(end)
      }
    }
    #expect(error?.message.contains("every_row_is_accounted_for") == true)
    #expect(try await shop.value("SELECT status FROM hedgerow.history WHERE id = \(claim.syncID)") == "running")
  }

  private func claimed() async throws -> (LinkedShop, Claim, Connection) {
    let shop = try await LinkedShop()
    let worker = try await shop.connect()
    let claim = try #require(try await Leases(worker, worker: "old:1").claim(try await shop.schemaID(), trigger: "command"))
    return (shop, claim, worker)
  }
}
