/// Which files a catalogue was last made from: two digests, which `hedgerow.installed` keeps with a dot between them.
struct Installed: Sendable, Equatable {
  /// Of Hedgerow's own functions and views.
  var catalogue: String
  /// Of the functions that translated HogQL calls.
  var queries: String
  /// Whether those of `queries` were tried, and something that people made stood in their way: the ones from before
  /// are still there.
  var isObstructed = false

  static let latest = Installed(catalogue: SQLFile.digest(of: SQLFile.catalogue), queries: SQLFile.digest(of: SQLFile.queries))

  init(catalogue: String, queries: String) {
    self.catalogue = catalogue
    self.queries = queries
  }

  /// - Parameter text: as it is kept; nil where nothing is installed yet. An older version's form is no digest of now.
  init(_ text: String?) {
    let parts = (text ?? "").split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    isObstructed = parts.count == 2 && parts[1].hasPrefix("!")
    catalogue = String(parts[0])
    queries = parts.count == 2 ? String(parts[1].drop { $0 == "!" }) : ""
  }

  var text: String { "\(catalogue).\(isObstructed ? "!" : "")\(queries)" }

  /// Whether there is nothing to replace, or nothing that could be.
  var isLatest: Bool { catalogue == Self.latest.catalogue && queries == Self.latest.queries }

  var hasLatestQueries: Bool { queries == Self.latest.queries && !isObstructed }
}
