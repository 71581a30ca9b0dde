import Postgres
public import SQLText

/// A table, view or foreign table that queries may read.
public struct QueryTable: Sendable {
  public struct Column: Sendable {
    public var name: String
    /// As `format_type` writes it.
    public var type: String
    public var isRequired: Bool
  }

  public var namespace: String
  public var name: String
  /// How HogQL names it beside `name`, such as `stripe.prod.charge`; nil for what is not synced.
  public var dottedName: String?
  public var columns: [Column]
}

/// A stored link from one table to another.
public struct StoredJoin: Sendable {
  public var table: String
  public var field: String
  public var key: String
  public var target: String
  public var targetKey: String

  public init(table: String, field: String, key: String, target: String, targetKey: String) {
    self.table = table
    self.field = field
    self.key = key
    self.target = target
    self.targetKey = targetKey
  }
}

extension Catalogue {
  /// The role that queries run as.
  public static let reader = Identifier("hedgerow_reader")

  /// What the namespace holds for queries.
  ///
  /// - Parameter onlyReadable: leaves out what `hedgerow_reader` may not read.
  public func queryTables(in namespace: String, onlyReadable: Bool) async throws -> [QueryTable] {
    let rows = try await connection.query(
      """
      SELECT c.relname AS name, d.dotted, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN LATERAL (
        SELECT hedgerow.dotted_name(s.kind, s.prefix, t.name) AS dotted FROM hedgerow.schema t JOIN hedgerow.source s ON s.id = t.source_id
        WHERE t.namespace = n.nspname AND t.table_name = c.relname) d ON true
      WHERE n.nspname = \(namespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND (NOT \(onlyReadable)::boolean OR CASE WHEN to_regrole('hedgerow_reader') IS NULL THEN false
          ELSE has_table_privilege(to_regrole('hedgerow_reader'), c.oid, 'SELECT') END)
      ORDER BY c.oid, a.attnum
      """)
    var tables: [QueryTable] = []
    for row in rows {
      let name = try row.text("name")
      if tables.last?.name != name {
        tables.append(QueryTable(namespace: namespace, name: name, dottedName: row["dotted"], columns: []))
      }
      tables[tables.count - 1].columns.append(
        QueryTable.Column(name: try row.text("column"), type: try row.text("type"), isRequired: row.bool("required")))
    }
    return tables
  }

  public func joins() async throws -> [StoredJoin] {
    try await connection.query("SELECT table_name, field, key, target, target_key FROM hedgerow.join ORDER BY table_name, field").map { row in
      StoredJoin(
        table: try row.text("table_name"), field: try row.text("field"), key: try row.text("key"), target: try row.text("target"),
        targetKey: try row.text("target_key"))
    }
  }

  /// - Returns: the table and the field that lead to the target now.
  public func join(_ table: String, _ key: String, to target: String, _ targetKey: String, as field: String?) async throws -> String {
    try await connection.query("SELECT hedgerow.join(\(table), \(key), \(target), \(targetKey), \(field)) AS made")[0].text("made")
  }

  public func unjoin(_ table: String, _ field: String) async throws {
    try await connection.execute("SELECT hedgerow.unjoin(\(table), \(field))")
  }

  /// Whether texts sort by their bytes in this database.
  public func sortsByBytes() async throws -> Bool {
    try await connection.query(
      """
      SELECT d.datcollate IN ('C', 'POSIX') AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') IN ('c', 'b') AS bytes
      FROM pg_database d WHERE d.datname = current_database()
      """)[0].bool("bytes")
  }

  /// Lets `hedgerow_reader` read every table of the namespace that this session may let it read.
  public func openToReader(_ namespace: String) async throws {
    let closed = try await connection.query(
      """
      SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = \(namespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND to_regrole('hedgerow_reader') IS NOT NULL AND pg_has_role(c.relowner, 'USAGE')
        AND NOT has_table_privilege(to_regrole('hedgerow_reader'), c.oid, 'SELECT')
      """)
    guard !closed.isEmpty else { return }
    let tables = try closed.map { QualifiedName(namespace, try $0.text("name")) }
    // One process at a time: PostgreSQL refuses two such changes at once.
    try await connection.transaction { transaction in
      try transaction.execute("SELECT hedgerow.open_namespace(\(namespace))")
      for table in tables { try transaction.execute("GRANT SELECT ON \(table) TO \(Self.reader)") }
    }
  }
}
