import Glibc
import Synchronization

/// One process's use of the private Postgres in a folder, which any number of processes share: the first
/// starts the server, the last one out stops it.
///
/// Each holds a shared lock on a file, so the system itself knows who is left, also after a `kill -9`:
/// a server that a killed process left running is found by the next one, and stopped at its end.
public final class EmbeddedSession: Sendable {
  /// The database that is made together with the cluster.
  public static let database = "hedgerow"

  public let cluster: LocalCluster
  private let lock: Mutex<FileLock?>

  /// Makes the cluster on first use, starts it when it does not run, and returns when it accepts connections.
  ///
  /// - Parameter settings: of the server, on top of the usual ones; they count for the process that starts it.
  public static func open(directory: String, settings: [String: String] = [:]) throws(LocalPostgresError)
    -> EmbeddedSession
  {
    let folder = try ClusterFolder.at(directory)
    let account = try ServerAccount.serving(folder)
    try folder.checkIsOurs()
    // Waits while the last one of the others stops the server.
    let lock = try FileLock(folder.usersLock, .shared, for: account)
    do {
      let cluster = try LocalCluster.create(
        at: folder.path, settings: usualSettings.merging(settings) { $1 }, database: database)
      try cluster.start()
      return EmbeddedSession(cluster, lock)
    } catch {
      lock.release()
      throw error
    }
  }

  private init(_ cluster: LocalCluster, _ lock: FileLock) {
    self.cluster = cluster
    self.lock = Mutex(lock)
  }

  deinit { try? leave() }

  /// How libpq reaches the database, as a URI.
  public var url: String { cluster.url(database: Self.database) }

  /// Leaves, and stops the server when nobody else uses it. Call it as often as you like.
  public func close() throws(LocalPostgresError) { try leave() }

  private func leave() throws(LocalPostgresError) {
    guard let lock = lock.withLock({ $0.take() }) else { return }
    defer { lock.release() }
    if lock.becomeExclusive() { try cluster.stop(.fast) }
  }

  private static let usualSettings = [
    "shared_buffers": "128MB", "max_connections": "50", "log_checkpoints": "off", "log_timezone": "UTC",
  ]
}
