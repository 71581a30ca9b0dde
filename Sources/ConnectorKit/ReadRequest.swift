public import Rows

/// Which rows and columns of a schema are wanted.
public struct ReadRequest: Sendable {
  /// As the user names it, for errors: `shop.orders`.
  public var label: String
  /// How the connector finds it, as `SourceSchema.remote` said.
  public var remote: [String: String]
  /// The system in which `remote` and `known` were seen, as `SourceTable.identity` said: numbers of tables and columns
  /// are worth nothing in another one. Nil where it is not known.
  public var identity: String?
  /// The columns to read, nil for all.
  public var columns: [String]?
  /// A condition in the source's own language, nil for all rows.
  public var filter: String?
  public var key: [String]
  public var cursorField: String?
  /// The columns when the schema was last seen: one of `columns`, `key` and `cursorField` that was renamed since is
  /// followed to its new name.
  public var known: [SourceColumn]
  /// Whether another table under the same name is as welcome, since everything is loaded anew.
  public var mayBeNew: Bool
  /// Whether the read goes on from a cursor, which is worth something in the system `identity` only.
  public var goesOn: Bool
  /// How the rows come into the warehouse: what has to be told differs.
  public var mode: SyncMode
  /// Of connectors whose batches carry checkpoints, the one that was committed last; nil before the first load and
  /// for a load from the start.
  public var checkpoint: String?

  public init(
    label: String, remote: [String: String], identity: String? = nil, columns: [String]? = nil, filter: String? = nil,
    key: [String] = [], cursorField: String? = nil, known: [SourceColumn] = [], mayBeNew: Bool = false, goesOn: Bool = false,
    mode: SyncMode = .fullRefresh, checkpoint: String? = nil
  ) {
    self.label = label
    self.remote = remote
    self.identity = identity
    self.columns = columns
    self.filter = filter
    self.key = key
    self.cursorField = cursorField
    self.known = known
    self.mayBeNew = mayBeNew
    self.goesOn = goesOn
    self.mode = mode
    self.checkpoint = checkpoint
  }

  /// The same request by the names that columns have now.
  ///
  /// - Parameter renames: the new name by the old one.
  public func following(_ renames: [String: String]) -> ReadRequest {
    var result = self
    result.columns = columns?.map { renames[$0] ?? $0 }
    result.key = key.map { renames[$0] ?? $0 }
    result.cursorField = cursorField.map { renames[$0] ?? $0 }
    return result
  }
}

/// What every connector refuses in the same words.
extension ReadRequest {
  /// A cursor says nothing about another system, even one with the same name.
  ///
  /// - Parameter now: the system that the source is.
  /// - Throws: `.replaced` where the read would go on from another system's cursor.
  public func refuseReplaced(by now: String?) throws(ConnectorError) {
    guard goesOn, let identity, let now, identity != now else { return }
    throw ConnectorError(
      .replaced,
      "\(label): the source is not the system that the cursor belongs to (it was \(identity), and is \(now)): it was restored, promoted or replaced",
      hint: "The rows of now stay. To load from what the source is now: hedgerow reload \(label)")
  }

  /// Call it on the request that follows renames: what was asked for is then missing by its name and by its number.
  ///
  /// - Parameter present: every column that the source has now and that may be read.
  /// - Throws: `.unusable` where one of `key`, `cursorField` and `columns` is not among them.
  public func checkNames(in present: [SourceColumn]) throws(ConnectorError) {
    let names = Set(present.map(\.name))
    func absent(_ wanted: [String]) -> [String] { wanted.filter { !names.contains($0) } }
    try refuse(
      absent(key), "part of its key",
      "Name another key with: hedgerow set \(label) key=COLUMN,COLUMN. Or do without, after which columns that are new can be named too: hedgerow set \(label) key= (in mode merge: hedgerow set \(label) mode=full_refresh key=).")
    try refuse(
      absent(cursorField.map { [$0] } ?? []), "its cursor field",
      "Choose another with: hedgerow set \(label) cursor=COLUMN. Or do without: hedgerow set \(label) mode=full_refresh")
    let left = (columns ?? []).filter(names.contains)
    try refuse(
      absent(columns ?? []), nil, "To go on with the others: hedgerow set \(label) columns=\(left.isEmpty ? "*" : left.joined(separator: ","))")
  }

  /// - Parameter role: what the columns are to the schema; nil where they were only chosen.
  private func refuse(_ absent: [String], _ role: String?, _ hint: String) throws(ConnectorError) {
    guard !absent.isEmpty else { return }
    let which = "column\(absent.count > 1 ? "s" : "") \(absent.joined(separator: ", "))"
    let why = role.map { "which \(absent.count > 1 ? "are" : "is") \($0)" } ?? "which columns= chose"
    throw ConnectorError(
      .unusable, "\(label): the source has no \(which) any more, \(why), or the role that reads it may not see \(absent.count > 1 ? "them" : "it")",
      hint: "The rows of now stay. \(hint)")
  }
}
