import Postgres
import Rows
import SQLText
import TestSupport
import Testing

@Suite struct CopyTests {
  @Test(arguments: EdgeValues.all)
  func `rows that were read and written in the binary format are the same to the byte`(values: EdgeValues) async throws {
    let connection = try await connect()
    try await connection.execute("CREATE TEMPORARY TABLE given (n int, v \(SQL(verbatim: values.type)))")
    try await connection.execute("CREATE TEMPORARY TABLE taken (LIKE pg_temp.given)")
    for (n, value) in (values.texts + [nil]).enumerated() {
      try await connection.execute("INSERT INTO pg_temp.given VALUES (\(n), \(Literal(value))::\(SQL(verbatim: values.type)))")
    }
    let first = try await read("SELECT * FROM pg_temp.given", on: connection)
    #expect(first.rows == values.texts.count + 1)
    try await connection.beginCopyIn("COPY pg_temp.taken FROM STDIN (FORMAT binary)")
    try await connection.write(first)
    #expect(try await connection.endCopyIn() == first.rows)
    #expect(try await read("SELECT * FROM pg_temp.taken", on: connection).bytes == first.bytes)
    let differing = try await connection.query(
      "SELECT count(*) AS n FROM pg_temp.given g JOIN pg_temp.taken t USING (n) WHERE g.v::text IS DISTINCT FROM t.v::text")
    #expect(differing[0]["n"] == "0")
  }

  @Test(arguments: [CopyFormat.binary, .text, .csv], [0, 1, 7, 5000])
  func `every row is counted, in batches of some size that cut none`(format: CopyFormat, rows: Int) async throws {
    let connection = try await connect()
    let sql: SQL = """
      COPY (SELECT i, repeat('x', i % 90) FROM generate_series(1, \(SQL(verbatim: "\(rows)"))) i) TO STDOUT (FORMAT \(SQL(verbatim: format.rawValue)))
      """
    try await connection.beginCopyOut(sql, format: format)
    var (count, batches) = (0, 0)
    while let batch = try await connection.readCopy(size: 4096) {
      count += batch.rows
      batches += 1
      #expect(batch.bytes.count < 4096 + 8192)
    }
    #expect(count == rows)
    if rows == 5000 { #expect(batches > 10) }
    #expect(try await connection.readCopy(size: 4096) == nil)
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `a value of many megabytes goes through as a batch of its own`() async throws {
    let connection = try await connect()
    try await connection.execute("CREATE TEMPORARY TABLE big (v text)")
    let batch = try await read("SELECT repeat('größe 🌿', 2000000)", on: connection)
    #expect(batch.rows == 1)
    try await connection.beginCopyIn("COPY pg_temp.big FROM STDIN (FORMAT binary)")
    try await connection.write(batch)
    #expect(try await connection.endCopyIn() == 1)
    let row = try await connection.query("SELECT md5(v) = md5(repeat('größe 🌿', 2000000)) AS same FROM pg_temp.big")[0]
    #expect(row.bool("same"))
  }

  @Test func `an error in the middle of reading leaves the session usable`() async throws {
    let connection = try await connect()
    try await connection.beginCopyOut("COPY (SELECT 1 / (5000 - i) FROM generate_series(1, 9000) i) TO STDOUT (FORMAT binary)", format: .binary)
    let error = await #expect(throws: PostgresError.self) { while try await connection.readCopy(size: 4096) != nil {} }
    #expect(error?.sqlState == "22012")
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test(arguments: ["SELECT no_such_column", "SELECT 1/0"])
  func `an error before the first row does too`(query: String) async throws {
    let connection = try await connect()
    await #expect(throws: PostgresError.self) {
      try await connection.beginCopyOut("COPY (\(SQL(verbatim: query))) TO STDOUT (FORMAT binary)", format: .binary)
      _ = try await connection.readCopy(size: 4096)
    }
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `an error in the middle of writing leaves the session usable and no row`() async throws {
    let connection = try await connect()
    try await connection.execute("CREATE TEMPORARY TABLE t (n int CHECK (n <> 20000))")
    let batch = try await read("SELECT i FROM generate_series(1, 200000) i", on: connection)
    try await connection.beginCopyIn("COPY pg_temp.t FROM STDIN (FORMAT binary)")
    let error = await #expect(throws: PostgresError.self) {
      try await connection.write(batch)
      _ = try await connection.endCopyIn()
    }
    #expect(error?.sqlState == "23514")
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT count(*) AS n FROM pg_temp.t")[0]["n"] == "0")
  }

  @Test func `bytes that are no rows are refused, and the session is usable`() async throws {
    let connection = try await connect()
    try await connection.execute("CREATE TEMPORARY TABLE t (n int)")
    try await connection.beginCopyIn("COPY pg_temp.t FROM STDIN (FORMAT binary)")
    let error = await #expect(throws: PostgresError.self) {
      try await connection.write(Batch(bytes: Array("nonsense".utf8), rows: 1))
      _ = try await connection.endCopyIn()
    }
    #expect(error?.sqlState == "22P04")
    #expect(try await connection.query("SELECT count(*) AS n FROM pg_temp.t")[0]["n"] == "0")
  }

  @Test func `an abandoned COPY keeps no row`() async throws {
    let connection = try await connect()
    try await connection.execute("CREATE TEMPORARY TABLE t (n int)")
    let batch = try await read("SELECT i FROM generate_series(1, 1000) i", on: connection)
    try await connection.beginCopyIn("COPY pg_temp.t FROM STDIN (FORMAT binary)")
    try await connection.write(batch)
    await connection.abandonCopyIn()
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT count(*) AS n FROM pg_temp.t")[0]["n"] == "0")
  }

  @Test func `a cancelled task ends the read of its COPY`() async throws {
    let connection = try await connect()
    try await connection.beginCopyOut("COPY (SELECT i, pg_sleep(0.01) FROM generate_series(1, 100000) i) TO STDOUT (FORMAT binary)", format: .binary)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      while try await connection.readCopy(size: 4096) != nil {}
    }
    task.cancel()
    let error = await #expect(throws: PostgresError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    await connection.rollback()
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `a task that is cancelled while it waits for rows does not wait for them`() async throws {
    let connection = try await connect()
    let watcher = try await connect()
    try await connection.beginCopyOut("COPY (SELECT i, CASE WHEN i = 1 THEN repeat('x', 100000) ELSE pg_sleep(300)::text END FROM generate_series(1, 9) i) TO STDOUT (FORMAT binary)", format: .binary)
    let task = Task { while try await connection.readCopy(size: 4096) != nil {} }
    #expect(
      try await eventually(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(connection.backendPID) AND wait_event = 'PgSleep')", on: watcher))
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: PostgresError.self) { try await task.value }
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  private func read(_ query: SQL, on connection: Connection) async throws -> Batch {
    try await connection.beginCopyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)", format: .binary)
    var whole = Batch(bytes: [], rows: 0)
    while let batch = try await connection.readCopy(size: 65536) {
      whole.bytes += batch.bytes
      whole.rows += batch.rows
    }
    return whole
  }
}
