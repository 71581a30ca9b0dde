import Catalogue
import Postgres
import SQLText
import TestSupport

/// A new database with the catalogue in it, and a source `shop` with the schemas `orders` and `items`.
struct LinkedShop {
  let url: String
  let connection: Connection

  init() async throws {
    url = try TestCluster.warehouse.createDatabase(named: "catalogue")
    connection = try await Self.connect(url)
    _ = try await Migrator(connection).migrate()
    try await Catalogue(connection).link(
      kind: "postgres", name: "shop", fields: ["host": "localhost"], sealedSecrets: [1, 0, 255], schemas: Self.schemas, prefix: "",
      namespace: "warehouse", frequency: "1 hour")
  }

  static func connect(_ url: String) async throws -> Connection {
    try await Connection.open(try ConnectionParameters(url: url), applicationName: "hedgerow-test")
  }

  func connect() async throws -> Connection { try await Self.connect(url) }

  func schemaID(_ name: String = "orders") async throws -> Int64 {
    try await connection.query("SELECT id FROM hedgerow.schema WHERE name = \(name)")[0].integer("id") ?? 0
  }

  func value(_ sql: SQL) async throws -> String? { try await connection.query(sql)[0].values[0] }

  private static let schemas = """
    [{"name": "orders", "remote": {"table": "orders"}, "columns": [], "key": ["id"], "candidates": [], "estimatedRows": 10,
      "enabled": true, "mode": "merge", "cursorField": "updated_at"},
     {"name": "items", "remote": {}, "columns": [], "key": [], "candidates": [], "mode": "full_refresh"}]
    """
}

extension Leases {
  /// A worker whose session is not opened again.
  init(_ connection: Connection, worker: String) {
    self.init(connection, worker: worker) { throw TestFailure("the session of \(worker) was lost") }
  }
}
