import ConnectorKit
import Postgres
import Rows
import Secrets
import SQLText
import TestSupport

@testable import Connectors

/// A new database at the source server.
struct SourceDatabase {
  let url: String

  init(_ sql: String = "") throws {
    url = try TestCluster.source.createDatabase(named: "discovered")
    if !sql.isEmpty { try run(sql) }
  }

  @discardableResult
  func run(_ sql: String) throws -> String { try TestCluster.source.psql("SET client_min_messages = warning;\n" + sql, url) }

  /// - Parameter extensions: what the warehouse has, by `extension.type`.
  func connector(_ fields: [String: String] = [:], extensions: [String: String] = [:], connections: Int = 2) throws -> PostgresConnector {
    let fields = try PostgresForm.normalize(["url": url].merging(fields) { $1 })
    return PostgresConnector(
      ConnectorSettings(
        fields: fields, secrets: [:], maxConnections: connections,
        warehouse: WarehouseTypes(serverVersion: 150_000, extensionTypes: extensions)))
  }

  func discover(_ fields: [String: String] = [:], extensions: [String: String] = [:]) async throws -> [String: SourceSchema] {
    let connector = try connector(fields, extensions: extensions)
    let found = try await connector.discover()
    await connector.close()
    return Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0) })
  }
}

extension SourceSchema {
  /// Each column with its type in the warehouse.
  var types: [String: String] { Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.type) }) }
}

extension SchemaSession {
  /// Reads a slice to its end.
  func count(_ slice: RowSlice) async throws -> Int {
    let reader = try await read(slice)
    var rows = 0
    while let batch = try await reader.next() { rows += batch.rows }
    return rows
  }
}
