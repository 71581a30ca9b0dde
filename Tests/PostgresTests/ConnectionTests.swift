import Postgres
import SQLText
import TestSupport
import Testing

@Suite struct ConnectionTests {
  @Test func `values read the same whatever a database's settings say`() async throws {
    let url = try TestCluster.source.createDatabase()
    try TestCluster.source.psql(
      """
      SELECT format('ALTER DATABASE %I SET %s', current_database(), s) FROM unnest(ARRAY['datestyle = ''German''',
        'intervalstyle = ''iso_8601''', 'timezone = ''Asia/Kathmandu''', 'extra_float_digits = -5', 'bytea_output = ''escape''',
        'search_path = ''public''', 'standard_conforming_strings = off', 'lock_timeout = ''5s''']) s \\gexec
      """, url)
    let connection = try await connect(.source, url)
    let row = try await connection.query(
      """
      SELECT '2024-03-31 12:00+00'::timestamptz::text, '1 day 02:00'::interval::text, 0.1::float8::text, '\\x00ff'::bytea::text,
        current_setting('search_path'), current_setting('lock_timeout')
      """)[0]
    #expect(row.values == ["2024-03-31 12:00:00+00", "1 day 02:00:00", "0.1", "\\x00ff", "pg_catalog", "0"])
    #expect(connection.serverVersion >= 130_000)
    #expect(!connection.isPooled)
  }

  @Test func `rows have their columns by name, NULL as nil`() async throws {
    let row = try await connect().query("SELECT 1 AS a, NULL::text AS b, '' AS c, true AS d, 2.5 AS e")[0]
    #expect(row.integer("a") == 1)
    #expect(row["b"] == nil)
    #expect(row["c"] == "")
    #expect(row.bool("d"))
    #expect(row.double("e") == 2.5)
    #expect(throws: PostgresError.self) { try row.text("b") }
  }

  @Test func `a refused statement says why and leaves the session as it was`() async throws {
    let connection = try await connect()
    let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1/0") }
    #expect(error?.kind == .refused)
    #expect(error?.sqlState == "22012")
    #expect(error?.isTransient == false)
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `a cancelled task ends its statement at the server`() async throws {
    let connection = try await connect()
    let watcher = try await connect()
    let task = Task { try await connection.query("SELECT pg_sleep(300)") }
    #expect(try await eventually(isActive(connection), on: watcher))
    let start = ContinuousClock.now
    task.cancel()
    let error = await #expect(throws: PostgresError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(try await watcher.query(isActive(connection))[0].values[0] == "f")
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `a task that is cancelled already sends nothing`() async throws {
    let connection = try await connect()
    try await connection.execute("CREATE TEMPORARY TABLE t (n int)")
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await connection.execute("INSERT INTO pg_temp.t VALUES (1)")
    }
    task.cancel()
    let error = await #expect(throws: PostgresError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(try await connection.query("SELECT count(*) AS n FROM pg_temp.t")[0]["n"] == "0")
  }

  @Test func `a statement that somebody else cancelled is refused, not cancelled`() async throws {
    let connection = try await connect()
    let other = try await connect()
    let task = Task { try await connection.query("SELECT pg_sleep(300)") }
    #expect(try await eventually(isActive(connection), on: other))
    try await other.execute("SELECT pg_cancel_backend(\(connection.backendPID))")
    let error = await #expect(throws: PostgresError.self) { try await task.value }
    #expect(error?.kind == .refused)
    #expect(error?.sqlState == "57014")
  }

  @Test func `a session whose process was ended is lost, and says so from then on`() async throws {
    let connection = try await connect()
    let other = try await connect()
    let task = Task { try await connection.query("SELECT pg_sleep(300)") }
    #expect(try await eventually(isActive(connection), on: other))
    try await other.execute("SELECT pg_terminate_backend(\(connection.backendPID))")
    let error = await #expect(throws: PostgresError.self) { try await task.value }
    #expect(error?.kind == .connectionLost)
    #expect(error?.isTransient == true)
    let next = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(next?.kind == .connectionLost)
    #expect(await connection.isBroken)
    #expect(await !connection.isIdle)
  }

  @Test func `an idle session whose process was ended is lost at its next statement`() async throws {
    let connection = try await connect()
    let other = try await connect()
    let pid = connection.backendPID
    try await other.execute("SELECT pg_terminate_backend(\(pid))")
    #expect(try await eventually("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(pid))", on: other))
    let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(error?.kind == .connectionLost)
  }

  @Test func `a closed port cannot be connected to, which may pass`() async throws {
    let parameters = ConnectionParameters(["host": "127.0.0.1", "port": "1", "user": "x", "password": "planted-secret"])
    let error = await #expect(throws: PostgresError.self) { _ = try await Connection.open(parameters) }
    #expect(error?.kind == .cannotConnect)
    #expect(error?.isTransient == true)
    #expect(error.map { "\($0)" }?.contains("planted-secret") == false)
  }

  @Test func `an absent database is a state of its own, which does not pass`() async throws {
    let parameters = try ConnectionParameters(url: TestCluster.source.url(database: "no such database"))
    let error = await #expect(throws: PostgresError.self) { _ = try await Connection.open(parameters) }
    #expect(error?.sqlState == "3D000")
    #expect(error?.isTransient == false)
  }

  private func isActive(_ connection: Connection) -> SQL {
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(connection.backendPID) AND state = 'active')"
  }
}
