import Glibc

/// The folder of a cluster's Unix socket: inside the cluster's, or in `/tmp` when that path is too long or
/// holds a comma, which parts libpq's list of hosts.
struct SocketFolder: Sendable, Equatable {
  /// Of a socket's path, in bytes; the system's own limit is 107 or less.
  static let longest = 100

  let path: String
  private let isTemporary: Bool

  init(of folder: ClusterFolder, port: Int) {
    let near = folder.socket
    isTemporary = near.utf8.count + "/.s.PGSQL.\(port)".utf8.count > Self.longest || near.contains(",")
    path = isTemporary ? "/tmp/hedgerow-\(String(Self.hash(folder.path), radix: 16))" : near
  }

  /// Makes the folder for the account alone. One that somebody else put there is refused: they could
  /// stand between the server and its clients.
  func make(for account: ServerAccount) throws(LocalPostgresError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Disk.failure("make the folder", path) }
    var found = stat()
    guard lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFDIR,
      found.st_uid == geteuid() || found.st_uid == account.user
    else {
      throw LocalPostgresError(
        .notPermitted, "\(path), where the Unix socket would go, belongs to somebody else.",
        hint: "Remove it, or choose another folder for the cluster, with a shorter path.")
    }
    try account.own(path)
    guard chmod(path, 0o700) == 0 else { throw Disk.failure("close to others the folder", path) }
  }

  /// Leaves nothing behind in `/tmp` once the server is down.
  func removeIfTemporary() {
    if isTemporary { rmdir(path) }
  }

  /// Whether something accepts connections there, seen or not in our list of processes.
  func answers(port: Int) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array("\(path)/.s.PGSQL.\(port)".utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  /// FNV-1a: the same in each process, unlike Swift's own hash.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
