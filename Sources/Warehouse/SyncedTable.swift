public import Postgres
public import Rows
public import SQLText

/// The table that people read, as it is in the warehouse now.
public struct SyncedTable: Sendable, Equatable {
  public var name: QualifiedName
  public var columns: [Column]
  /// The columns of its primary key, in order; empty where it has none.
  public var key: [String]
  /// Whether a column is what it is partitioned by, whose type PostgreSQL changes by no `ALTER`.
  public var partitionColumn: String?
  /// The table in `hedgerow_data` that holds its rows.
  public var generation: String?

  public static let generations = "hedgerow_data"

  /// - Parameter label: the schema whose table it is, such as `shop.orders`, for the command in a hint.
  /// - Returns: nil where there is no such table.
  /// - Throws: `WarehouseError` where the name belongs to a table that Hedgerow did not make.
  public static func find(_ name: QualifiedName, of label: String, on connection: Connection) async throws -> SyncedTable? {
    let rows = try await connection.query(
      """
      SELECT c.oid, c.relkind AS kind, c.relkind = 'p' AND (d.relnamespace IS NULL OR dn.nspname = \(generations)) AS is_ours,
        d.relname AS generation,
        (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = p.partattrs[0]) AS partition_column,
        (SELECT array_agg(a.attname::text ORDER BY u.position) FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY u (number, position)
          JOIN pg_attribute a ON a.attnum = u.number WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid) AS key
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid LEFT JOIN pg_class d ON d.oid = p.partdefid
      LEFT JOIN pg_namespace dn ON dn.oid = d.relnamespace
      WHERE n.nspname = \(name.namespace) AND c.relname = \(name.name)
      """)
    guard let row = rows.first else { return nil }
    guard row.bool("is_ours") else {
      throw WarehouseError(
        "\(name.plain) exists already, and Hedgerow did not make it",
        hint: "Rename that table, or choose another name with: hedgerow set \(label) table=NAME, or --prefix when you link.")
    }
    let columns = try await connection.query(
      """
      SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required FROM pg_attribute a
      WHERE a.attrelid = \(row["oid"])::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
      """)
    return SyncedTable(
      name: name,
      columns: try columns.map {
        Column(name: try $0.text("name"), type: ColumnType(try $0.text("type")), isRequired: $0.bool("required"))
      },
      key: row["key"].map(ArrayText.parse) ?? [], partitionColumn: row["partition_column"], generation: row["generation"])
  }

  public func has(_ column: String) -> Bool { columns.contains { $0.name == column } }
}

/// Why a table of the warehouse cannot be used.
public struct WarehouseError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String
  public var hint: String?

  public init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  public var description: String { message }
}

/// Hedgerow's own columns.
public enum OwnColumn {
  /// When a row came, in `append` and `merge`.
  public static let syncedAt = Column(name: "_hedgerow_synced_at", type: .timestamptz)
  /// What an API sends beside the columns that are declared, as one object.
  public static let extra = "_hedgerow_extra"
  /// When a row was found deleted at the source, with `deletes=soft`.
  public static let deletedAt = Column(name: "_hedgerow_deleted_at", type: .timestamptz)
  public static let prefix = "_hedgerow_"
}
