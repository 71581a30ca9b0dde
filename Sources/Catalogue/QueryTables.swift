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

/// Who reads for a query.
public enum QueryReader: Sendable {
  /// `hedgerow_reader`, which may read the synced tables and what people granted to it.
  case role
  /// The user of the session, for names that come from a configuration file: nobody granted anything for those.
  case sessionUser
}

extension Catalogue {
  /// The role that queries run as.
  public static let reader = Identifier("hedgerow_reader")

  /// What the namespace holds for queries.
  ///
  /// - Parameter reader: who is to read it. What it may not read is left out.
  public func queryTables(in namespace: String, for reader: QueryReader) async throws -> [QueryTable] {
    let rows = try await connection.query(
      """
      SELECT c.relname AS name, d.dotted, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN LATERAL (
        SELECT hedgerow.dotted_name(s.kind, s.prefix, t.name) AS dotted FROM hedgerow.schema t JOIN hedgerow.source s ON s.id = t.source_id
        WHERE t.namespace = n.nspname AND t.table_name = c.relname) d ON true
      WHERE n.nspname = \(namespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND CASE WHEN NOT \(reader == .role)::boolean THEN has_table_privilege(c.oid, 'SELECT')
          WHEN to_regrole('hedgerow_reader') IS NULL THEN false
          ELSE has_table_privilege(to_regrole('hedgerow_reader'), c.oid, 'SELECT') END
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

  /// How queries read times: the zone, and whether a week starts on Sunday rather than on Monday.
  public func project() async throws -> (timeZone: String, weekStartsOnSunday: Bool) {
    let row = try await connection.query("SELECT timezone, week_start = 'sunday' AS is_sunday FROM hedgerow.project")[0]
    return (try row.text("timezone"), row.bool("is_sunday"))
  }

  public func setProject(_ settings: [String: String]) async throws {
    try await connection.execute("SELECT hedgerow.set_project(\(Commits.json(settings))::jsonb)")
  }

  /// Whether texts sort by their bytes in this database, and whether only ASCII's letters are letters to it.
  public func textRules() async throws -> (sortsByBytes: Bool, foldsASCIIOnly: Bool) {
    let row = try await connection.query(
      """
      SELECT CASE provider WHEN 'c' THEN sorted IN ('C', 'POSIX') ELSE provider = 'b' END AS bytes,
        CASE provider WHEN 'c' THEN ctype IN ('C', 'POSIX') WHEN 'b' THEN locale = 'C' ELSE false END AS ascii
      FROM (
        SELECT coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') AS provider, coalesce(to_jsonb(d) ->> 'datlocale', '') AS locale,
          d.datcollate::text AS sorted, d.datctype::text AS ctype
        FROM pg_database d WHERE d.datname = current_database()) rules
      """)[0]
    return (row.bool("bytes"), row.bool("ascii"))
  }
}
