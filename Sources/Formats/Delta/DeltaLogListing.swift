/// The files of a table's log, sorted out by their names.
///
/// Format: the Delta protocol, "Delta Log Entries" and "Checkpoint Naming Scheme".
struct DeltaLogListing: Sendable, Hashable {
  /// All files of one state of the table, which takes the place of the versions up to its own.
  struct Checkpoint: Sendable, Hashable {
    var version: Int64
    /// Below the table's root, in their order.
    var paths: [String]
  }

  static let folder = "_delta_log"

  /// Paths below the table's root, by version.
  var commits: [Int64: String] = [:]
  /// Complete ones, the newest first.
  var checkpoints: [Checkpoint] = []

  init(_ paths: [String]) {
    var parts: [PartKey: [Int: String]] = [:]
    for path in paths {
      switch Self.kind(of: path) {
      case .commit(let version): commits[version] = path
      case .checkpoint(let version): checkpoints.append(Checkpoint(version: version, paths: [path]))
      case .part(let version, let number, let count):
        parts[PartKey(version: version, count: count), default: [:]][number] = path
      case nil: break
      }
    }
    // One that lacks a part is still being written, or never was.
    for (key, found) in parts where found.count == key.count {
      checkpoints.append(Checkpoint(version: key.version, paths: found.sorted { $0.key < $1.key }.map(\.value)))
    }
    checkpoints.sort { ($0.version, $1.paths.count, $1.paths[0]) > ($1.version, $0.paths.count, $0.paths[0]) }
  }

  private struct PartKey: Hashable {
    var version: Int64
    var count: Int
  }

  private enum Kind {
    case commit(Int64)
    case checkpoint(Int64)
    case part(Int64, number: Int, of: Int)
  }

  private static func kind(of path: String) -> Kind? {
    guard path.hasPrefix("\(folder)/") else { return nil }
    let name = path.dropFirst(folder.count + 1)
    let pieces = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = pieces.first, first.utf8.count == 20, let version = Int64(first), version >= 0 else { return nil }
    switch pieces.dropFirst().map(String.init) {
    case ["json"]: return .commit(version)
    case ["checkpoint", "parquet"]: return .checkpoint(version)
    case let rest where rest.count == 3 && rest[0] == "checkpoint" && (rest[2] == "parquet" || rest[2] == "json"):
      return .checkpoint(version)
    case let rest where rest.count == 4 && rest[0] == "checkpoint" && rest[3] == "parquet":
      guard let number = Int(rest[1]), let count = Int(rest[2]), (1...count).contains(number), count <= 100_000 else {
        return nil
      }
      return .part(version, number: number, of: count)
    default: return nil
    }
  }

  /// The newest version that the log tells of; nil in an empty log.
  var newest: Int64? { [commits.keys.max(), checkpoints.first?.version].compactMap { $0 }.max() }

  /// What to read, in this order, for the table at a version.
  func plan(for version: Int64) throws(FormatError) -> (checkpoint: Checkpoint?, commits: [String]) {
    let checkpoint = checkpoints.first { $0.version <= version }
    let first = checkpoint.map { $0.version + 1 } ?? 0
    guard first <= version else { return (checkpoint, []) }
    return (checkpoint, try commits(first...version, after: checkpoint))
  }

  private func commits(_ versions: ClosedRange<Int64>, after checkpoint: Checkpoint?) throws(FormatError) -> [String] {
    var paths: [String] = []
    for version in versions {
      guard let path = commits[version] else {
        let oldest = commits.keys.min() ?? 0
        let why =
          checkpoint == nil && version == 0 && oldest > 0
          ? "the log begins at version \(oldest) and has no complete checkpoint of what was before"
          : "version \(version) is missing from the log, which goes on to version \(versions.upperBound)"
        throw FormatError(
          .corrupt, "the Delta table cannot be read: \(why)",
          hint:
            "Is _delta_log copied as a whole? A table is only readable with every version since its last checkpoint.")
      }
      paths.append(path)
    }
    return paths
  }
}
