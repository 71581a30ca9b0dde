import Glibc
import LocalPostgres
import TestSupport
import Testing

/// The servers and processes that other tests lean on.
@Suite struct TestClusterTests {
  @Test func `the two shared servers are ready for every kind of test`() throws {
    #expect(TestCluster.source.port != TestCluster.warehouse.port)
    for server in [TestCluster.source, .warehouse] {
      #expect(
        try server.psql("SHOW wal_level; SHOW max_prepared_transactions; SHOW max_connections") == "logical\n20\n500")
      #expect(try server.psql("SELECT system_identifier IS NULL FROM pg_control_system()") == "f")
    }
  }

  @Test func `each database is new and empty`() throws {
    let first = try TestCluster.source.createDatabase()
    let second = try TestCluster.source.createDatabase()
    #expect(first != second)
    try TestCluster.source.psql("CREATE TABLE t (n int)", first)
    #expect(try TestCluster.source.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", second) == "0")
  }

  @Test func `an error in a statement is thrown, with its text`() throws {
    let error = try #require(throws: TestFailure.self) { try TestCluster.source.psql("SELECT 1; SELECT 1/0; SELECT 2") }
    #expect(error.description.contains("division by zero"))
  }

  @Test func `a crash keeps what was committed, and the port`() throws {
    let server = try TestCluster.start(settings: ["shared_buffers": "16MB"])
    #expect(try server.psql("SHOW shared_buffers; SHOW wal_level") == "16MB\nlogical")
    let url = try server.createDatabase()
    try server.psql("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n", url)
    try server.crash()
    #expect(!server.isRunning)
    try server.start()
    #expect(try server.psql("SELECT count(*) FROM t", url) == "1000")
    #expect(server.log.contains("automatic recovery in progress"))
    try server.restart(.smart)
    #expect(try server.psql("SELECT 1", url) == "1")
    try server.remove()
    #expect(access(server.cluster.directory, F_OK) != 0)
  }

  @Test func `nothing is left when a test process ends, however it ends`() async throws {
    let clean = try #require(
      await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
        print(TestFolder.path, TestCluster.source.cluster.pid ?? 0)
      })
    let gone = try folderAndServer(clean.standardOutputContent)
    #expect(access(gone.folder, F_OK) != 0)
    #expect(RunningProcess(gone.server) == nil)
  }

  @Test func `what a killed test process left goes when the next one starts`() async throws {
    let killed = try #require(
      await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
        print(TestFolder.path, TestCluster.source.cluster.pid ?? 0)
        fflush(nil)
        kill(getpid(), SIGKILL)
      })
    let left = try folderAndServer(killed.standardOutputContent)
    await #expect(processExitsWith: .success) { print(TestFolder.path) }
    #expect(access(left.folder, F_OK) != 0)
    #expect(RunningProcess(left.server) == nil)
  }

  private func folderAndServer(_ output: [UInt8]) throws -> (folder: String, server: Int32) {
    let line = String(decoding: output, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("/tmp/") }
    let words = try #require(line).split(separator: " ")
    return (String(words[0]), try #require(Int32(words[1])))
  }
}
