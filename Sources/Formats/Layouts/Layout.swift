/// How another tool lays its rows out in a bucket, and what makes them the table that was meant.
///
/// These tools only add rows: an update is another row with the same key, a deletion is a mark in one. A layout says which
/// rows count; it does nothing itself. The rules, in their order:
///
/// 1. Files that `skips` names are not read.
/// 2. Where `generation` is set, only rows with its highest value count. NULL is the lowest.
/// 3. Of the rows with one key, the first by `order` counts; where `keepsTies` is set, all that are equal to it.
/// 4. A row that counts and is marked by `deleted` means that there is no such row.
public struct Layout: Sendable, Hashable {
  public enum Tool: String, Sendable, CaseIterable {
    case airbyte, stitch, fivetran, posthog
  }

  /// Which columns tell that two rows are versions of one.
  public enum Key: Sendable, Hashable {
    case columns([String])
    /// The files do not say; whoever links them has to. Without a key every row is kept.
    case chosen
  }

  /// A column to sort by. NULLs come last.
  public struct Order: Sendable, Hashable {
    public enum Direction: Sendable { case ascending, descending }

    public var column: String
    public var direction: Direction

    public init(_ column: String, _ direction: Direction = .descending) {
      self.column = column
      self.direction = direction
    }
  }

  /// What marks a row as the deletion of its key.
  public enum Deleted: Sendable, Hashable {
    case isTrue(String)
    case isNotNull(String)
  }

  public var tool: Tool
  public var key: Key
  /// The newest version first. Files that come later decide where all of it is equal.
  public var order: [Order]
  /// Whether all rows of the newest version count: those of a list within a record come together, under its key.
  public var keepsTies = false
  /// The column that grows when everything is written anew.
  public var generation: String?
  public var deleted: Deleted?
  /// The column that holds the record as JSON, where the tool did not lay it out as columns: the other columns that are
  /// named here and do not begin as the tool's own do are members of it.
  public var record: String?
  /// Whether files must be read through their table's own metadata, since dead ones lie beside them.
  public var isOnlyReadAsTable = false

  /// Which tool's layout it is, by the columns of the rows and the paths of the files.
  ///
  /// - Parameters:
  ///   - columns: as the files name them.
  ///   - paths: below the part of the pattern without wildcards.
  /// - Returns: nil where no tool is recognised: every row of every file counts.
  public static func recognise(columns: [String], paths: [String] = []) -> Layout? {
    let names = Set(columns)
    return airbyte(names) ?? stitch(columns, names) ?? fivetran(names) ?? posthog(names, paths)
  }

  /// Whether a file is no part of the table, such as a list of rejected rows.
  ///
  /// - Parameter path: below the part of the pattern without wildcards.
  public func skips(_ path: String) -> Bool {
    if Self.isHidden(path) { return true }
    switch tool {
    case .stitch: return path.split(separator: "/").contains("_sdc_rejected")
    case .posthog: return path == "manifest.json" || path.hasSuffix("/manifest.json")
    case .airbyte, .fivetran: return false
    }
  }

  /// Whether a file is none of data in any layout: Hadoop and Spark hide names that begin with `_` or `.`, such as
  /// `_SUCCESS` and `_temporary/`, but not those of partitions such as `_day=2024-02-29/`. Also the marks that stand for
  /// empty folders.
  public static func isHidden(_ path: String) -> Bool {
    if path.isEmpty || path.hasSuffix("/") { return true }
    return path.split(separator: "/").contains { part in
      part.hasPrefix(".") || part.hasPrefix("_") && !part.contains("=")
    }
  }
}
