import Glibc
import TestSupport
import Testing

@testable import LocalPostgres

/// What `--embedded DIR` promises to processes that share a folder.
@Suite struct EmbeddedSessionTests {
  @Test func `the first one in makes and starts it, the last one out stops it`() throws {
    let folder = TestFolder.fresh("embedded")
    let first = try EmbeddedSession.open(directory: folder, settings: quick)
    let second = try EmbeddedSession.open(directory: folder, settings: quick)
    #expect(first.url == second.url)
    #expect(try ask(first.cluster, "SELECT current_database()", at: first.url) == "hedgerow")
    try first.close()
    try first.close()
    #expect(try ask(second.cluster, "SELECT 1", at: second.url) == "1")
    try second.close()
    #expect(!second.cluster.isRunning)
    #expect(second.cluster.pid == nil)
  }

  @Test func `what was written is there the next time`() throws {
    let folder = TestFolder.fresh("embedded")
    let before = try EmbeddedSession.open(directory: folder, settings: quick)
    try ask(before.cluster, "CREATE TABLE t AS SELECT 7 AS n", at: before.url)
    try before.close()
    let after = try EmbeddedSession.open(directory: folder, settings: quick)
    defer { try? after.close() }
    #expect(try ask(after.cluster, "SELECT n FROM t", at: after.url) == "7")
  }

  @Test func `a session that is let go leaves as well`() throws {
    let folder = TestFolder.fresh("embedded")
    let cluster = try { try EmbeddedSession.open(directory: folder, settings: quick).cluster }()
    #expect(!cluster.isRunning)
  }

  @Test func `the folder is closed to others, and the log is beside the data`() throws {
    let session = try EmbeddedSession.open(directory: TestFolder.fresh("embedded"), settings: quick)
    defer { try? session.close() }
    let folder = session.cluster.directory
    #expect(Disk.status(of: folder)?.st_mode == S_IFDIR | 0o700)
    #expect(Disk.status(of: session.cluster.socketDirectory)?.st_mode == S_IFDIR | 0o700)
    #expect(Disk.entries(of: folder) == ["data", "hedgerow.lock", "postgres.log", "socket", "start.lock"])
    #expect(Disk.read("\(folder)/postgres.log")?.contains("ready to accept connections") == true)
  }

  @Test func `twenty at once, in and out, always find a server and leave none`() async throws {
    let folder = TestFolder.fresh("embedded")
    let rounds = 5
    let answers = await withTaskGroup(of: [String].self) { group in
      for number in 0..<20 {
        group.addTask { await onOwnThread { visit(folder, number: number, rounds: rounds) } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(answers == Array(repeating: "1", count: 20 * rounds))
    let left = try LocalCluster.create(at: folder, settings: quick)
    #expect(!left.isRunning)
    try left.start()
    #expect(try ask(left, "SELECT count(*) FROM t", at: left.url(database: "hedgerow")) == "\(20 * rounds)")
    try left.stop()
  }

  @Test func `several processes that start at once share one server`() async throws {
    let folder = TestFolder.fresh("embedded")
    async let a: Void = visitInProcess(folder)
    async let b: Void = visitInProcess(folder)
    async let c: Void = visitInProcess(folder)
    async let d: Void = visitInProcess(folder)
    _ = await (a, b, c, d)
    #expect(!(try LocalCluster.create(at: folder, settings: quick)).isRunning)
    let log = try #require(Disk.read("\(folder)/postgres.log"))
    #expect(log.contains("database system is shut down"))
    #expect(!log.contains("not properly shut down"))
  }

  @Test func `a server that a killed process left running is used, and stopped by the next`() async throws {
    let folder = TestFolder.fresh("embedded")
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      let session = try EmbeddedSession.open(directory: folder, settings: quick)
      try ask(session.cluster, "CREATE TABLE t AS SELECT 7 AS n", at: session.url)
      kill(getpid(), SIGKILL)
    }
    let left = try LocalCluster.create(at: folder, settings: quick)
    let pid = try #require(left.pid)
    let next = try EmbeddedSession.open(directory: folder, settings: quick)
    #expect(next.cluster.pid == pid)
    #expect(try ask(next.cluster, "SELECT n FROM t", at: next.url) == "7")
    try next.close()
    #expect(!left.isRunning)
  }

  @Test(arguments: [100, 300, 600, 1200] as [UInt32])
  func `a first run that is killed at any moment is not in the way of the second`(milliseconds: UInt32) async throws {
    let folder = TestFolder.fresh("embedded")
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String, milliseconds = milliseconds as UInt32] in
      async let _ = onOwnThread { try? EmbeddedSession.open(directory: folder, settings: quick) }
      usleep(milliseconds * 1000)
      kill(getpid(), SIGKILL)
    }
    let session = try EmbeddedSession.open(directory: folder, settings: quick)
    #expect(try ask(session.cluster, "SELECT current_database()", at: session.url) == "hedgerow")
    try session.close()
    #expect(!session.cluster.isRunning)
  }

  @Test func `a server that crashed is started again by the next, though others are still in`() throws {
    let folder = TestFolder.fresh("embedded")
    let first = try EmbeddedSession.open(directory: folder, settings: quick)
    defer { try? first.close() }
    kill(try #require(first.cluster.pid), SIGKILL)
    let second = try EmbeddedSession.open(directory: folder, settings: quick)
    #expect(try ask(second.cluster, "SELECT 1", at: second.url) == "1")
    try second.close()
    #expect(first.cluster.isRunning)
  }

  @Test func `the server keeps no descriptor of ours open`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let session = try EmbeddedSession.open(directory: TestFolder.fresh("embedded"), settings: quick)
    defer { try? session.close() }
    close(ends[1])
    let end = ends[0]
    _ = fcntl(end, F_SETFL, O_NONBLOCK)
    // Short-lived children of other tests may hold it for a moment; the server lives as long as the session.
    let isFree = waitUntil(timeout: .seconds(60)) {
      var byte: UInt8 = 0
      return read(end, &byte, 1) == 0
    }
    #expect(isFree, "the end of the pipe is seen: nobody else holds it")
    close(end)
  }
}

private func visitInProcess(_ folder: String) async {
  await #expect(processExitsWith: .success) { [folder = folder as String] in
    #expect(visit(folder, number: Int(getpid()), rounds: 3) == ["1", "1", "1"])
  }
}

/// Comes and goes; each time it leaves a row.
private func visit(_ folder: String, number: Int, rounds: Int) -> [String] {
  (0..<rounds).map { round in
    do {
      let session = try EmbeddedSession.open(directory: folder, settings: quick)
      defer { try? session.close() }
      let sql = """
        SELECT pg_advisory_lock(1) \\gset
        CREATE TABLE IF NOT EXISTS t (n int);
        INSERT INTO t VALUES (\(number * 100 + round));
        SELECT 1
        """
      return try ask(session.cluster, sql, at: session.url + "&options=-cclient_min_messages%3Dwarning")
    } catch {
      return "\(error)"
    }
  }
}
