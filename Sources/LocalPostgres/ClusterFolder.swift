import Glibc

/// The folder of one private cluster, and what stands where in it.
struct ClusterFolder: Sendable, Equatable {
  /// What a folder holds, as far as we are concerned.
  enum Contents: Equatable {
    case nothing
    /// A whole cluster of this major version.
    case cluster(version: Int)
    /// Something that is not ours; named is what gave it away.
    case foreign(String)
  }

  /// Absolute, without links.
  let path: String

  var data: String { "\(path)/data" }
  var log: String { "\(path)/postgres.log" }
  var socket: String { "\(path)/socket" }
  /// Held while a cluster is made, started or stopped.
  var startLock: String { "\(path)/start.lock" }
  /// Held shared by each process that uses the cluster.
  var usersLock: String { "\(path)/hedgerow.lock" }
  var settings: String { "\(data)/hedgerow.conf" }
  /// A cluster in the making; it becomes `data` in one step.
  var draft: String { "\(path)/\(Self.draftPrefix)\(getpid())" }

  private static let draftPrefix = "data.new-"

  /// Makes the folder when it is missing; the path may be relative.
  static func at(_ path: String) throws(LocalPostgresError) -> ClusterFolder {
    guard !path.isEmpty, !path.contains(where: \.isNewline) else {
      throw LocalPostgresError(
        .foreignFolder, "\"\(path)\" cannot be a folder's name here.", hint: "Choose another one.")
    }
    try Disk.makeFolder(path, mode: 0o700)
    guard let real = Disk.realPath(path) else { throw Disk.failure("find", path) }
    return ClusterFolder(path: real)
  }

  func contents() throws(LocalPostgresError) -> Contents {
    guard let names = Disk.entries(of: path) else { throw Disk.failure("read the folder", path) }
    if let foreign = names.first(where: { !Self.isOurs($0) }) { return .foreign(foreign) }
    guard names.contains("data") else { return .nothing }
    guard let text = Disk.read("\(data)/PG_VERSION") else {
      if errno == EACCES { throw Disk.failure("read", "\(data)/PG_VERSION") }
      return .foreign("data")
    }
    guard let version = Int(text.prefix { $0.isNumber }) else { return .foreign("data/PG_VERSION") }
    return .cluster(version: version)
  }

  /// Throws for a folder that holds something else, and says what.
  func checkIsOurs() throws(LocalPostgresError) {
    guard case .foreign(let name) = try contents() else { return }
    throw LocalPostgresError(
      .foreignFolder, "\(path) holds something that is no cluster of Hedgerow's: \(name). Nothing in it was changed.",
      hint: "Choose an empty folder, or one that does not exist yet.")
  }

  /// What killed first runs left behind. Ours to remove while the start lock is held.
  func drafts() -> [String] {
    (Disk.entries(of: path) ?? []).filter { $0.hasPrefix(Self.draftPrefix) }.map { "\(path)/\($0)" }
  }

  private static func isOurs(_ name: String) -> Bool {
    ["data", "socket", "postgres.log", "postgres.log.1", "start.lock", "hedgerow.lock", "lost+found"].contains(name)
      || name.hasPrefix(draftPrefix)
  }
}
