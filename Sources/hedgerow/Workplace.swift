import Catalogue
import ConnectorKit
import Connectors
import Glibc
import LocalPostgres
import Postgres
import Secrets
import Terminal

/// Where a command works: the warehouse with its catalogue, open.
struct Workplace {
  let settings: Settings
  let parameters: ConnectionParameters
  let connection: Connection
  private let embedded: EmbeddedSession?

  var catalogue: Catalogue { Catalogue(connection) }

  /// Opens the warehouse for the time of `body`. Installs the catalogue where there is none.
  static func with<Result>(
    _ options: CommonOptions, migrates: Bool = true, _ body: (Workplace) async throws -> Result
  ) async throws -> Result {
    let settings = try Settings(options)
    let embedded = try settings.embedded.map { try EmbeddedSession.open(directory: $0) }
    do {
      let workplace = try await open(settings, embedded)
      if migrates, try await Migrator(workplace.connection).prepare() {
        TerminalStream.standardError.writeLine("The catalogue was installed in the warehouse (namespace hedgerow).")
      }
      let result = try await body(workplace)
      try? embedded?.close()
      return result
    } catch {
      try? embedded?.close()
      throw error
    }
  }

  private static func open(_ settings: Settings, _ embedded: EmbeddedSession?) async throws -> Workplace {
    var parameters = ConnectionParameters()
    do {
      if let url = embedded?.url ?? settings.databaseURL { parameters = try ConnectionParameters(url: url) }
    } catch {
      throw Complaint("HEDGEROW_DATABASE_URL cannot be read: \(error.message)", hint: error.hint)
    }
    let connection = try await Connection.open(parameters, applicationName: "hedgerow", settings: sessionSettings)
    guard connection.serverVersion >= 130000 else {
      throw Complaint("the warehouse is PostgreSQL \(connection.serverVersion / 10000), and Hedgerow needs version 13 or later", hint: "Upgrade it.", exitCode: Complaint.failed)
    }
    return Workplace(settings: settings, parameters: parameters, connection: connection, embedded: embedded)
  }

  private static let sessionSettings = [
    (name: "statement_timeout", value: "0"), (name: "jit", value: "off"), (name: "idle_in_transaction_session_timeout", value: "0"),
  ]

  /// Opens another session of the warehouse.
  func open(named name: String) async throws -> Connection {
    try await Connection.open(parameters, applicationName: name, settings: Self.sessionSettings)
  }

  // MARK: Connectors

  func warehouseTypes() async throws -> WarehouseTypes {
    WarehouseTypes(serverVersion: connection.serverVersion, extensionTypes: try await catalogue.extensionTypes())
  }

  static func kind(_ name: String) throws -> ConnectorKind {
    guard let kind = Connectors.all[name] else {
      let known = Connectors.all.kinds.map(\.name)
      throw Complaint("there is no connector named \(name)", hint: "There are: \(known.joined(separator: ", ")). hedgerow kinds describes them.")
    }
    return kind
  }

  func connector(_ source: Catalogue.Source, _ types: WarehouseTypes) throws -> any Connector {
    var secrets: [String: Secret] = [:]
    if let sealed = source.sealedSecrets {
      secrets = try settings.secretBox().open(sealed, for: source.name)
    }
    for (field, secret) in secrets {
      secrets[field] = Secret(try SecretReference(secret.withExposed { $0 }).resolve())
    }
    return try Self.kind(source.kind).connect(
      ConnectorSettings(fields: source.fields, secrets: secrets, maxConnections: source.maxConnections, warehouse: types, allowedHosts: settings.allowedHosts))
  }
}
