public import Rows
public import SQLText

/// How a schema's rows lie in the warehouse: what a new generation is made like.
public struct TableShape: Sendable, Equatable {
  public var name: QualifiedName
  /// All columns in order, those that only old rows have among them.
  public var columns: [Column]
  /// The columns that the source sends, in the order in which it sends them.
  public var incoming: [String]
  /// The primary key; empty for none.
  public var key: [String]
  /// A column that is looked up at each sync, and so has an index.
  public var indexed: String?
  /// Whether rows are updated in place: their pages then keep a tenth free, so that a new version stays on its page and
  /// no index has to learn of it.
  public var isUpdated: Bool

  public init(
    name: QualifiedName, columns: [Column], incoming: [String], key: [String], indexed: String?, isUpdated: Bool = false
  ) {
    self.name = name
    self.columns = columns
    self.incoming = incoming
    self.key = key
    self.indexed = indexed
    self.isUpdated = isUpdated
  }

  public static func generation(_ name: String) -> QualifiedName { QualifiedName(SyncedTable.generations, name) }

  var incomingList: SQL { incoming.map { Identifier($0) }.list }
  var keyList: SQL { key.map { Identifier($0) }.list }

  /// The table that people see: it holds nothing itself, and keeps its name, rights and views for ever.
  ///
  /// It is partitioned by the first column of the key, or by the first column that PostgreSQL can compare; where
  /// there is none, by an expression, which allows no key.
  public var createParent: [SQL] {
    let list = columns.map { definition($0) }.joined(separator: ", ")
    let partition: SQL = (key.first ?? comparableColumn).map { "\(Identifier($0))" } ?? "((\(Identifier(columns[0].name)) IS NULL))"
    var statements: [SQL] = ["CREATE TABLE \(name) (\(list)) PARTITION BY LIST (\(partition))"]
    if !key.isEmpty { statements.append("ALTER TABLE \(name) ADD PRIMARY KEY (\(keyList))") }
    return statements
  }

  /// The first column whose type has an order. What has none: json, xml, points and the like.
  private var comparableColumn: String? {
    let unordered = ["json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "tid", "xid", "cid", "jsonpath",
                     "pg_snapshot", "txid_snapshot", "refcursor"]
    return columns.first { column in
      !unordered.contains(column.type.name.replacing("[]", with: "")) && !column.type.name.contains(".")
    }?.name
  }

  public func createGeneration(_ generation: String) -> SQL {
    let list = columns.map { definition($0) }.joined(separator: ", ")
    let options: SQL = isUpdated ? " WITH (fillfactor = 90)" : ""
    return "CREATE TABLE \(Self.generation(generation)) (\(list))\(options)"
  }

  /// The key and the index, built after the rows are in.
  public func finishGeneration(_ generation: String) -> [SQL] {
    let table = Self.generation(generation)
    var statements: [SQL] = []
    if !key.isEmpty { statements.append("ALTER TABLE \(table) ADD PRIMARY KEY (\(keyList))") }
    if let indexed, key.first != indexed { statements.append("CREATE INDEX ON \(table) (\(Identifier(indexed)))") }
    return statements
  }

  /// A sample for the planner, taken before anybody can read the generation.
  ///
  /// - Parameter isUncommitted: whether the rows were loaded by this very transaction. They are counted at its commit,
  ///   after this sample, so that autovacuum takes its own, larger one soon after; where it does, a small one will do.
  public func sampleGeneration(_ generation: String, isUncommitted: Bool) -> [SQL] {
    let small: SQL = """
      SELECT set_config('default_statistics_target', '25', true)
      WHERE current_setting('default_statistics_target')::integer > 25
        AND current_setting('autovacuum')::boolean AND current_setting('track_counts')::boolean
      """
    return (isUncommitted ? [small] : []) + ["ANALYZE \(Self.generation(generation))"]
  }

  /// Whether the table as a whole needs statistics of its own: the planner takes them for joins, autovacuum never
  /// makes them for a partitioned table, and they outlive a swap. One row: `lacks`.
  ///
  /// - Parameters:
  ///   - rows: how many it holds now.
  ///   - before: how many it held after the sync before; nil for none.
  public func lacksStatistics(rows: Int, before: Int?) -> SQL {
    let hasChanged = before.map { abs(rows - $0) > max($0, rows) / 10 } ?? true
    return """
      SELECT \(hasChanged) OR NOT EXISTS (SELECT FROM pg_stats WHERE schemaname = \(name.namespace) AND tablename = \(name.name) AND inherited)
        OR coalesce(pg_stat_get_last_analyze_time(\("\(name)")::regclass) < now() - interval '1 day', true) AS lacks
      """
  }

  private func definition(_ column: Column) -> SQL {
    var text: SQL = "\(Identifier(column.name)) \(SQL(verbatim: column.type.name))"
    if column.name == OwnColumn.syncedAt.name { text = text + " DEFAULT now()" }
    if key.contains(column.name) { text = text + " NOT NULL" }
    return text
  }

  /// A place for the rows of one sync before they are appended or merged. Written to no log.
  public var createStaging: SQL {
    let list = incoming.compactMap { name in columns.first { $0.name == name } }.map { column in
      "\(Identifier(column.name)) \(SQL(verbatim: column.type.name))" as SQL
    }.joined(separator: ", ")
    return "CREATE TEMPORARY TABLE hedgerow_staging (\(list)) ON COMMIT DROP"
  }

  public static let staging = Identifier("hedgerow_staging")

  public var copyIntoStaging: SQL { "COPY pg_temp.\(Self.staging) (\(incomingList)) FROM STDIN (FORMAT binary)" }

  /// - Parameter freeze: only in the transaction that made the table.
  public func copy(into generation: String, freeze: Bool) -> SQL {
    let option: SQL = freeze ? ", FREEZE" : ""
    return "COPY \(Self.generation(generation)) (\(incomingList)) FROM STDIN (FORMAT binary\(option))"
  }
}
