public import Secrets

/// A sort of source that can be linked, and the fields its form has.
public struct ConnectorKind: Sendable {
  public struct Field: Sendable {
    public var name: String
    public var help: String
    public var isSecret: Bool
    public var isRequired: Bool
    public var fallback: String?

    public init(
      _ name: String, _ help: String, isSecret: Bool = false, isRequired: Bool = false, fallback: String? = nil
    ) {
      self.name = name
      self.help = help
      self.isSecret = isSecret
      self.isRequired = isRequired
      self.fallback = fallback
    }
  }

  public var name: String
  public var title: String
  public var fields: [Field]
  /// Turns what the user typed into the fields that are stored, for instance a URL into its parts.
  public var normalize: @Sendable ([String: String]) throws -> [String: String]
  /// Makes a connector from stored fields.
  public var connect: @Sendable (ConnectorSettings) throws -> any Connector

  public init(
    name: String, title: String, fields: [Field],
    normalize: @escaping @Sendable ([String: String]) throws -> [String: String],
    connect: @escaping @Sendable (ConnectorSettings) throws -> any Connector
  ) {
    self.name = name
    self.title = title
    self.fields = fields
    self.normalize = normalize
    self.connect = connect
  }
}

/// What a connector is made from.
public struct ConnectorSettings: Sendable {
  public var fields: [String: String]
  public var secrets: [String: Secret]
  /// How many connections it may hold at once.
  public var maxConnections: Int
  /// Types that the warehouse has beside the built-in ones, as `extension.type`, and its version.
  public var warehouse: WarehouseTypes
  /// Hosts and networks beyond the public internet that it may connect to, as in `HEDGEROW_ALLOW_HOSTS`; nil for none.
  public var allowedHosts: String?

  public init(
    fields: [String: String], secrets: [String: Secret], maxConnections: Int, warehouse: WarehouseTypes, allowedHosts: String? = nil
  ) {
    self.allowedHosts = allowedHosts
    self.fields = fields
    self.secrets = secrets
    self.maxConnections = maxConnections
    self.warehouse = warehouse
  }
}

/// Which types a column can have in the warehouse.
public struct WarehouseTypes: Sendable, Equatable {
  /// `major * 10000 + minor`.
  public var serverVersion: Int
  /// Of each extension's type, by `extension.type`, the name to write in SQL.
  public var extensionTypes: [String: String]

  public init(serverVersion: Int, extensionTypes: [String: String]) {
    self.serverVersion = serverVersion
    self.extensionTypes = extensionTypes
  }
}

/// The connectors that a program knows.
public struct ConnectorList: Sendable {
  public let kinds: [ConnectorKind]

  public init(_ kinds: [ConnectorKind]) { self.kinds = kinds }

  public subscript(_ name: String) -> ConnectorKind? { kinds.first { $0.name == name } }
}
