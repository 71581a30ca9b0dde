import Glibc
import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// What `hedgerow serve` promises, with real processes, a real source and a real warehouse.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ServeTests {
  private static let items = "CREATE TABLE items (id int PRIMARY KEY, note text); INSERT INTO items SELECT g, 'first' FROM generate_series(1, 1000) g;"

  private static func tables(_ count: Int) -> String {
    (1...count).map { "CREATE TABLE t\($0) (id int PRIMARY KEY); INSERT INTO t\($0) SELECT generate_series(1, 100);" }.joined()
  }

  @Test func `three processes share thirty schemas, and no sync is done twice`() async throws {
    let fixture = try await ServeFixture(Self.tables(30), connections: 9)
    var processes: [HedgerowProcess] = []
    for _ in 1...3 { processes.append(try await fixture.serve("--workers", "3")) }
    try await fixture.waitForCompleted(30, processes)
    #expect(try fixture.shop.warehouse("SELECT hedgerow.sync_now('shop')") == "30")
    try await fixture.waitForCompleted(60, processes)
    for process in processes { try await fixture.stop(process) }
    #expect(try fixture.history("count(*), count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE trigger = 'request'), count(DISTINCT worker)") == "60|60|30|3")
    #expect(try fixture.shop.warehouse("SELECT count(*) FROM (SELECT schema FROM hedgerow.history GROUP BY 1 HAVING count(*) = 2) s") == "30")
    for table in [1, 17, 30] { try fixture.shop.expectEqual("t\(table)") }
    try fixture.shop.expectNoLeftovers()
    // Each has a time of its own to come.
    #expect(try fixture.shop.warehouse("SELECT count(DISTINCT next_at) = 30 AND min(next_at) > now() + interval '1 h' AND max(next_at) < now() + interval '9 h' FROM hedgerow.status") == "t")
  }

  @Test func `a schema goes on elsewhere when its process is killed`() async throws {
    let fixture = try await ServeFixture(Self.items)
    let first = try await fixture.serve(failpoints: "before_commit=1:sleep:600000")
    try await fixture.wait("count(*) = 1 FROM pg_stat_activity WHERE application_name LIKE 'hedgerow sync %' AND query LIKE '%complete_sync%' AND datname = current_database()", [first])
    let second = try await fixture.serve()
    #expect(try fixture.history("count(*), min(status)") == "1|running")
    first.signal(SIGKILL)
    let killed = ContinuousClock.now
    try await fixture.waitForCompleted(1, timeout: .seconds(60), [second])
    // A lease lasts 30 s.
    #expect(ContinuousClock.now - killed < .seconds(40))
    #expect(try fixture.history("string_agg(status, ' ' ORDER BY id)") == "failed completed")
    try fixture.shop.expectEqual("items")
    try await fixture.stop(second)
    try fixture.shop.expectNoLeftovers()
  }

  @Test func `SIGTERM lets what runs come to its end, and begins nothing more`() async throws {
    let fixture = try await ServeFixture(Self.tables(3))
    let process = try await fixture.serve("--workers", "1", failpoints: "before_commit=1:sleep:3000")
    try await fixture.wait("count(*) = 1 FROM pg_stat_activity WHERE application_name LIKE 'hedgerow sync %' AND query LIKE '%complete_sync%' AND datname = current_database()", [process])
    try await fixture.stop(process)
    #expect(process.stderr.contains("stopping | running: 1 | grace: 30 s"), "\(process.stderr)")
    #expect(try fixture.history("count(*), min(status)") == "1|completed")
    try fixture.shop.expectNoLeftovers()
  }

  @Test(arguments: [false, true])
  func `what does not end within the grace, or before a second signal, is cancelled and goes on later`(isSecond: Bool) async throws {
    let fixture = try await ServeFixture(Self.items)
    let locker = try await fixture.shop.sourceSession()
    try await locker.begin()
    try await locker.execute("LOCK TABLE public.items IN ACCESS EXCLUSIVE MODE")
    let process = try await fixture.serve("--grace", isSecond ? "10min" : "1s", json: true)
    try await fixture.wait("count(*) = 1 FROM hedgerow.history WHERE status = 'running'", [process])
    let began = ContinuousClock.now
    if isSecond {
      process.signal(SIGTERM)
      try await process.waitUntilPrinted("stopping")
    }
    try await fixture.stop(process)
    #expect(ContinuousClock.now - began < .seconds(30))
    #expect(process.stderr.contains("\"message\":\"cancelling what still runs\""), "\(process.stderr)")
    #expect(try fixture.history("count(*), min(status)") == "1|cancelled")
    try fixture.shop.expectNoLeftovers()
    try await locker.commit()
    let next = try await fixture.serve()
    try await fixture.waitForCompleted(1, [next])
    try fixture.shop.expectEqual("items")
    try await fixture.stop(next)
  }

  @Test func `what psql asks for takes effect: sync_now, reload, pause, resume, set_schema`() async throws {
    let fixture = try await ServeFixture(Self.items)
    let process = try await fixture.serve()
    try await fixture.waitForCompleted(1, [process])
    let asked = ContinuousClock.now
    try fixture.shop.source("UPDATE items SET note = 'second'")
    try fixture.shop.warehouse("SELECT hedgerow.sync_now('shop', 'items')")
    try await fixture.waitForCompleted(2, [process])
    try fixture.shop.expectEqual("items")
    #expect(ContinuousClock.now - asked < .seconds(20))

    try fixture.shop.warehouse("SELECT hedgerow.pause('shop')")
    try fixture.shop.warehouse("UPDATE hedgerow.schema SET next_at = now()")
    try await Task.sleep(for: .seconds(5))
    #expect(try fixture.history("count(*)") == "2" && fixture.shop.status("status", of: "items") == "paused")
    try fixture.shop.warehouse("SELECT hedgerow.resume('shop')")
    try await fixture.waitForCompleted(3, [process])
    #expect(try fixture.history("string_agg(trigger, ' ' ORDER BY id)") == "schedule request schedule")

    try fixture.shop.warehouse("SELECT hedgerow.reload('shop')")
    try await fixture.waitForCompleted(4, [process])
    #expect(try fixture.shop.warehouse("SELECT must_reload FROM hedgerow.schema") == "f")
    try fixture.shop.warehouse("SELECT hedgerow.set_schema('shop', 'items', '{\"enabled\": \"false\", \"frequency\": \"1min\"}')")
    try fixture.shop.warehouse("SELECT hedgerow.set_schema('shop', 'items', '{\"enabled\": \"true\"}')")
    try await fixture.wait("next_at <= now() + interval '61 seconds' FROM hedgerow.status", [process])
    try await fixture.stop(process)
    try fixture.shop.expectNoLeftovers()
  }

  @Test func `a source that is down is tried again until it is back`() async throws {
    let proxy = try FaultProxy(to: .source)
    let url = try TestCluster.source.createDatabase(named: "source")
    try TestCluster.source.psql(Self.items, url)
    let fixture = try await ServeFixture("", through: proxy.url(for: url))
    proxy.refuse(true)
    let process = try await fixture.serve()
    try await fixture.wait("status = 'retrying' AND attempts = 1 AND next_at BETWEEN now() AND now() + interval '14 seconds' AND error <> '' FROM hedgerow.status", [process])
    proxy.refuse(false)
    try await fixture.waitForCompleted(1, [process])
    #expect(try fixture.shop.warehouse("SELECT status, attempts, error IS NULL FROM hedgerow.status") == "completed|0|t")
    #expect(process.stderr.contains("shop.items: ") && process.stderr.contains("retry in: 1"), "\(process.stderr)")
    try await fixture.stop(process)
  }

  @Test func `an error that stays stops the schema with a reason and a hint, until somebody looks at it`() async throws {
    let fixture = try await ServeFixture(Self.items)
    try fixture.shop.source("DROP TABLE items")
    let process = try await fixture.serve()
    try await fixture.wait("status = 'failed' AND error <> '' AND hint <> '' AND next_at IS NULL FROM hedgerow.status", [process])
    try await Task.sleep(for: .seconds(4))
    #expect(try fixture.history("count(*)") == "1")
    try fixture.shop.source(Self.items)
    try fixture.shop.warehouse("SELECT hedgerow.reload('shop')")
    try await fixture.waitForCompleted(1, [process])
    try fixture.shop.expectEqual("items")
    try await fixture.stop(process)
  }

  @Test func `a warehouse that restarts is waited for, and the work goes on`() async throws {
    let proxy = try FaultProxy(to: .warehouse)
    let fixture = try await ServeFixture(Self.items)
    let process = try await fixture.serve(database: proxy.url(for: fixture.shop.warehouseURL))
    try await fixture.waitForCompleted(1, [process])
    proxy.refuse(true)
    proxy.cut()
    try await process.waitUntilPrinted("It is asked again.")
    try fixture.shop.warehouse("SELECT hedgerow.sync_now('shop')")
    proxy.refuse(false)
    try await fixture.waitForCompleted(2, [process])
    try await fixture.stop(process)
    try fixture.shop.expectNoLeftovers()
  }

  @Test(arguments: [
    (["--workers", "0"], "--workers 0 is not between 1 and 256"), (["--grace", "soon"], "The value 'soon' is invalid"),
    (["--history-days", "0"], "history cannot be kept for 0 days"),
  ])
  func `options that cannot be are refused`(options: [String], text: String) async throws {
    let fixture = try SyncFixture()
    let result = try await fixture.run(["serve"] + options)
    #expect(result.exit == 2 && result.stderr.lowercased().contains(text.lowercased()), "\(result.exit): \(result.stderr)")
  }
}
