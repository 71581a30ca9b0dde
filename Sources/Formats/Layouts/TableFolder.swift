/// A folder whose files are a table only together with the metadata beside them.
public struct TableFolder: Sendable, Hashable {
  public enum Format: String, Sendable { case delta, iceberg }

  public var format: Format
  /// The table's root, without a slash at its end; empty for the top.
  public var root: String

  /// Finds such tables by the files that only they have, so that they are not read as loose files, dead ones among them.
  ///
  /// - Returns: each table once, by their roots.
  public static func recognise(paths: [String]) -> [TableFolder] {
    var found: Set<TableFolder> = []
    for path in paths {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      if let place = parts.firstIndex(of: "_delta_log") {
        found.insert(TableFolder(format: .delta, root: parts[..<place].joined(separator: "/")))
      } else if parts.count >= 2, parts[parts.count - 2] == "metadata", isIcebergMetadata(parts[parts.count - 1]) {
        found.insert(TableFolder(format: .iceberg, root: parts.dropLast(2).joined(separator: "/")))
      }
    }
    return found.sorted { ($0.root, $0.format.rawValue) < ($1.root, $1.format.rawValue) }
  }

  private static func isIcebergMetadata(_ name: Substring) -> Bool {
    name.hasSuffix(".metadata.json") || name.hasSuffix(".metadata.json.gz") || name == "version-hint.text"
  }
}
