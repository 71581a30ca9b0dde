/// The files of a table, wherever they are kept: a folder of a bucket, or one of a disk.
///
/// Paths are relative to the table's root, with `/` between their parts and none before them.
public protocol TableFiles: Sendable {
  /// The paths of all files below a folder, in any order; none where there is no such folder.
  ///
  /// - Parameter start: files whose path is below this one need not be listed.
  func list(_ folder: String, from start: String) async throws -> [String]

  /// Opens a file; nil where there is none.
  func open(_ path: String) async throws -> (any ByteRanges)?
}

extension TableFiles {
  /// All of a file that describes the table; nil where there is none.
  func contents(_ path: String, limit: Int64 = 256 << 20) async throws -> [UInt8]? {
    guard let ranges = try await open(path) else { return nil }
    guard ranges.size <= limit else {
      throw FormatError(
        .tooLarge, "\(path) has \(ranges.size) bytes, more than the \(limit >> 20) MB that are read of such a file")
    }
    return ranges.size == 0 ? [] : try await ranges.read(0..<ranges.size)
  }

  /// Opens a data file that the table's own files name.
  func data(_ path: String, namedBy what: String) async throws -> any ByteRanges {
    guard let ranges = try await open(path) else {
      throw FormatError(
        .corrupt, "\(what) names the file \(path), which is not there",
        hint: "Sync again, as it may have been cleaned up meanwhile; else repair the table where it is written."
      )
    }
    return ranges
  }
}

/// Where a table lies, as its own files name it: `s3://lake/wh/orders`.
struct TableLocation: Sendable, Hashable {
  /// Without a slash at its end; nil where only relative paths are possible.
  var root: String?

  init(_ root: String?) {
    self.root = root.map { root in String(root.reversed().drop { $0 == "/" }.reversed()) }
  }

  /// The path below the root of a file that is named by its whole address.
  ///
  /// `s3`, `s3a` and `s3n` are one scheme, as are `gs` and `gcs`, and `abfs` and `abfss`.
  func relative(_ address: String) -> String? {
    guard let root else { return nil }
    let (whole, base) = (Self.plain(address), Self.plain(root) + "/")
    guard whole.hasPrefix(base), whole.count > base.count else { return nil }
    let path = String(whole.dropFirst(base.count))
    return Self.isSafe(path) ? path : nil
  }

  /// Whether a path stays below the root.
  static func isSafe(_ path: String) -> Bool {
    !path.hasPrefix("/") && !path.utf8.contains(0) && !path.split(separator: "/").contains("..")
  }

  private static func plain(_ address: String) -> String {
    for (scheme, plain) in [
      ("s3a://", "s3://"), ("s3n://", "s3://"), ("gcs://", "gs://"), ("abfs://", "abfss://"), ("file:///", "/"),
    ]
    where address.hasPrefix(scheme) {
      return plain + address.dropFirst(scheme.count)
    }
    return address.hasPrefix("file:/") ? String(address.dropFirst(5)) : address
  }
}
