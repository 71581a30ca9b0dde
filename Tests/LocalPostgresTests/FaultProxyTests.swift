import Glibc
import LocalPostgres
import TestSupport
import Testing

/// The proxy that the tests of failures lean on does what it says.
@Suite struct FaultProxyTests {
  private let server: TestCluster
  private let proxy: FaultProxy
  private let direct: String
  private let through: String

  init() throws {
    server = .source
    proxy = try FaultProxy(to: server)
    direct = try server.createDatabase(named: "proxied")
    through = proxy.url(for: direct)
  }

  @Test func `without faults everything passes, and is counted`() async throws {
    #expect(try server.psql("SELECT repeat('x', 10000000)", through).utf8.count == 10_000_000)
    #expect(proxy.bytes(.toClient) > 10_000_000)
    #expect((1..<10_000).contains(proxy.bytes(.toServer)))
    #expect(proxy.acceptedConnections == 1)
    #expect(proxy.cutConnections == 0)
    #expect(
      await soon { proxy.openConnections == 0 }, "the client's farewell reaches the server, and the server's the client"
    )
  }

  @Test func `a cut breaks a running statement on both sides`() async throws {
    let client = try start("SELECT pg_sleep(600)")
    #expect(await soon { active() == "1" })
    proxy.cut()
    let ended = try #require(await client.wait())
    #expect(ended.exit == 2)
    #expect(
      ended.stderr.contains("Connection reset by peer") || ended.stderr.contains("closed the connection unexpectedly"))
    #expect(proxy.cutConnections == 1)
    try server.psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'", direct)
    #expect(await soon { active() == "0" })
    #expect(try server.psql("SELECT 1", through) == "1", "the proxy itself goes on")
  }

  @Test(arguments: [1, 70_000, 3_000_000])
  func `a cut after so many bytes lets just those pass`(count: Int) async throws {
    proxy.cut(afterBytes: count, .toClient)
    #expect(throws: TestFailure.self) { try server.psql("SELECT repeat('x', 5000000)", through) }
    #expect(await proxy.waitForCut())
    #expect(proxy.bytes(.toClient) == count)
    #expect(try server.psql("SELECT 1", through) == "1", "it happens once")
  }

  @Test func `a cut before the commit reaches the server undoes the transaction`() async throws {
    try server.psql("CREATE TABLE t (n int)", direct)
    proxy.cut(at: "COMMIT", .beforeForwarding)
    #expect(throws: TestFailure.self) { try server.psql("BEGIN; INSERT INTO t VALUES (1);\nCOMMIT;", through) }
    #expect(proxy.cutConnections == 1)
    #expect(await soon { active() == "0" })
    #expect(try server.psql("SELECT count(*) FROM t", direct) == "0")
  }

  @Test func `a cut before the answer to the commit leaves it done`() async throws {
    try server.psql("CREATE TABLE t (n int)", direct)
    proxy.cut(at: "COMMIT", .beforeAnswer)
    #expect(throws: TestFailure.self) { try server.psql("BEGIN; INSERT INTO t VALUES (1);\nCOMMIT;", through) }
    #expect(proxy.cutConnections == 1)
    #expect(try server.psql("SELECT count(*) FROM t", direct) == "1")
    #expect(
      try server.psql("BEGIN; INSERT INTO t VALUES (2);\nCOMMIT; SELECT count(*) FROM t", through) == "2",
      "it happens once")
  }

  @Test func `the third commit can be the one that is cut`() async throws {
    try server.psql("CREATE TABLE t (n int)", direct)
    proxy.cut(at: "COMMIT", .beforeForwarding, occurrence: 3)
    let one = "BEGIN;\nINSERT INTO t VALUES (1);\nCOMMIT;\n"
    #expect(throws: TestFailure.self) { try server.psql(one + one + one + one, through) }
    #expect(await soon { active() == "0" })
    #expect(try server.psql("SELECT count(*) FROM t", direct) == "2")
  }

  @Test func `a delay is felt by each answer`() throws {
    let quick = try time { try server.psql("SELECT 1", through) }.took
    proxy.delay(milliseconds: 100)
    // The start-up and the statement each go there and back.
    let slow = try time { try server.psql("SELECT 1", through) }.took
    #expect(slow - quick > .milliseconds(390))
  }

  @Test func `a trickle is as slow as it says, and loses nothing`() throws {
    proxy.trickle(bytesPerSecond: 20_000)
    let (text, took) = try time { try server.psql("SELECT repeat('x', 20000)", through) }
    #expect(text.utf8.count == 20_000)
    #expect(took > .milliseconds(700))
  }

  @Test func `in a stall nothing passes and nobody is told`() async throws {
    let client = try start(try waitForGo)
    #expect(await soon { active() == "1" })
    proxy.stall()
    let before = proxy.bytes(.toClient)
    try server.psql("INSERT INTO go VALUES (1)", direct)
    #expect(await soon { active() == "0" }, "the server is ready long before the client hears of it")
    #expect(client.isRunning)
    #expect(proxy.bytes(.toClient) == before)
    let late = try start("SELECT 'late'")
    #expect(await soon { proxy.acceptedConnections == 2 })
    #expect(late.isRunning)
    proxy.resume()
    #expect(try #require(await client.wait()).stdout == "done\n")
    #expect(try #require(await late.wait()).stdout == "late\n")
  }

  @Test func `refused connections are refused by the system, the others go on`() async throws {
    let client = try start(try waitForGo)
    #expect(await soon { active() == "1" })
    proxy.refuse(true)
    let error = try #require(throws: TestFailure.self) { try server.psql("SELECT 1", through) }
    #expect(error.description.contains("Connection refused"))
    proxy.refuse(false)
    #expect(try server.psql("INSERT INTO go VALUES (1) RETURNING 1", through) == "1")
    #expect(try #require(await client.wait()).stdout == "done\n")
  }

  @Test func `healing takes every fault back`() throws {
    proxy.refuse(true)
    proxy.stall()
    proxy.delay(milliseconds: 10_000)
    proxy.trickle(bytesPerSecond: 1)
    proxy.cut(afterBytes: 1, .toClient)
    proxy.cut(at: "SELECT", .beforeForwarding)
    proxy.heal()
    let (text, took) = try time { try server.psql("SELECT 1", through) }
    #expect(text == "1")
    #expect(took < .seconds(9))
  }

  @Test(arguments: [
    ("postgresql://u:p%40@db.example:5432/shop", "postgresql://u:p%40@127.0.0.1:1/shop"),
    ("postgres://u@/shop?host=%2Ftmp&port=5433&sslmode=disable", "postgres://u@127.0.0.1:1/shop?sslmode=disable"),
    ("postgresql://[::1]:5432", "postgresql://127.0.0.1:1"),
    ("postgresql:///a?hostaddr=10.0.0.1", "postgresql://127.0.0.1:1/a"),
  ])
  func `a URI is led to the proxy`(original: String, rewritten: String) {
    #expect(proxy.url(for: original) == rewritten.replacing("127.0.0.1:1", with: "127.0.0.1:\(proxy.port)"))
  }

  private func start(_ sql: String) throws -> ChildProcess {
    try Command("\(server.cluster.binaries.directory)/psql", ["-XqAt", through], input: sql).start()
  }

  /// A statement that ends when there is a row in the table `go`.
  private var waitForGo: String {
    get throws {
      try server.psql("CREATE TABLE go (n int)", direct)
      return "DO 'BEGIN WHILE NOT EXISTS (SELECT FROM go) LOOP PERFORM pg_sleep(0.01); END LOOP; END';\nSELECT 'done';"
    }
  }

  /// How many other sessions of the test's database run or are in a transaction.
  private func active() -> String {
    (try? server.psql(
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
      """, direct)) ?? "?"
  }
}

extension ChildProcess {
  /// Waits for its end, for a minute at most.
  fileprivate func wait() async -> Result? { await onOwnThread { self.wait(timeout: .seconds(60)) } }
}

private func soon(_ isTrue: @escaping @Sendable () -> Bool) async -> Bool {
  await onOwnThread { waitUntil(timeout: .seconds(20), isTrue) }
}

private func time(_ body: () throws -> String) rethrows -> (text: String, took: Duration) {
  let start = ContinuousClock.now
  return (try body(), ContinuousClock.now - start)
}
