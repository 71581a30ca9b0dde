import Glibc
public import LocalPostgres

/// A Postgres server of the tests' own, in a private folder, reached over TCP and without a password.
public final class TestCluster: Sendable {
  /// The test process's two shared servers, started on first use and stopped when it ends. A test that
  /// stops one or changes its settings starts its own instead.
  public static let source = shared("source")
  public static let warehouse = shared("warehouse")

  /// Whether a numeric can be infinite, which PostgreSQL 13 does not know.
  public static let hasNumericInfinity = warehouse.cluster.binaries.version >= 14

  public let cluster: LocalCluster

  /// Starts a new server.
  ///
  /// - Parameter settings: on top of those for tests; `fsync` is off, which only a power cut would notice.
  public static func start(settings: [String: String] = [:]) throws -> TestCluster {
    let folder = TestFolder.makeFolder("cluster")
    // Somebody may take the port before the server does.
    for _ in 0..<4 {
      let cluster = try LocalCluster.create(
        at: folder, settings: usualSettings.merging(settings) { $1 }, access: .loopback(.trust))
      do {
        try cluster.start()
        return TestCluster(cluster)
      } catch {
        if FreePort.isFree(cluster.port) { throw error }
      }
    }
    throw TestFailure("Postgres lost its port again and again in \(folder)")
  }

  private init(_ cluster: LocalCluster) { self.cluster = cluster }

  private static func shared(_ name: String) -> TestCluster {
    do { return try start() } catch { preconditionFailure("the \(name) for the tests does not start: \(error)") }
  }

  public var host: String { "127.0.0.1" }
  public var port: Int { cluster.port }
  public var isRunning: Bool { cluster.isRunning }

  /// What the server has logged.
  public var log: String { Disk.read(cluster.logFile) ?? "" }

  /// How libpq reaches a database over TCP.
  public func url(database: String = "postgres", user: String? = nil) -> String {
    cluster.loopbackURL(database: database, user: user)
  }

  public func start() throws { try cluster.start() }
  public func stop(_ mode: StopMode = .fast) throws { try cluster.stop(mode) }

  /// Brings the server down as a crash would, to come back with `start`.
  public func crash() throws { try cluster.stop(.immediate) }

  public func restart(_ mode: StopMode = .fast) throws {
    try stop(mode)
    try start()
  }

  /// Stops the server for good and removes its folder.
  public func remove() throws {
    try stop(.immediate)
    TestFolder.remove(cluster.directory)
  }

  private static let usualSettings = [
    "fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "500",
    "max_prepared_transactions": "20", "wal_level": "logical", "autovacuum": "on", "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %a %d ", "log_min_messages": "warning", "timezone": "UTC", "log_timezone": "UTC",
  ]
}
