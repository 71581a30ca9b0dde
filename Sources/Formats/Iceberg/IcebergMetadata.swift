import JSON
import Rows

/// What an Iceberg table's newest `metadata.json` says.
///
/// Format: the Iceberg table specification, "Table Metadata".
struct IcebergMetadata: Sendable {
  struct Snapshot: Sendable, Hashable {
    var id: Int64
    var parent: Int64?
    var sequence: Int64
    /// `append`, `replace`, `overwrite` or `delete`; nil where it is not said.
    var operation: String?
    var manifestList: String?
    /// The manifests themselves, as version 1 allows.
    var manifests: [String]
    var schemaID: Int?
  }

  struct PartitionField: Sendable, Hashable {
    var id: Int
    /// The column it is made from.
    var source: Int
    var name: String
    var transform: String
  }

  var formatVersion: Int64
  var location: String
  var updated: Int64
  var schemas: [Int: [TableField]] = [:]
  var schemaID: Int
  var fields: [TableField]
  /// By the number of the specification.
  var partitions: [Int: [PartitionField]] = [:]
  var snapshots: [Snapshot] = []
  /// Nil for a table that was never written to.
  var current: Int64?
  /// Names that stand for columns in files without numbers.
  var nameMapping: [String: Int]?

  init(_ json: JSONValue) throws(FormatError) {
    guard let version = json["format-version"]?.integerValue else {
      throw IcebergSchema.broken("it has no \"format-version\"")
    }
    guard (1...3).contains(version) else {
      throw FormatError(
        .unsupported, "the Iceberg table has format version \(version), and 1 to 3 are read",
        hint: "A newer Hedgerow may read it.")
    }
    if let keys = json["encryption-keys"]?.elements, !keys.isEmpty {
      throw FormatError(.unsupported, "the Iceberg table is encrypted, which is not read")
    }
    guard let location = json["location"]?.stringValue else { throw IcebergSchema.broken("it has no \"location\"") }
    formatVersion = version
    self.location = location
    updated = json["last-updated-ms"]?.integerValue ?? 0
    for schema in json["schemas"]?.elements ?? [] {
      schemas[Int(truncatingIfNeeded: schema["schema-id"]?.integerValue ?? 0)] = try IcebergSchema.fields(schema)
    }
    schemaID = Int(truncatingIfNeeded: json["current-schema-id"]?.integerValue ?? 0)
    if schemas.isEmpty, let only = json["schema"] { schemas[schemaID] = try IcebergSchema.fields(only) }
    guard let fields = schemas[schemaID] else {
      throw IcebergSchema.broken("its current schema is not among its schemas")
    }
    self.fields = fields
    try readPartitions(json)
    for snapshot in json["snapshots"]?.elements ?? [] { snapshots.append(try Self.snapshot(snapshot)) }
    // A list of manifests says how each is partitioned; without one there must be only one way.
    guard partitions.count <= 1 || snapshots.allSatisfy({ $0.manifestList != nil }) else {
      throw FormatError(
        .unsupported,
        "the Iceberg table has snapshots without a manifest list and more than one partitioning, which is not read",
        hint: "Write to the table once with a newer writer, which gives it a manifest list.")
    }
    // Some write -1 where there is none.
    current = json["current-snapshot-id"]?.integerValue.flatMap { $0 == -1 ? nil : $0 }
    nameMapping = try Self.names(json["properties"]?["schema.name-mapping.default"]?.stringValue)
  }

  private mutating func readPartitions(_ json: JSONValue) throws(FormatError) {
    for spec in json["partition-specs"]?.elements ?? [] {
      partitions[Int(truncatingIfNeeded: spec["spec-id"]?.integerValue ?? 0)] = try Self.partition(spec["fields"])
    }
    if partitions.isEmpty { partitions[0] = try Self.partition(json["partition-spec"]) }
  }

  private static func partition(_ json: JSONValue?) throws(FormatError) -> [PartitionField] {
    var fields: [PartitionField] = []
    for (index, field) in (json?.elements ?? []).enumerated() {
      guard let source = (field["source-id"] ?? field["source-ids"]?[0])?.integerValue,
        let transform = field["transform"]?.stringValue
      else { throw IcebergSchema.broken("a partition field has no source or no transform") }
      // Version 1 numbered them from 1000 without saying so.
      let id = field["field-id"]?.integerValue ?? Int64(1_000 + index)
      fields.append(
        PartitionField(
          id: Int(truncatingIfNeeded: id), source: Int(truncatingIfNeeded: source),
          name: field["name"]?.stringValue ?? "",
          transform: transform))
    }
    return fields
  }

  private static func snapshot(_ json: JSONValue) throws(FormatError) -> Snapshot {
    guard let id = json["snapshot-id"]?.integerValue else { throw IcebergSchema.broken("a snapshot has no number") }
    return Snapshot(
      id: id, parent: json["parent-snapshot-id"]?.integerValue, sequence: json["sequence-number"]?.integerValue ?? 0,
      operation: json["summary"]?["operation"]?.stringValue, manifestList: json["manifest-list"]?.stringValue,
      manifests: json["manifests"]?.elements?.compactMap(\.stringValue) ?? [],
      schemaID: json["schema-id"]?.integerValue.map { Int(truncatingIfNeeded: $0) })
  }

  private static func names(_ text: String?) throws(FormatError) -> [String: Int]? {
    guard let text else { return nil }
    guard let entries = (try? JSONValue(parsing: text))?.elements else {
      throw IcebergSchema.broken("its mapping of names is no list")
    }
    var names: [String: Int] = [:]
    for entry in entries {
      guard let id = entry["field-id"]?.integerValue else { continue }
      for name in entry["names"]?.elements ?? [] {
        if let name = name.stringValue { names[name] = Int(truncatingIfNeeded: id) }
      }
    }
    return names
  }

  func snapshot(_ id: Int64) -> Snapshot? { snapshots.first { $0.id == id } }

  /// A column by its number, from today's schema or else from an older one.
  func field(_ id: Int) -> TableField? {
    if let field = fields.first(where: { $0.id == id }) { return field }
    return schemas.sorted { $0.key > $1.key }.lazy.compactMap { $0.value.first { $0.id == id } }.first
  }
}
