import Postgres
import SQLText
import TestSupport
import Testing

@Suite struct CancellerTests {
  @Test func `a session whose cancel may come late is used for nothing more`() async throws {
    let proxy = try FaultProxy(to: .source)
    let pool = ConnectionPool(limit: 1) { try await connect(.source, proxy.url(for: TestCluster.source.url())) }
    let connection = try await pool.acquire()
    let watcher = try await connect()
    let task = Task { try await connection.query("SELECT pg_sleep(300)") }
    let isActive: SQL = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(connection.backendPID) AND state = 'active')"
    #expect(try await eventually(isActive, on: watcher))
    proxy.stall()
    await onOwnThread { connection.cancel() }
    #expect(try await watcher.query(isActive)[0].values[0] == "t", "the cancel is still on its way")
    proxy.resume()
    let error = await #expect(throws: PostgresError.self) { try await task.value }
    #expect(error?.sqlState == "57014")

    #expect(await !connection.isIdle)
    let next = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(next?.kind == .connectionLost)
    await pool.release(connection)
    #expect(try await pool.acquire() !== connection)
  }

  @Test func `a session whose cancel the server has taken goes on`() async throws {
    let connection = try await connect()
    await onOwnThread { connection.cancel() }
    #expect(try await eventually("SELECT true", on: connection))
    #expect(await connection.isIdle)
  }
}
