public import Postgres
import FoundationEssentials
import SQLText

/// What is linked, as the commands show and change it. Every rule is a function in the database.
public struct Catalogue: Sendable {
  public let connection: Connection

  public init(_ connection: Connection) { self.connection = connection }

  /// A source with what is needed to connect to it.
  public struct Source: Sendable, Equatable {
    public var id: Int64
    public var name: String
    public var kind: String
    public var prefix: String
    public var namespace: String
    public var fields: [String: String]
    public var sealedSecrets: [UInt8]?
    public var maxConnections: Int
    public var isPaused: Bool
  }

  public struct SchemaEntry: Sendable {
    public var id: Int64
    public var name: String
    public var isEnabled: Bool
  }

  /// Nil where it was unlinked.
  public func source(id: Int64) async throws -> Source? { try await sources(where: "id = \(id)").first }

  public func sources(named name: String? = nil) async throws -> [Source] {
    if let name { try await connection.execute("SELECT hedgerow.find_source(\(name))") }
    return try await sources(where: "\(name)::text IS NULL OR name = \(name)")
  }

  private func sources(where condition: SQL) async throws -> [Source] {
    let rows = try await connection.query(
      """
      SELECT id, name, kind, prefix, namespace, config::text AS config, encode(sealed_secrets, 'hex') AS secrets, max_connections, is_paused
      FROM hedgerow.source WHERE \(condition) ORDER BY name
      """)
    return try rows.map { row in
      Source(
        id: row.integer("id") ?? 0, name: try row.text("name"), kind: try row.text("kind"), prefix: try row.text("prefix"),
        namespace: try row.text("namespace"),
        fields: try JSONDecoder().decode([String: String].self, from: Data(try row.text("config").utf8)),
        sealedSecrets: row["secrets"].map(Self.bytes(hex:)), maxConnections: Int(row.integer("max_connections") ?? 2),
        isPaused: row.bool("is_paused"))
    }
  }

  public func schemas(of source: Source, named name: String? = nil) async throws -> [SchemaEntry] {
    if let name { try await connection.execute("SELECT hedgerow.find_schema(\(source.name), \(name))") }
    let rows = try await connection.query(
      "SELECT id, name, enabled FROM hedgerow.schema WHERE source_id = \(source.id) AND (\(name)::text IS NULL OR name = \(name)) ORDER BY name")
    return try rows.map { SchemaEntry(id: $0.integer("id") ?? 0, name: try $0.text("name"), isEnabled: $0.bool("enabled")) }
  }

  public func link(
    kind: String, name: String, fields: [String: String], sealedSecrets: [UInt8]?, schemas: String, prefix: String,
    namespace: String, frequency: String
  ) async throws {
    let config = try Commits.json(fields)
    let secrets = sealedSecrets.map(Self.hex)
    try await connection.execute(
      """
      SELECT hedgerow.link_source(\(kind), \(name), \(config)::jsonb, decode(\(secrets), 'hex'), \(schemas)::jsonb, \
      \(prefix), \(namespace), hedgerow.frequency(\(frequency)))
      """)
  }

  public func putSchemas(_ source: Source, _ schemas: String) async throws {
    try await connection.execute("SELECT hedgerow.put_schemas(\(source.id), \(schemas)::jsonb)")
  }

  /// - Returns: what follows from the change, in sentences.
  public func setSchema(_ source: String, _ schema: String, _ settings: [String: String]) async throws -> [String] {
    let json = try Commits.json(settings)
    return try await sentences("SELECT hedgerow.set_schema(\(source), \(schema), \(json)::jsonb) AS said")
  }

  public func setSource(_ source: String, settings: String, sealedSecrets: [UInt8]?) async throws {
    let secrets = sealedSecrets.map(Self.hex)
    try await connection.execute("SELECT hedgerow.set_source(\(source), \(settings)::jsonb, decode(\(secrets), 'hex'))")
  }

  public func reload(_ source: String, _ schema: String?) async throws -> Int {
    Int(try await connection.query("SELECT hedgerow.reload(\(source), \(schema)) AS n")[0].integer("n") ?? 0)
  }

  public func pause(_ source: String) async throws { try await connection.execute("SELECT hedgerow.pause(\(source))") }
  public func resume(_ source: String) async throws { try await connection.execute("SELECT hedgerow.resume(\(source))") }

  public func unlink(_ source: String, keepTables: Bool) async throws -> [String] {
    try await sentences("SELECT hedgerow.unlink(\(source), \(keepTables)) AS said")
  }

  /// Deletes syncs that are older than the history is kept, a part at a time.
  public func trimHistory() async throws {
    while try await connection.query("SELECT hedgerow.trim_history() AS n")[0].integer("n") ?? 0 > 0 {}
  }

  /// For every process at once.
  public func keepHistory(days: Int) async throws { try await connection.execute("SELECT hedgerow.keep_history(\(days)::integer)") }

  /// Which types the warehouse has beside the built-in ones, by `extension.type`.
  public func extensionTypes() async throws -> [String: String] {
    let rows = try await connection.query(
      """
      SELECT x.extname || '.' || t.typname AS key, quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS name
      FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid JOIN pg_type t ON t.oid = d.objid JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE d.classid = 'pg_type'::regclass AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND t.typelem = 0
        AND t.typsend <> 0 AND t.typreceive <> 0
      """)
    var found: [String: String] = [:]
    for row in rows { found[try row.text("key")] = try row.text("name") }
    return found
  }

  private func sentences(_ sql: SQL) async throws -> [String] {
    try await connection.query(sql)[0]["said"].map(ArrayText.parse) ?? []
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private static func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
