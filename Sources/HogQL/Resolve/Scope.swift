/// A column that a name in a scope can mean.
struct ScopeColumn {
  var name: String
  var sqlName: String
  var type: HogQLType
  var mayBeNull: Bool
  var storage = ColumnStorage.own
}

extension ScopeColumn {
  init(_ column: QueryCatalogue.Column) {
    self.init(
      name: column.name, sqlName: column.name, type: column.type, mayBeNull: !column.isNotNull, storage: column.storage)
  }
}

/// One source of a FROM.
struct ScopeSource {
  var id: Int
  /// The names by which columns can be qualified: `o`, `stripe.charge`.
  var qualifiers: [String]
  var alias: String
  var columns: [ScopeColumn]
  /// The catalogue's table, for linked fields.
  var table: String?
  /// Stands on a side that may be unmatched.
  var isFilled = false
  var isReadable = true

  func column(_ name: String) -> ScopeColumn? { columns.first { $0.name == name } }
}

/// What the names in one SELECT mean.
final class Scope {
  /// The select whose names these are.
  let select: Select?
  var sources: [ScopeSource] = []
  var aliases: [String: TypedExpr] = [:]
  var from: ResolvedFrom?
  /// Linked sources by the path that reaches them.
  var linked: [String: ScopeSource] = [:]
  var pendingLinks: [ResolvedJoin] = []
  /// Columns that USING made one, by name.
  var merged: [String: TypedExpr] = [:]
  var windows: [String: Window] = [:]
  var arrayJoinColumns: [String: TypedExpr] = [:]

  init(_ select: Select? = nil) { self.select = select }

  /// Whether the name is an alias of a select item that has not been reached yet.
  func isLaterAlias(_ name: String) -> Bool {
    aliases[name] == nil
      && select?.columns.contains { if case .alias(_, let alias) = $0.kind { alias.text == name } else { false } } == true
  }
}

/// A query of WITH as names see it.
final class CommonTableEntry {
  let name: String
  let sqlName: String
  let query: ResolvedQuery
  let columns: [ScopeColumn]
  var isUsed = false
  let isMaterialized: Bool?

  init(name: String, sqlName: String, query: ResolvedQuery, columns: [ScopeColumn], isMaterialized: Bool?) {
    self.name = name
    self.sqlName = sqlName
    self.query = query
    self.columns = columns
    self.isMaterialized = isMaterialized
  }
}
