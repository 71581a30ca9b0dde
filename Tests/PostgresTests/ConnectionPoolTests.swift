import Postgres
import Rows
import SQLText
import Synchronization
import TestSupport
import Testing

@Suite struct ConnectionPoolTests {
  @Test(arguments: [1, 3]) func `there are never more sessions than the limit`(limit: Int) async throws {
    let name = "pool-limit-\(limit)"
    let pool = ConnectionPool(limit: limit) { try await connect(name: name) }
    let use = Use()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          let connection = try await pool.acquire()
          use.most.max(use.now.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
          let row = try await connection.query(
            "SELECT count(*) AS n, pg_sleep(0.01) FROM pg_stat_activity WHERE application_name = \(name)")[0]
          #expect((row.integer("n") ?? 99) <= limit)
          use.now.subtract(1, ordering: .relaxed)
          await pool.release(connection)
        }
      }
      try await group.waitForAll()
    }
    #expect(use.most.load(ordering: .relaxed) <= limit)
  }

  @Test func `a session that is given back is the next one's`() async throws {
    let pool = ConnectionPool(limit: 2) { try await connect() }
    let first = try await pool.acquire()
    await pool.release(first)
    #expect(try await pool.acquire() === first)
    let second = try await pool.acquireIfFree()
    #expect(second != nil)
    #expect(second !== first)
    #expect(try await pool.acquireIfFree() == nil)
  }

  @Test func `an open transaction is rolled back when its session is given back`() async throws {
    let pool = ConnectionPool(limit: 1) { try await connect() }
    let connection = try await pool.acquire()
    try await connection.execute("CREATE TEMPORARY TABLE t (n int)")
    try await connection.begin()
    try await connection.execute("INSERT INTO pg_temp.t VALUES (1)")
    await pool.release(connection)
    let again = try await pool.acquire()
    #expect(again === connection)
    #expect(try await again.query("SELECT count(*) AS n FROM pg_temp.t")[0]["n"] == "0")
  }

  @Test func `a session in the middle of a COPY is usable again when it is given back`() async throws {
    let pool = ConnectionPool(limit: 1) { try await connect() }
    let connection = try await pool.acquire()
    try await connection.begin()
    try await connection.beginCopyOut("COPY (SELECT generate_series(1, 3000000)) TO STDOUT (FORMAT binary)", format: .binary)
    #expect(try await connection.readCopy(size: 1000) != nil)
    await pool.release(connection)
    let next = try await pool.acquire()
    #expect(try await next.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `a broken session is replaced, and a failure to open one frees its place`() async throws {
    let use = Use()
    let pool = ConnectionPool(limit: 1) {
      if use.now.add(1, ordering: .relaxed).newValue == 2 { throw PostgresError(.cannotConnect, "no") }
      return try await connect()
    }
    let first = try await pool.acquire()
    _ = try? await first.query("SELECT pg_terminate_backend(pg_backend_pid())")
    #expect(await first.isBroken)
    await pool.release(first)
    await #expect(throws: PostgresError.self) { _ = try await pool.acquire() }
    let third = try await pool.acquire()
    #expect(third !== first)
    #expect(try await third.query("SELECT 1 AS one")[0]["one"] == "1")
  }
}

/// How many are at it now, and were at most.
private final class Use: Sendable {
  let now = Atomic<Int>(0)
  let most = Atomic<Int>(0)
}
