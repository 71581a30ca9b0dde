import FoundationEssentials
public import Rows

/// A schema that this worker holds the lease of, with its settings and where it has got to.
public struct Claim: Sendable {
  public var syncID: Int64
  public var schemaID: Int64
  public var sourceID: Int64
  public var token: Int64
  public var source: String
  public var schema: String
  public var namespace: String
  public var tableName: String
  public var remote: [String: String]
  /// The columns as the last completed sync saw them, as stored; nil before the first.
  public var columns: String
  public var key: [String]
  public var mode: SyncMode
  public var cursorField: String?
  public var selectedColumns: [String]?
  public var rowFilter: String?
  public var lookback: String?
  public var refresh: String
  public var deletes: String
  public var deletesDue: Bool
  public var maxDeletedShare: Double
  public var allowEmpty: Bool
  public var maxRejects: Int64
  public var parallel: Int?
  public var chunkAboveRows: Int64
  public var chunkAboveBytes: Int64
  public var chunkBytes: Int64
  public var cursor: CursorState?
  public var sourceIdentity: String?
  public var mustReload: Bool
  /// The current generation's table; nil before the first load.
  public var generation: String?
  public var rows: Int64?
  public var hasCompleted: Bool
  /// How many syncs in a row have failed before this one.
  public var attempts: Int

  /// The new name by the old one, of columns renamed at the source that the catalogue does not know by it yet.
  public private(set) var renames: [String: String] = [:]

  public var label: String { "\(source).\(schema)" }
}

extension Claim {
  /// The same with the names that columns have now in its cursor field, key and chosen columns.
  public func following(_ renames: [String: String]) -> Claim {
    var result = self
    result.cursorField = cursorField.map { renames[$0] ?? $0 }
    result.key = key.map { renames[$0] ?? $0 }
    result.selectedColumns = selectedColumns?.map { renames[$0] ?? $0 }
    result.renames = renames
    return result
  }

  /// The same once the new names are stored.
  public var withRenamesStored: Claim {
    var result = self
    result.renames = [:]
    return result
  }

  /// Reads what `hedgerow.claim` returns.
  init(json: String) throws {
    let raw = try JSONDecoder().decode(RawClaim.self, from: Data(json.utf8))
    guard let mode = SyncMode(rawValue: raw.mode) else { throw CatalogueError("the catalogue holds an unknown mode, \(raw.mode)") }
    self.init(
      syncID: raw.sync_id, schemaID: raw.id, sourceID: raw.source_id, token: raw.lease_token, source: raw.source, schema: raw.name,
      namespace: raw.namespace, tableName: raw.table_name, remote: raw.remote, columns: raw.columns_text, key: raw.key,
      mode: mode, cursorField: mode == .fullRefresh ? nil : raw.cursor_field, selectedColumns: raw.selected_columns,
      rowFilter: raw.row_filter, lookback: raw.lookback, refresh: raw.refresh, deletes: raw.deletes,
      deletesDue: raw.deletes_due, maxDeletedShare: raw.max_deleted_share, allowEmpty: raw.allow_empty,
      maxRejects: raw.max_rejects, parallel: raw.parallel, chunkAboveRows: raw.chunk_above_rows,
      chunkAboveBytes: raw.chunk_above_bytes, chunkBytes: raw.chunk_bytes, cursor: raw.cursor,
      sourceIdentity: raw.source_identity, mustReload: raw.must_reload, generation: raw.generation, rows: raw.rows,
      hasCompleted: raw.last_completed_at != nil, attempts: raw.attempts)
  }

  /// The names of the JSON that the function returns.
  private struct RawClaim: Decodable {
    var sync_id, id, source_id, lease_token: Int64
    var attempts: Int
    var source, name, namespace, table_name, mode, refresh, deletes, columns_text: String
    var remote: [String: String]
    var key: [String]
    var cursor_field, row_filter, lookback, source_identity, generation, last_completed_at: String?
    var selected_columns: [String]?
    var deletes_due, allow_empty, must_reload: Bool
    var max_deleted_share: Double
    var max_rejects, chunk_above_rows, chunk_above_bytes, chunk_bytes: Int64
    var parallel: Int?
    var cursor: CursorState?
    var rows: Int64?
  }
}
