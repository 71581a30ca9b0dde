import Catalogue
import Postgres
import SQLText
import TestSupport
import Testing

/// Which schemas the catalogue hands out, when, and to whom.
@Suite struct ScheduleTests {
  /// Sources `a`, `b`, ... with so many enabled schemas each, all of them due.
  private func shop(_ schemas: [Int], connections: Int = 2) async throws -> LinkedShop {
    let shop = try await LinkedShop()
    try await shop.connection.execute("DELETE FROM hedgerow.source")
    for (index, count) in schemas.enumerated() {
      let name = String(UnicodeScalar(UInt8(97 + index)))
      try await shop.connection.execute(
        "INSERT INTO hedgerow.source (name, kind, prefix, max_connections) VALUES (\(name), 'postgres', \(name), \(connections)::integer)")
      try await shop.connection.execute(
        """
        INSERT INTO hedgerow.schema (source_id, name, namespace, table_name, remote, mode, enabled, next_at)
        SELECT o.id, 't' || i, 'warehouse', o.name || '_' || i, '{}', 'full_refresh', true, now() - make_interval(secs => 100 - i)
        FROM hedgerow.source o, generate_series(1, \(count)::integer) i WHERE o.name = \(name)
        """)
    }
    return shop
  }

  private func labels(_ claims: [Claim]) -> [String] { claims.map(\.label) }

  @Test func `sources take turns, and none gets more syncs than it has connections`() async throws {
    let shop = try await shop([50, 1, 3])
    let worker = Leases(shop.connection, worker: "w:1")
    #expect(labels(try await worker.claimDue(3)) == ["a.t1", "b.t1", "c.t1"])
    #expect(labels(try await worker.claimDue(10)).sorted() == ["a.t2", "c.t2"])
    #expect(try await worker.claimDue(10).isEmpty)
    #expect(try await Leases(try await shop.connect(), worker: "w:2").claimDue(10).isEmpty)
  }

  @Test func `workers that ask at once get different schemas, all of them together`() async throws {
    let shop = try await shop([20, 20, 20], connections: 64)
    var workers: [Leases] = []
    for number in 0..<6 { workers.append(Leases(try await shop.connect(), worker: "w:\(number)")) }
    var claimed: [Int64] = []
    // A worker that finds the sources locked by another gets nothing that time.
    for _ in 1...12 {
      claimed += try await withThrowingTaskGroup(of: [Claim].self) { group in
        for worker in workers { group.addTask { try await worker.claimDue(5) } }
        return try await group.reduce(into: []) { $0 += $1.map(\.schemaID) }
      }
    }
    #expect(claimed.count == 60 && Set(claimed).count == 60)
  }

  @Test func `what somebody asked for comes first, and says so in the history`() async throws {
    let shop = try await shop([5, 5])
    try await shop.connection.execute("SELECT hedgerow.sync_now('b', 't5')")
    let worker = Leases(shop.connection, worker: "w:1")
    #expect(labels(try await worker.claimDue(1)) == ["b.t5"])
    #expect(labels(try await worker.claimDue(1)) == ["a.t1"])
    #expect(try await shop.value("SELECT string_agg(trigger, ' ' ORDER BY id) FROM hedgerow.history") == "request schedule")
  }

  @Test(arguments: [
    "UPDATE hedgerow.source SET is_paused = true", "SELECT hedgerow.pause('a')", "UPDATE hedgerow.schema SET enabled = false",
    "UPDATE hedgerow.schema SET next_at = now() + interval '1 minute'", "UPDATE hedgerow.schema SET next_at = NULL",
  ])
  func `what is paused, disabled, not due or waits for a person is left alone`(change: String) async throws {
    let shop = try await shop([3])
    try await shop.connection.execute(SQL(verbatim: change))
    #expect(try await Leases(shop.connection, worker: "w:1").claimDue(5).isEmpty)
  }

  @Test func `the schemas of a worker that died are due again at once, and count no longer`() async throws {
    let shop = try await shop([2])
    let dead = try await shop.connect()
    #expect(try await Leases(dead, worker: "dead:1").claimDue(5).count == 2)
    let next = Leases(shop.connection, worker: "w:2")
    #expect(try await next.claimDue(5).isEmpty)
    try await shop.connection.execute("SELECT pg_terminate_backend(\(dead.backendPID))")
    for _ in 0..<400 {
      if try await shop.value("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(dead.backendPID))") == "t" { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(try await next.claimDue(5).count == 2)
  }

  @Test(arguments: ["1 minute", "5 minutes", "1 hour", "1 day", "7 days", "30 days"])
  func `a thousand schemas are spread evenly over their frequency, and each keeps its rhythm`(frequency: String) async throws {
    let shop = try await LinkedShop()
    let row = try await shop.connection.query(
      """
      WITH due AS (
        SELECT id, '2026-01-01'::timestamptz AS began, hedgerow.next_due(id, \(frequency)::interval, '2026-01-01', '2026-01-01 00:00:01') AS next
        FROM generate_series(1, 1000) id
      ), later AS (
        SELECT d.*, hedgerow.next_due(id, \(frequency)::interval, next + interval '3 seconds', next + interval '5 seconds') AS third,
          floor(extract(epoch FROM next - began) * 10 / extract(epoch FROM \(frequency)::interval)) AS tenth
        FROM due d)
      SELECT min(next - began) >= \(frequency)::interval * 0.5 AND max(next - began) <= \(frequency)::interval * 1.5 AS in_time,
        bool_and(abs(extract(epoch FROM third - next) - extract(epoch FROM \(frequency)::interval)) < 0.01) AS steady,
        (SELECT max(n) FROM (SELECT count(*) AS n FROM later GROUP BY tenth) g) AS most
      FROM later
      """)[0]
    #expect(row.bool("in_time"))
    #expect(row.bool("steady"))
    #expect(row.integer("most") ?? 1000 < 150)
  }

  @Test func `a place that passed while the sync ran is left out`() async throws {
    let shop = try await LinkedShop()
    let gap = try await shop.value(
      """
      SELECT extract(epoch FROM hedgerow.next_due(7, '1 hour', due, due + interval '90 minutes') - due)
      FROM (SELECT hedgerow.next_due(7, '1 hour', '2026-01-01', '2026-01-01') AS due) d
      """)
    #expect(Double(gap ?? "") == 7200)
  }

  @Test func `what was asked for while a sync ran is done after it`() async throws {
    let shop = try await LinkedShop()
    let worker = Leases(shop.connection, worker: "w:1")
    let claim = try #require(try await worker.claimDue(1).first)
    try await shop.connection.execute("SELECT hedgerow.reload('shop')")
    var counts = RowCounts()
    counts.held = 0
    try await shop.connection.execute(try Commits.batch(claim, counts, cursor: nil, identity: nil, replaces: true))
    try await shop.connection.execute(
      try Commits.complete(claim, timings: [:], notes: [], bytes: nil, columns: nil, remote: nil, deletesChecked: false))
    let next = try #require(try await worker.claimDue(1).first)
    #expect(next.label == claim.label && next.mustReload)
    #expect(try await shop.value("SELECT trigger FROM hedgerow.history ORDER BY id DESC LIMIT 1") == "request")
  }

  @Test func `a schema that is being retried can be reloaded`() async throws {
    let shop = try await LinkedShop()
    let worker = Leases(shop.connection, worker: "w:1")
    let claim = try #require(try await worker.claimDue(1).first)
    try await worker.fail(claim, status: "failed", error: "it broke", hint: nil, retryAfter: .seconds(600), timings: "{}")
    #expect(try await worker.claimDue(1).isEmpty)
    try await shop.connection.execute("SELECT hedgerow.reload('shop', 'orders')")
    let next = try #require(try await worker.claimDue(1).first)
    #expect(next.mustReload && next.attempts == 0)
  }

  @Test func `failures in a row are counted, and a good sync ends the count`() async throws {
    let shop = try await LinkedShop()
    let worker = Leases(shop.connection, worker: "w:1")
    for attempts in 0...2 {
      let claim = try #require(try await worker.claimDue(1).first)
      #expect(claim.attempts == attempts)
      try await worker.fail(claim, status: "failed", error: "it broke", hint: nil, retryAfter: .zero, timings: "{}")
    }
    let claim = try #require(try await worker.claimDue(1).first)
    try await shop.connection.execute(
      try Commits.complete(claim, timings: [:], notes: [], bytes: nil, columns: nil, remote: nil, deletesChecked: false))
    #expect(try await shop.value("SELECT attempts FROM hedgerow.schema WHERE id = \(claim.schemaID)") == "0")
  }

  @Test(arguments: [
    ("SELECT hedgerow.sync_now('shop', 'items')", "shop.items is not enabled"),
    ("UPDATE hedgerow.schema SET enabled = false; SELECT hedgerow.sync_now('shop')", "source shop has no enabled schema"),
    ("SELECT hedgerow.pause('shop'); SELECT hedgerow.sync_now('shop')", "source shop is paused"),
    ("SELECT hedgerow.keep_history(0)", "history cannot be kept for 0 days"),
  ])
  func `what cannot be asked for is refused`(statements: String, message: String) async throws {
    let shop = try await LinkedShop()
    let error = await #expect(throws: PostgresError.self) { try await shop.connection.script(statements) }
    #expect(error?.message == message)
    #expect(error?.hint?.isEmpty == false)
  }

  @Test func `a new password lets what had stopped be tried again, and a new frequency counts at once`() async throws {
    let shop = try await LinkedShop()
    let worker = Leases(shop.connection, worker: "w:1")
    let claim = try #require(try await worker.claimDue(1).first)
    try await worker.fail(claim, status: "failed", error: "the password is wrong", hint: nil, retryAfter: nil, timings: "{}")
    #expect(try await worker.claimDue(1).isEmpty)
    try await Catalogue(shop.connection).setSource("shop", settings: "{}", sealedSecrets: [1])
    let next = try #require(try await worker.claimDue(1).first)
    try await shop.connection.execute(
      try Commits.complete(next, timings: [:], notes: [], bytes: nil, columns: nil, remote: nil, deletesChecked: false))
    let wait = "SELECT next_at - now() <= interval '90 seconds' FROM hedgerow.schema WHERE name = 'orders'" as SQL
    #expect(try await shop.value(wait) == "f")
    try await shop.connection.execute("SELECT hedgerow.set_source('shop', '{\"frequency\": \"1min\"}')")
    #expect(try await shop.value(wait) == "t")
  }

  @Test func `history older than it is kept goes, with its rejects, and what runs stays`() async throws {
    let shop = try await LinkedShop()
    let id = try await shop.schemaID()
    try await shop.connection.execute(
      """
      INSERT INTO hedgerow.history (schema_id, source, schema, table_name, mode, trigger, worker, lease_token, status, started_at, finished_at)
      SELECT \(id)::bigint, 'shop', 'orders', 'x', 'merge', 'schedule', 'w', 1, CASE WHEN i > 0 THEN 'completed' ELSE 'running' END,
        now() - make_interval(days => i * 10), CASE WHEN i > 0 THEN now() - make_interval(days => i * 10) END
      FROM generate_series(1, 20) i
      UNION ALL SELECT \(id)::bigint, 'shop', 'orders', 'x', 'merge', 'schedule', 'w', 1, 'running', now() - interval '100 days', NULL
      """)
    try await shop.connection.execute("INSERT INTO hedgerow.rejects (schema_id, sync_id, reason) SELECT \(id)::bigint, h.id, 'x' FROM hedgerow.history h")
    try await Catalogue(shop.connection).trimHistory()
    #expect(try await shop.value("SELECT count(*) || ' ' || (SELECT count(*) FROM hedgerow.rejects) FROM hedgerow.history") == "9 9")
    try await Catalogue(shop.connection).keepHistory(days: 25)
    try await Catalogue(shop.connection).trimHistory()
    #expect(try await shop.value("SELECT count(*) || ' ' || count(*) FILTER (WHERE status = 'running') FROM hedgerow.history") == "3 1")
  }

  /// 10,000 schemas of which nothing is due: the question for work is answered from an index, in a few milliseconds.
  @Test func `looking for work among ten thousand schemas costs little`() async throws {
    let shop = try await LinkedShop()
    try await shop.connection.script(
      """
      DELETE FROM hedgerow.source;
      INSERT INTO hedgerow.source (name, kind, prefix) SELECT 's' || i, 'postgres', 'p' || i FROM generate_series(1, 1000) i;
      INSERT INTO hedgerow.schema (source_id, name, namespace, table_name, remote, mode, enabled, next_at)
      SELECT o.id, 't' || j, 'warehouse', o.prefix || '_' || j, '{}', 'full_refresh', true, now() + interval '1 hour' FROM hedgerow.source o, generate_series(1, 10) j;
      ANALYZE hedgerow.source; ANALYZE hedgerow.schema;
      """)
    let worker = Leases(shop.connection, worker: "w:1")
    var times: [Duration] = []
    for _ in 1...9 {
      let began = ContinuousClock.now
      #expect(try await worker.claimDue(8).isEmpty)
      times.append(ContinuousClock.now - began)
    }
    // Some 3 ms on an idle machine; every two seconds, 50 ms would be 2.5% of a core.
    #expect(times.sorted()[4] < .milliseconds(50), "\(times)")
  }
}
