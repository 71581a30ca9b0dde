import Glibc

/// A private Postgres cluster in a folder of its own: data, log and Unix socket, started from this
/// machine's binaries.
///
/// Root's clusters run as the user who owns the folder, or as `postgres`. Safe to call from any thread
/// and any number of processes; the calls wait.
public struct LocalCluster: Sendable {
  /// The folder, absolute and without links.
  public var directory: String { folder.path }
  public let port: Int
  public let binaries: PostgresBinaries

  let folder: ClusterFolder
  let account: ServerAccount
  let access: ClusterAccess
  let socket: SocketFolder

  /// Opens the cluster in a folder, and makes it first where the folder is empty or absent.
  ///
  /// - Parameters:
  ///   - port: of TCP and of the socket's name. When nil, the running server's, or 5432 without TCP, or a free one.
  ///   - settings: of the server, such as `["fsync": "off"]`; in force from the next start on.
  ///   - access: who may come in, decided when the cluster is made.
  ///   - database: one to make together with the cluster.
  /// - Throws: `.foreignFolder` for a folder that holds something else, `.wrongVersion` for a cluster of
  ///   a major version that is not installed, `.notPermitted`, `.notInstalled`, `.failed`.
  public static func create(
    at directory: String, port: Int? = nil, settings: [String: String] = [:], access: ClusterAccess = .socket,
    database: String? = nil
  ) throws(LocalPostgresError) -> LocalCluster {
    let folder = try ClusterFolder.at(directory)
    let account = try ServerAccount.serving(folder)
    try folder.checkIsOurs()
    let lock = try FileLock(folder.startLock, .exclusive, for: account)
    defer { lock.release() }
    var version: Int?
    if case .cluster(let found) = try folder.contents() { version = found }
    let binaries = try find(version, for: folder)
    if version == nil {
      try ClusterCreation(
        folder: folder, binaries: binaries, account: account, access: access, database: database,
        isDurable: ClusterSettings.areDurable(settings)
      ).run()
    }
    return try configure(folder, binaries, account, access, port: port, settings: settings)
  }

  private static func find(_ version: Int?, for folder: ClusterFolder) throws(LocalPostgresError) -> PostgresBinaries {
    let found: PostgresBinaries
    do {
      found = try PostgresBinaries.find(version: version)
    } catch {
      guard error.kind == .wrongVersion, let version else { throw error }
      throw LocalPostgresError(
        .wrongVersion, "\(folder.data) was made by Postgres \(version). \(error.message)", hint: error.hint)
    }
    return found
  }

  private static func configure(
    _ folder: ClusterFolder, _ binaries: PostgresBinaries, _ account: ServerAccount, _ access: ClusterAccess,
    port: Int?, settings: [String: String]
  ) throws(LocalPostgresError) -> LocalCluster {
    let running = Postmaster(in: folder.data)
    let port =
      if let port = running?.port ?? port { port } else if access == .socket { 5432 } else { try FreePort.choose() }
    let socket = SocketFolder(of: folder, port: port)
    if running == nil {
      let text = ClusterSettings(settings, access: access, port: port, socketFolder: socket.path).text
      if Disk.read(folder.settings) != text {
        try Disk.write(text, to: folder.settings, mode: 0o600, for: account)
      }
    }
    return LocalCluster(
      port: port, binaries: binaries, folder: folder, account: account, access: access, socket: socket)
  }

  /// The folder of its Unix socket.
  public var socketDirectory: String { socket.path }
  /// The file that it logs to.
  public var logFile: String { folder.log }
  /// The first process of the running server, or nil.
  public var pid: Int32? { Postmaster(in: folder.data)?.pid }
  /// Whether it accepts connections.
  public var isRunning: Bool { Postmaster(in: folder.data)?.isReady ?? false }

  /// How libpq reaches a database, as a URI: over TCP where the server listens there, or through the socket.
  public func url(database: String, user: String? = nil) -> String {
    access == .socket ? socketURL(database: database, user: user) : loopbackURL(database: database, user: user)
  }

  /// How libpq reaches a database through the Unix socket.
  public func socketURL(database: String, user: String? = nil) -> String {
    "postgresql://\(Self.escaped(user ?? "postgres"))@/\(Self.escaped(database))?host=\(Self.escaped(socketDirectory))&port=\(port)"
  }

  /// How libpq reaches a database over TCP on this machine.
  public func loopbackURL(database: String, user: String? = nil) -> String {
    "postgresql://\(Self.escaped(user ?? "postgres"))@127.0.0.1:\(port)/\(Self.escaped(database))"
  }

  private static func escaped(_ text: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    let hex = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
      if plain.contains(byte) {
        result.append(Character(Unicode.Scalar(byte)))
      } else {
        result += "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
      }
    }
  }
}
