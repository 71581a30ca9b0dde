import JSON

/// What a reader must be able to do to read a table.
///
/// Format: the Delta protocol, "Protocol Evolution" and "Table Features".
struct DeltaProtocol: Sendable, Hashable {
  var readerVersion: Int64
  var readerFeatures: [String]

  init(_ body: JSONValue) throws(FormatError) {
    guard let version = body["minReaderVersion"]?.integerValue else {
      throw FormatError(.corrupt, "the protocol has no version for readers")
    }
    readerVersion = version
    readerFeatures = body["readerFeatures"]?.elements?.compactMap(\.stringValue) ?? []
  }

  /// Features that are read here. Types that were widened need nothing: each file's values are turned into the table's
  /// types of today.
  static let known: Set = [
    "columnMapping", "deletionVectors", "timestampNtz", "typeWidening", "typeWidening-preview", "v2Checkpoint",
    "vacuumProtocolCheck",
  ]

  /// Throws where the table needs what is not known here.
  func check() throws(FormatError) {
    guard readerVersion <= 3 else {
      throw FormatError(
        .unsupported, "the Delta table needs a reader of version \(readerVersion), and up to 3 are known",
        hint: "A newer Hedgerow may read it.")
    }
    let unknown = readerVersion == 3 ? readerFeatures.filter { !Self.known.contains($0) } : []
    guard unknown.isEmpty else {
      let names = unknown.prefix(20).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
      throw FormatError(
        .unsupported,
        "the Delta table uses \(unknown.count == 1 ? "the feature" : "the features") \(names), not read here",
        hint: "Turn the feature off in the table (ALTER TABLE ... DROP FEATURE) or link a copy without it.")
    }
  }

  var hasColumnMapping: Bool { readerVersion == 2 || readerFeatures.contains("columnMapping") }
}

/// What the table's log says of its columns.
struct DeltaMetadata: Sendable, Hashable {
  /// How columns are found in data files.
  enum Mapping: String, Sendable { case none, name, id }

  /// Differs when the table was replaced by another one.
  var id: String
  var fields: [TableField]
  var partitionColumns: [String]
  var mapping: Mapping

  init(_ body: JSONValue) throws(FormatError) {
    let provider = body["format"]?["provider"]?.stringValue ?? "parquet"
    guard provider == "parquet" else {
      throw FormatError(.unsupported, "the table's files are \"\(provider.prefix(40))\", not Parquet")
    }
    guard let schema = body["schemaString"]?.stringValue else {
      throw FormatError(.corrupt, "the table's metadata has no schema")
    }
    id = body["id"]?.stringValue ?? ""
    fields = try DeltaSchema.fields(parsing: schema)
    partitionColumns = body["partitionColumns"]?.elements?.compactMap(\.stringValue) ?? []
    let mode = Self.setting("delta.columnMapping.mode", body["configuration"]) ?? "none"
    guard let mapping = Mapping(rawValue: mode) else {
      throw FormatError(.unsupported, "the table maps its columns by \"\(mode.prefix(40))\", which is not known")
    }
    self.mapping = mapping
  }

  private static func setting(_ name: String, _ json: JSONValue?) -> String? {
    json?[name]?.stringValue ?? json?.elements?.first { $0[0]?.stringValue == name }?[1]?.stringValue
  }

  /// Columns without a mapping have their own names in the files, also where names for a mapping are noted.
  mutating func settle(_ tableProtocol: DeltaProtocol) {
    if !tableProtocol.hasColumnMapping { mapping = .none }
    if mapping == .none { fields = fields.map(Self.plain) }
  }

  private static func plain(_ field: TableField) -> TableField {
    var field = field
    field.physicalName = nil
    field.type = plain(field.type)
    return field
  }

  private static func plain(_ type: TableType) -> TableType {
    switch type {
    case .single: type
    case .structure(let fields): .structure(fields.map(plain))
    case .list(let element, let id): .list(plain(element), id: id)
    case .map(let key, let value, let keyID, let valueID):
      .map(key: plain(key), value: plain(value), keyID: keyID, valueID: valueID)
    }
  }
}
