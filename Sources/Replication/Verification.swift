import Catalogue
public import ConnectorKit
import Rows
import SQLText
import Warehouse
public import Postgres

/// Compares what the source has with what the warehouse holds: every row, as a multiset.
///
/// The source's rows are staged here, so that both sides are compared by one server, byte by byte.
public struct Verification {
  let connector: any Connector
  let warehouse: Connection

  public init(connector: any Connector, warehouse: Connection) {
    self.connector = connector
    self.warehouse = warehouse
  }

  public struct Result: Sendable {
    public var label: String
    public var sourceRows: Int64
    public var warehouseRows: Int64
    /// Rows of the source that the warehouse does not hold so.
    public var missing: Int64
    /// Rows of the warehouse that the source does not have so.
    public var extra: Int64
    public var differs: Bool
    public var note: String
  }

  public func run(_ schemaID: Int64) async throws -> Result {
    let schema = try await VerifiedSchema.find(schemaID, on: warehouse)
    let session = try await connector.open(schema.request)
    do {
      let result = try await compare(schema, session)
      await session.close()
      return result
    } catch {
      await session.close()
      throw error
    }
  }

  private func compare(_ schema: VerifiedSchema, _ session: any SchemaSession) async throws -> Result {
    guard let table = try await SyncedTable.find(schema.table, of: schema.label, on: warehouse), table.generation != nil else {
      return Result(label: schema.label, sourceRows: 0, warehouseRows: 0, missing: 0, extra: 0, differs: true, note: "not loaded yet")
    }
    let names = session.table.columns.map { SyncJob.warehouseName($0.name) }
    if let absent = names.first(where: { !table.has($0) }) {
      return Result(label: schema.label, sourceRows: 0, warehouseRows: 0, missing: 0, extra: 0, differs: true, note: "column \(absent) is new at the source; sync first")
    }
    let columns = session.table.columns.map { Column(name: SyncJob.warehouseName($0.name), type: ColumnType($0.type)) }
    let shape = TableShape(name: schema.table, columns: columns, incoming: names, key: [], indexed: nil)
    try await warehouse.begin()
    try await warehouse.execute(shape.createStaging)
    try await Loading(warehouse: warehouse, progress: Progress()).copy(try await session.read(.all), shape.copyIntoStaging)
    try await settle(session.table, shape, schema)
    let row = try await warehouse.query(differences(schema, table, names))[0]
    await warehouse.rollback()
    return result(schema, row)
  }

  /// Of a source that hands out older versions of its rows too, only those that count are compared.
  private func settle(_ source: SourceTable, _ shape: TableShape, _ schema: VerifiedSchema) async throws {
    var shape = shape
    shape.key = source.key.map(SyncJob.warehouseName)
    var landing = Landing(shape: shape, generation: "", keyIsUnique: false, hasSoftDeletes: false)
    landing.isOfStaging = true
    if let versions = source.versions {
      for statement in landing.settle(versions) { try await warehouse.execute(statement) }
    } else if schema.mode == .merge, source.mayRepeat, !shape.key.isEmpty, let statement = landing.removeDuplicates(order: []) {
      try await warehouse.execute(statement)
    }
  }

  /// Rows are equal when their texts are, to the last digit; how often each occurs counts too.
  private func differences(_ schema: VerifiedSchema, _ table: SyncedTable, _ names: [String]) -> SQL {
    let list = names.map { Identifier($0) }.list
    let alive: SQL = table.has(OwnColumn.deletedAt.name) ? " WHERE \(Identifier(OwnColumn.deletedAt.name)) IS NULL" : ""
    return """
      WITH s AS (SELECT md5(ROW(\(list))::text) AS h, count(*) AS n FROM pg_temp.\(TableShape.staging) GROUP BY 1),
        w AS (SELECT md5(ROW(\(list))::text) AS h, count(*) AS n FROM \(table.name)\(alive) GROUP BY 1)
      SELECT coalesce(sum(s.n), 0) AS source, coalesce(sum(w.n), 0) AS warehouse,
        coalesce(sum(greatest(coalesce(s.n, 0) - coalesce(w.n, 0), 0)), 0) AS missing,
        coalesce(sum(greatest(coalesce(w.n, 0) - coalesce(s.n, 0), 0)), 0) AS extra
      FROM s FULL JOIN w USING (h)
      """
  }

  private func result(_ schema: VerifiedSchema, _ row: Row) -> Result {
    let missing = row.integer("missing") ?? 0
    let extra = row.integer("extra") ?? 0
    let differs = missing > 0 || (extra > 0 && schema.mode != .append && schema.deletes != "ignore") || (extra > 0 && schema.mode == .fullRefresh)
    var note = "equal"
    if missing > 0 { note = "rows are missing or changed: sync, and if it stays, hedgerow reload \(schema.label)" }
    else if extra > 0, schema.mode == .append { note = "equal, with older versions of changed rows" }
    else if extra > 0, schema.deletes == "ignore", schema.mode == .merge { note = "equal, with \(extra) rows that are deleted at the source (deletes=ignore)" }
    else if extra > 0 { note = "the warehouse has rows that the source does not have" }
    return Result(
      label: schema.label, sourceRows: row.integer("source") ?? 0, warehouseRows: row.integer("warehouse") ?? 0, missing: missing, extra: extra,
      differs: differs, note: note)
  }
}
