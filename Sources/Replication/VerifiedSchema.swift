import ConnectorKit
import FoundationEssentials
import Postgres
import Rows
import SQLText

/// What a comparison needs to know of a schema. It takes no lease: it only reads.
struct VerifiedSchema {
  var label: String
  var table: QualifiedName
  var mode: SyncMode
  var deletes: String
  var request: ReadRequest

  static func find(_ id: Int64, on connection: Connection) async throws -> VerifiedSchema {
    let row = try await connection.query(
      """
      SELECT o.name || '.' || s.name AS label, s.namespace, s.table_name, s.mode, s.deletes, s.remote::text AS remote, s.source_identity,
        s.columns::text AS columns, s.selected_columns, s.row_filter, s.key
      FROM hedgerow.schema s JOIN hedgerow.source o ON o.id = s.source_id WHERE s.id = \(id)
      """)[0]
    let label = try row.text("label")
    let remote = try JSONDecoder().decode([String: String].self, from: Data(try row.text("remote").utf8))
    let known = try JSONDecoder().decode([SourceColumn].self, from: Data(try row.text("columns").utf8))
    return VerifiedSchema(
      label: label, table: QualifiedName(try row.text("namespace"), try row.text("table_name")),
      mode: SyncMode(rawValue: try row.text("mode")) ?? .fullRefresh, deletes: try row.text("deletes"),
      request: ReadRequest(
        label: label, remote: remote, identity: row["source_identity"], columns: row["selected_columns"].map(ArrayText.parse),
        filter: row["row_filter"], key: row["key"].map(ArrayText.parse) ?? [], known: known,
        mode: SyncMode(rawValue: try row.text("mode")) ?? .fullRefresh))
  }
}
