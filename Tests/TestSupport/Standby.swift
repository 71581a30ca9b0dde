import Glibc
import LocalPostgres

/// A streaming standby of a test's server, made with `pg_basebackup` in a private folder.
public struct Standby: Sendable {
  private let folder: String
  private let binaries: String
  private let owner: (user: uid_t, group: gid_t)
  public let port: Int
  /// How libpq reaches its database `postgres` over TCP.
  public let url: String

  public init(of primary: TestCluster) throws {
    folder = TestFolder.makeFolder("standby")
    binaries = primary.cluster.binaries.directory
    port = try FreePort.choose()
    url = ProxyURL.rewrite(primary.url(), port: port)
    var status = stat()
    guard stat("\(primary.cluster.directory)/data", &status) == 0, chown(folder, status.st_uid, status.st_gid) == 0 else {
      throw TestFailure("the standby's folder cannot be given to the server's user")
    }
    owner = (status.st_uid, status.st_gid)
    _ = try run("pg_basebackup", "-D", "\(folder)/data", "-R", "-c", "fast", "-X", "stream", "-d", primary.url())
    try start()
  }

  private func start() throws {
    _ = try run(
      "pg_ctl", "start", "-w", "-t", "60", "-D", "\(folder)/data", "-l", "\(folder)/log", "-o",
      "-p \(port) -c unix_socket_directories=\(folder)")
  }

  /// Runs statements there, as `TestCluster.psql` does.
  @discardableResult
  public func psql(_ sql: String) throws -> String {
    try run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql, url)
  }

  /// Returns when it has replayed all that the primary has written by now.
  public func awaitReplay(of primary: TestCluster) throws {
    let target = try primary.psql("SELECT pg_current_wal_lsn()", primary.url())
    let done = waitUntil(timeout: .seconds(60)) {
      (try? psql("SELECT pg_last_wal_replay_lsn() >= '\(target)'::pg_lsn")) == "t"
    }
    guard done else { throw TestFailure("the standby did not replay \(target)") }
  }

  /// Stops it for good and removes its folder.
  public func remove() {
    _ = try? run("pg_ctl", "stop", "-m", "immediate", "-D", "\(folder)/data")
    TestFolder.remove(folder)
  }

  private func run(_ program: String, _ arguments: String...) throws -> String {
    let change = owner.user == geteuid() ? [] : ["setpriv", "--reuid=\(owner.user)", "--regid=\(owner.group)", "--init-groups", "--"]
    let result = try Command(
      "/bin/sh", ["-c", #"cd / && exec "$@""#, "sh"] + change + ["\(binaries)/\(program)"] + arguments
    ).run()
    guard result.exit == 0 else { throw TestFailure("\(program): \(result.stdout)\(result.stderr)") }
    return result.stdout.hasSuffix("\n") ? String(result.stdout.dropLast()) : result.stdout
  }
}
