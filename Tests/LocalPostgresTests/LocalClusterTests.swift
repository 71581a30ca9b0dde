import Glibc
import TestSupport
import Testing

@testable import LocalPostgres

/// What a person or a test relies on when it keeps a private Postgres.
@Suite struct LocalClusterTests {
  @Test func `a new folder becomes a cluster that answers over the socket only`() throws {
    let cluster = try LocalCluster.create(at: TestFolder.fresh("deep/er/cluster"), settings: quick)
    try cluster.start()
    defer { try? cluster.stop(.immediate) }
    #expect(cluster.isRunning)
    #expect(cluster.socketDirectory == "\(cluster.directory)/socket")
    #expect(try ask(cluster, "SHOW listen_addresses") == "")
    #expect(
      try ask(cluster, "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database LIMIT 1") == "UTF8|C.UTF-8")
    #expect(try ask(cluster, "SELECT upper('größe')") == "GRÖSSE".replacing("SS", with: "ß"))
    #expect(try ask(cluster, "SHOW fsync") == "off")
    #expect(FreePort.isFree(cluster.port))
  }

  @Test func `starting twice and stopping twice are fine`() throws {
    let cluster = try LocalCluster.create(at: TestFolder.fresh("cluster"), settings: quick)
    #expect(!cluster.isRunning)
    #expect(cluster.pid == nil)
    try cluster.start()
    let first = try #require(cluster.pid)
    try cluster.start()
    #expect(cluster.pid == first)
    try cluster.stop(.smart)
    #expect(!cluster.isRunning)
    #expect(waitUntil(timeout: .seconds(2)) { kill(first, 0) != 0 }, "the process is gone, not a zombie")
    try cluster.stop(.fast)
  }

  @Test func `over TCP a role without a password is refused where passwords are asked for`() throws {
    let cluster = try LocalCluster.create(
      at: TestFolder.fresh("cluster"), settings: quick, access: .loopback(.password))
    try cluster.start()
    defer { try? cluster.stop(.immediate) }
    #expect(
      try ask(
        cluster, "CREATE ROLE reader LOGIN PASSWORD 'secret'; SELECT 1", at: cluster.socketURL(database: "postgres"))
        == "1")
    let url = cluster.url(database: "postgres", user: "reader")
    #expect(url == "postgresql://reader@127.0.0.1:\(cluster.port)/postgres")
    #expect(throws: (any Error).self) { try ask(cluster, "SELECT 2", at: url + "?sslmode=disable") }
    #expect(try ask(cluster, "SELECT 3", at: url.replacing("reader@", with: "reader:secret@")) == "3")
  }

  @Test(arguments: [#"de mo's "x", 100% \ größe 🌿"#, String(repeating: "long/", count: 30)])
  func `any path will do, also one too long for a socket`(name: String) throws {
    let cluster = try LocalCluster.create(at: "\(TestFolder.makeFolder("odd"))/\(name)", settings: quick)
    try cluster.start()
    defer { try? cluster.stop(.immediate) }
    #expect(try ask(cluster, "SELECT 1") == "1")
    let sockets = cluster.socketDirectory
    #expect("\(sockets)/.s.PGSQL.\(cluster.port)".utf8.count <= 100)
    try cluster.stop()
    #expect(sockets.hasPrefix(cluster.directory) || !Disk.exists(sockets), "nothing stays in /tmp")
  }

  @Test func `an immediate stop loses nothing that was committed`() throws {
    let cluster = try LocalCluster.create(at: TestFolder.fresh("cluster"), settings: quick)
    try cluster.start()
    try ask(cluster, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")
    try cluster.stop(.immediate)
    try cluster.start()
    defer { try? cluster.stop(.immediate) }
    #expect(try ask(cluster, "SELECT count(*) FROM t") == "1000")
  }

  @Test func `a server killed with SIGKILL starts again, though its backends linger`() throws {
    let cluster = try LocalCluster.create(at: TestFolder.fresh("cluster"), settings: quick)
    try cluster.start()
    let busy = try Command(
      "\(cluster.binaries.directory)/psql",
      ["-Xqc", "SELECT count(*) FROM generate_series(1, 1000000000)", cluster.url(database: "postgres")]
    ).start()
    defer { busy.signal(SIGKILL) }
    #expect(
      waitUntil(timeout: .seconds(20)) {
        (try? ask(
          cluster, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1000000000%' AND pid <> pg_backend_pid()"))
          == "1"
      })
    let killed = try #require(cluster.pid)
    kill(killed, SIGKILL)
    #expect(waitUntil(timeout: .seconds(5)) { !cluster.isRunning })
    #expect(Disk.exists("\(cluster.directory)/data/postmaster.pid"))
    try cluster.start()
    defer { try? cluster.stop(.immediate) }
    #expect(cluster.pid != killed)
    #expect(try ask(cluster, "SELECT 1") == "1")
  }

  @Test func `a stale postmaster.pid that names a stranger is no obstacle and does him no harm`() throws {
    let cluster = try LocalCluster.create(at: TestFolder.fresh("cluster"), settings: quick)
    let stranger = try cluster.account.command("/bin/sleep", ["600"]).start()
    defer { stranger.signal(SIGKILL) }
    try Disk.write(
      "\(stranger.pid)\n\(cluster.directory)/data\n1\n5432\n\n\n\nready   \n",
      to: "\(cluster.directory)/data/postmaster.pid", mode: 0o600, for: cluster.account)
    #expect(!cluster.isRunning)
    try cluster.stop(.immediate)
    #expect(stranger.isRunning)
    try cluster.start()
    #expect(try ask(cluster, "SELECT 1") == "1")
    #expect(stranger.isRunning)
    try cluster.stop(.immediate)
  }

  @Test func `a server that cannot start says why`() throws {
    let cluster = try LocalCluster.create(
      at: TestFolder.fresh("cluster"), settings: quick.merging(["shared_buffers": "lots"]) { $1 })
    let error = try #require(throws: LocalPostgresError.self) { try cluster.start() }
    #expect(error.kind == .failed)
    #expect(error.message.contains("did not start in \(cluster.directory)"))
    #expect(error.message.contains("invalid value for parameter \"shared_buffers\""))
  }

  @Test func `a taken port is named in the error`() throws {
    let first = try LocalCluster.create(at: TestFolder.fresh("cluster"), settings: quick, access: .loopback(.trust))
    try first.start()
    defer { try? first.stop(.immediate) }
    let second = try LocalCluster.create(
      at: TestFolder.fresh("cluster"), port: first.port, settings: quick, access: .loopback(.trust))
    let error = try #require(throws: LocalPostgresError.self) { try second.start() }
    #expect(error.message.contains("could not bind"))
    #expect(!second.isRunning)
  }

  @Test func `opening a running cluster again finds its port`() throws {
    let folder = TestFolder.fresh("cluster")
    let first = try LocalCluster.create(at: folder, settings: quick, access: .loopback(.trust))
    try first.start()
    defer { try? first.stop(.immediate) }
    let again = try LocalCluster.create(at: folder, settings: quick, access: .loopback(.trust))
    #expect(again.port == first.port)
    #expect(again.pid == first.pid)
    #expect(again.isRunning)
  }
}

/// A power cut would lose such a cluster; the tests do not cut the power.
let quick = ["fsync": "off", "shared_buffers": "16MB"]

/// Runs a statement with psql.
@discardableResult
func ask(_ cluster: LocalCluster, _ sql: String, at url: String? = nil) throws -> String {
  let target = url ?? cluster.url(database: "postgres")
  return String(
    try Command("\(cluster.binaries.directory)/psql", ["-XqAtw", "-v", "ON_ERROR_STOP=1", target], input: sql)
      .runOrThrow("psql").trimming(while: { $0 == "\n" }))
}

extension String {
  func trimming(while isWanted: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, isWanted(last) { text.removeLast() }
    return text
  }
}
