public import ConnectorKit
import Postgres
import SQLText
import Secrets

/// Reads a PostgreSQL database, version 13 to 18.
public struct PostgresConnector: Connector {
  let pool: ConnectionPool
  let parameters: ConnectionParameters
  let namespaces: [String]
  let warehouse: WarehouseTypes

  public init(_ settings: ConnectorSettings) {
    var parameters = ConnectionParameters()
    for (field, keyword) in PostgresForm.keywords {
      if let value = settings.fields[field], !value.isEmpty { parameters[keyword] = value }
      settings.secrets[field]?.withExposed { parameters[keyword] = $0 }
    }
    let complete = parameters
    self.parameters = complete
    namespaces = PostgresForm.namespaces(settings.fields)
    warehouse = settings.warehouse
    pool = ConnectionPool(limit: settings.maxConnections) {
      try await Connection.open(complete, applicationName: "hedgerow", settings: Self.sessionSettings)
    }
  }

  /// A catalogue query must not hang, and a session of a worker that is gone must not hold a snapshot.
  private static let sessionSettings = [
    (name: "statement_timeout", value: "120s"), (name: "idle_in_transaction_session_timeout", value: "300s"),
    (name: "row_security", value: "off"), (name: "jit", value: "off"),
  ]

  public func check() async throws -> ConnectionReport {
    try await withConnection { connection in
      let row = try await connection.query(
        """
        SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
          pg_is_in_recovery() AS standby, current_user AS role, pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS monitors
        """)[0]
      guard (row.integer("number") ?? 0) >= 130000 else {
        throw ConnectorError(
          .unusable, "the source is PostgreSQL \(try row.text("version")), and Hedgerow reads version 13 and later",
          hint: "Upgrade the source.")
      }
      return ConnectionReport(
        server: "PostgreSQL \(try row.text("version"))", notes: await notes(connection, row))
    }
  }

  private func notes(_ connection: Connection, _ row: Row) async -> [String] {
    let mode = parameters.withDefaults(applicationName: "")["sslmode"] ?? "from PGSSLMODE"
    var notes = ["sslmode \(mode): the connection is \(connection.usesTLS ? "encrypted" : "not encrypted")"]
    if connection.isPooled { notes.append("a pooler stands between Hedgerow and the server") }
    if row.bool("standby") {
      notes.append("this is a standby, which cannot say what is still open on its primary: incremental syncs read the last 10 minutes again, or the lookback that you set")
    } else if !row.bool("monitors") {
      notes.append("for the freshest cursors: GRANT pg_read_all_stats TO \(Identifier(row["role"] ?? "")). Without it nothing is lost; more rows are read twice")
    }
    return notes
  }

  public func discover() async throws -> [SourceSchema] {
    try await withConnection { connection in
      let discovery = PostgresDiscovery(connection: connection, warehouse: warehouse, namespaces: namespaces)
      let schemas = try await discovery.schemas()
      if !schemas.contains(where: { $0.mend == nil }) { throw try await nothingFound(discovery, connection) }
      return schemas
    }
  }

  /// Says why there is nothing to sync: no such namespace, no right, or no table.
  private func nothingFound(_ discovery: PostgresDiscovery, _ connection: Connection) async throws -> ConnectorError {
    let role = Identifier(try await connection.query("SELECT current_user AS role")[0].text("role"))
    let known = try await connection.query("SELECT nspname::text AS name FROM pg_namespace").map { $0["name"] ?? "" }
    if let absent = namespaces.first(where: { !known.contains($0) }) {
      return ConnectorError(
        .missing, "the source has no namespace named \(absent)",
        hint: "It has: \(known.filter { !$0.hasPrefix("pg_") && $0 != "information_schema" }.sorted().joined(separator: ", ")).")
    }
    guard let hidden = try await discovery.tables(only: nil).first else {
      return ConnectorError(.missing, "the source has no table in \(namespaceList)", hint: "Give schema= the namespace that the tables are in.")
    }
    return ConnectorError(
      .forbidden, "role \(role.name) may read no table in \(namespaceList)", hint: Self.grant(hidden.namespace, role))
  }

  private var namespaceList: String { namespaces.isEmpty ? "any namespace" : "namespace " + namespaces.joined(separator: ", ") }

  static func grant(_ namespace: String, _ role: Identifier) -> String {
    let name = Identifier(namespace)
    return "As the tables' owner run: GRANT USAGE ON SCHEMA \(name) TO \(role); GRANT SELECT ON ALL TABLES IN SCHEMA \(name) TO \(role);"
  }

  public func open(_ request: ReadRequest) async throws -> any SchemaSession {
    let connection = try await acquire()
    do {
      return try await PostgresSchemaSession.open(request, connection, pool, warehouse)
    } catch {
      await pool.release(connection)
      throw PostgresFailure.explain(error, request.label, parameters)
    }
  }

  public func close() async { await pool.close() }

  private func acquire() async throws -> Connection {
    do { return try await pool.acquire() } catch { throw PostgresFailure.explain(error, nil, parameters) }
  }

  private func withConnection<Result: Sendable>(_ body: (Connection) async throws -> Result) async throws -> Result {
    let connection = try await acquire()
    do {
      let result = try await body(connection)
      await pool.release(connection)
      return result
    } catch {
      await pool.release(connection)
      throw PostgresFailure.explain(error, nil, parameters)
    }
  }
}
