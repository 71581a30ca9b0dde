import ConnectorKit
import Postgres
import SQLText

/// Asks a PostgreSQL source what is there: three queries for any number of tables.
struct PostgresDiscovery {
  var connection: Connection
  var warehouse: WarehouseTypes
  /// The namespaces to look in; empty for all but the system's.
  var namespaces: [String]

  /// Everything of one table but its columns.
  struct Table: Sendable {
    var oid: UInt32
    var namespace: String
    var name: String
    /// `pg_class.relkind`.
    var kind: String
    var estimatedRows: Int64?
    var estimatedBytes: Int64?
    var key: [String]
    /// Numbers of the columns that an index without a condition begins with.
    var indexed: Set<Int>
    /// Of each column whose sequence hands out more than one value at a time, how many.
    var sequenceCaches: [Int: Int]
    var isReadable: Bool
    var isInsideNamespace: Bool
  }

  func schemas() async throws -> [SourceSchema] {
    let tables = try await tables(only: nil)
    let columns = try await columns(only: nil)
    let identity = try await PostgresIdentity.find(connection)
    let role = Identifier(try await connection.query("SELECT current_user AS role")[0].text("role"))
    let isQualified = namespaces.count != 1
    return tables.compactMap { table in
      let own = columns[table.oid] ?? []
      guard !own.isEmpty || !table.isReadable else { return nil }
      return SourceSchema(
        name: isQualified ? "\(table.namespace).\(table.name)" : table.name, remote: Self.remote(table),
        identity: identity, columns: own, key: Self.usableKey(of: table, own), candidates: CursorChoice.candidates(of: table, own),
        estimatedRows: table.estimatedRows, estimatedBytes: table.estimatedBytes, mend: table.isReadable ? nil : Self.grant(table, role))
    }
  }

  private static func grant(_ table: Table, _ role: Identifier) -> String {
    let usage = table.isInsideNamespace ? "" : "GRANT USAGE ON SCHEMA \(Identifier(table.namespace)) TO \(role); "
    return "As its owner run: \(usage)GRANT SELECT ON \(QualifiedName(table.namespace, table.name)) TO \(role);"
  }

  /// The key, where all of it may be read; else none.
  static func usableKey(of table: Table, _ columns: [SourceColumn]) -> [String] {
    let names = Set(columns.map(\.name))
    return table.key.allSatisfy(names.contains) ? table.key : []
  }

  static func remote(_ table: Table) -> [String: String] {
    ["namespace": table.namespace, "table": table.name, "number": "\(table.oid)"]
  }

  func tables(only oid: UInt32?) async throws -> [Table] {
    try await connection.query(Self.tablesQuery(filter(oid))).map { row throws(PostgresError) in
      Table(
        oid: UInt32(try row.text("oid")) ?? 0, namespace: try row.text("namespace"), name: try row.text("name"),
        kind: try row.text("kind"), estimatedRows: row.integer("rows"), estimatedBytes: row.integer("bytes"),
        key: row["key"].map(ArrayText.parse) ?? [],
        indexed: Set((row["indexed"].map(ArrayText.parse) ?? []).compactMap { Int($0) }),
        sequenceCaches: Self.pairs(row["caches"]), isReadable: row.bool("readable"),
        isInsideNamespace: row.bool("usable"))
    }
  }

  private static func pairs(_ text: String?) -> [Int: Int] {
    var found: [Int: Int] = [:]
    for item in text.map(ArrayText.parse) ?? [] {
      let parts = item.split(separator: ":").compactMap { Int($0) }
      if parts.count == 2 { found[parts[0]] = parts[1] }
    }
    return found
  }

  private func filter(_ oid: UInt32?) -> SQL {
    if let oid { return "c.oid = \(oid)" }
    if namespaces.isEmpty {
      return "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
    }
    return "n.nspname = ANY (\(ArrayText.format(namespaces))::text[])"
  }

  private static func tablesQuery(_ filter: SQL) -> SQL {
    """
    SELECT c.oid, n.nspname AS namespace, c.relname AS name, c.relkind AS kind,
      nullif(CASE WHEN c.relkind = 'p' THEN leaves.rows ELSE c.reltuples END, -1)::bigint AS rows,
      CASE WHEN c.relkind = 'p' THEN leaves.pages ELSE c.relpages + coalesce(t.relpages, 0) END
        * current_setting('block_size')::bigint AS bytes,
      k.columns AS key, x.indexed, q.caches,
      has_schema_privilege(n.oid, 'USAGE') AS usable,
      has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')) AS readable
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    LEFT JOIN LATERAL (
      SELECT sum(greatest(l.reltuples, 0)) AS rows, sum(l.relpages) AS pages
      FROM pg_partition_tree(c.oid) p JOIN pg_class l ON l.oid = p.relid WHERE p.isleaf AND c.relkind = 'p') leaves ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(a.attname::text ORDER BY i.position) AS columns
      FROM (SELECT i.indexrelid, i.indisprimary, i.indrelid, u.number, u.position
            FROM pg_index i, unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) WITH ORDINALITY u (number, position)
            WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL) i
      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.number AND i.number > 0
      GROUP BY i.indexrelid, i.indisprimary HAVING bool_and(coalesce(a.attnotnull, false))
      ORDER BY i.indisprimary DESC, count(*), i.indexrelid LIMIT 1) k ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(DISTINCT i.indkey[0]) AS indexed FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
      JOIN pg_am am ON am.oid = ic.relam
      WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND am.amname = 'btree') x ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(d.refobjsubid || ':' || s.seqcache) AS caches FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
      WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
        AND d.deptype IN ('a', 'i') AND s.seqcache > 1) q ON true
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      AND \(filter)
    ORDER BY n.nspname, c.relname
    """
  }

  /// The columns of each table, by the table's number, in their order.
  func columns(only oid: UInt32?) async throws -> [UInt32: [SourceColumn]] {
    let types = try await types(only: oid)
    var found: [UInt32: [SourceColumn]] = [:]
    let rows = try await connection.query(
      """
      SELECT a.attrelid AS table, a.attnum AS number, a.attname AS name, a.attnotnull AS required, a.atttypid AS type,
        format_type(a.atttypid, a.atttypmod) AS printed, (a.attmissingval::text::text[])[1] AS fill,
        a.atthasdef AND NOT a.atthasmissing AS is_filled
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND (has_table_privilege(c.oid, 'SELECT') OR has_column_privilege(c.oid, a.attnum, 'SELECT')) AND \(filter(oid))
      ORDER BY a.attrelid, a.attnum
      """)
    for row in rows {
      let printed = try row.text("printed")
      let mapping = types.mapping(of: UInt32(try row.text("type")) ?? 0, printed: printed)
      var column = SourceColumn(
        name: try row.text("name"), number: Int(row.integer("number") ?? 0), type: mapping.type, sourceType: printed,
        required: row.bool("required"), reading: mapping.reading, note: mapping.note)
      column.fill = row["fill"]
      column.isFilledAtSource = row.bool("is_filled") ? true : nil
      found[UInt32(try row.text("table")) ?? 0, default: []].append(column)
    }
    return found
  }

  /// The types of those columns, and the types that they are made of.
  private func types(only oid: UInt32?) async throws -> PostgresTypes {
    let rows = try await connection.query(
      """
      WITH RECURSIVE used (oid) AS (
        SELECT DISTINCT a.atttypid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND \(filter(oid))
        UNION
        SELECT p.oid FROM used u JOIN pg_type t ON t.oid = u.oid CROSS JOIN LATERAL (VALUES (t.typelem), (t.typbasetype)) p (oid) WHERE p.oid <> 0)
      SELECT t.oid, format_type(t.oid, NULL) AS name, t.typtype AS kind,
        CASE WHEN e.typarray = t.oid THEN t.typelem END AS element,
        nullif(t.typbasetype, 0) AS base, CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END AS base_name,
        x.extname || '.' || t.typname AS extension_type, t.typsend <> 0 AND t.typreceive <> 0 AS has_binary
      FROM used u JOIN pg_type t ON t.oid = u.oid
      LEFT JOIN pg_type e ON e.oid = t.typelem
      LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
      LEFT JOIN pg_extension x ON x.oid = d.refobjid
      """)
    var types: [UInt32: PostgresType] = [:]
    for row in rows {
      let number = UInt32(try row.text("oid")) ?? 0
      types[number] = PostgresType(
        oid: number, name: try row.text("name"), kind: try row.text("kind").first ?? "b",
        element: row.integer("element").map { UInt32($0) }, base: row.integer("base").map { UInt32($0) },
        baseName: row["base_name"], extensionType: row["extension_type"], hasBinary: row.bool("has_binary"))
    }
    return PostgresTypes(types: types, warehouse: warehouse)
  }
}
