import JSON

/// A file that a manifest lists, with what it inherits from the manifest.
struct IcebergEntry: Sendable, Hashable {
  enum Content: Int64, Sendable { case data, positionDeletes, equalityDeletes }

  var content: Content
  /// As the table names it.
  var address: String
  /// `parquet`, `avro`, `orc` or `puffin`, in small letters.
  var format: String
  var size: Int64
  var rows: Int64
  var spec: Int
  /// Values by the number of the partition field, as PostgreSQL's text.
  var partition: [Int: String?]
  /// Its age: deletes hold for files that are not younger.
  var sequence: Int64
  /// Whether the snapshot that wrote the manifest added it.
  var isAdded: Bool
  var snapshot: Int64
  var equalityIDs: [Int]
  /// The only data file that the deletes are about.
  var referenced: String?
  /// Where a deletion vector stands in its file.
  var range: Range<Int64>?
}

/// Reads manifest lists and manifests.
///
/// Format: the Iceberg table specification, "Manifests" and "Manifest Lists".
struct IcebergManifestReader: Sendable {
  let files: any TableFiles
  let paths: IcebergPaths

  /// A line of a manifest list.
  struct Manifest: Sendable {
    var address: String
    var spec: Int
    var sequence: Int64
    var addedBy: Int64?
  }

  func manifests(of snapshot: IcebergMetadata.Snapshot) async throws -> [Manifest] {
    guard let list = snapshot.manifestList else {
      return snapshot.manifests.map { Manifest(address: $0, spec: 0, sequence: 0, addedBy: nil) }
    }
    var manifests: [Manifest] = []
    try await reading(list, "manifest list") { file in
      try await file.records { json in
        guard let address = json["manifest_path"]?.stringValue else {
          throw FormatError(.corrupt, "a manifest has no path")
        }
        if json["key_metadata"].map({ !$0.isNull }) ?? false { throw Self.encrypted }
        manifests.append(
          Manifest(
            address: address, spec: Int(truncatingIfNeeded: json["partition_spec_id"]?.integerValue ?? 0),
            sequence: json["sequence_number"]?.integerValue ?? 0, addedBy: json["added_snapshot_id"]?.integerValue))
      }
    }
    return manifests
  }

  /// The live files of a manifest.
  func entries(of manifest: Manifest) async throws -> [IcebergEntry] {
    var entries: [IcebergEntry] = []
    try await reading(manifest.address, "manifest") { file in
      let partition = Self.partitionFields(file.schema)
      try await file.records(omitting: Self.statistics) { json in
        if let entry = try Self.entry(json, manifest, partition) { entries.append(entry) }
      }
    }
    return entries
  }

  /// What takes most of a manifest's room, and is of no use for reading all rows.
  private static let statistics: Set = [
    "column_sizes", "value_counts", "null_value_counts", "nan_value_counts", "distinct_counts", "lower_bounds",
    "upper_bounds", "split_offsets", "sort_columns", "content_stats",
  ]

  private static let encrypted = FormatError(.unsupported, "the Iceberg table's files are encrypted, which is not read")

  private func reading(_ address: String, _ what: String, _ body: (AvroFile) async throws -> Void) async throws {
    let path = try paths.relative(address)
    let ranges = try await files.data(path, namedBy: "the table")
    do {
      try await body(try await AvroFile.open(RangesStream(ranges)))
    } catch let error as FormatError {
      throw FormatError(
        error.kind, "the \(what) \(path): \(error.message)", hint: error.hint, row: error.row, offset: error.offset)
    }
  }

  /// The names that a manifest has for partition fields, which are not always those of the specification.
  private static func partitionFields(_ schema: AvroSchema) -> [(name: String, id: Int)] {
    func field(_ name: String, of place: AvroSchema.Place) -> AvroSchema.Place? {
      guard case .record(let fields) = schema.nodes[schema.value(of: place).place] else { return nil }
      return fields.first { $0.name == name }?.type
    }
    guard let file = field("data_file", of: schema.root), let partition = field("partition", of: file),
      case .record(let fields) = schema.nodes[schema.value(of: partition).place]
    else { return [] }
    return fields.enumerated().map { ($1.name, $1.id ?? 1_000 + $0) }
  }

  private static func entry(_ json: JSONValue, _ manifest: Manifest, _ partition: [(name: String, id: Int)]) throws
    -> IcebergEntry?
  {
    guard let status = json["status"]?.integerValue, let file = json["data_file"],
      let address = file["file_path"]?.stringValue, let format = file["file_format"]?.stringValue
    else { throw FormatError(.corrupt, "an entry has no status, no path or no format") }
    if status == 2 { return nil }
    guard let content = IcebergEntry.Content(rawValue: file["content"]?.integerValue ?? 0) else {
      throw FormatError(.unsupported, "the content of the file \(address.prefix(200)) is of a kind that is not known")
    }
    if file["key_metadata"].map({ !$0.isNull }) ?? false { throw encrypted }
    let values = file["partition"]
    return IcebergEntry(
      content: content, address: address, format: format.lowercased(),
      size: file["file_size_in_bytes"]?.integerValue ?? 0,
      rows: file["record_count"]?.integerValue ?? 0, spec: manifest.spec,
      partition: Dictionary(
        partition.map { ($0.id, text(values?[$0.name])) }, uniquingKeysWith: { first, _ in first }),
      sequence: json["sequence_number"]?.integerValue ?? manifest.sequence, isAdded: status == 1,
      snapshot: json["snapshot_id"]?.integerValue ?? manifest.addedBy ?? 0,
      equalityIDs: file["equality_ids"]?.elements?.compactMap { $0.integerValue.map { Int(truncatingIfNeeded: $0) } }
        ?? [],
      referenced: file["referenced_data_file"]?.stringValue, range: range(file))
  }

  private static func range(_ file: JSONValue) -> Range<Int64>? {
    guard let start = file["content_offset"]?.integerValue, let size = file["content_size_in_bytes"]?.integerValue,
      start >= 0,
      size >= 0, size <= 1 << 31, start <= .max - size
    else { return nil }
    return start..<start + size
  }

  private static func text(_ json: JSONValue?) -> String? {
    switch json {
    case .string(let text): text
    case .integer(let value): String(value)
    case .number(let text): text
    case .bool(let value): value ? "true" : "false"
    default: nil
    }
  }
}

/// Where the files of a table lie, which it names by whole addresses.
struct IcebergPaths: Sendable {
  /// Where the table says it is.
  let location: TableLocation
  /// Where it was linked.
  let linked: TableLocation

  func relative(_ address: String) throws(FormatError) -> String {
    if let path = location.relative(address) ?? linked.relative(address) { return path }
    if !address.contains(":/"), !address.isEmpty, TableLocation.isSafe(address) { return address }
    throw FormatError(
      .unsupported, "the file \(address.prefix(300)) does not lie below the table's folder \(location.root ?? "")",
      hint: "Tables whose files are spread over several places are not read. Rewrite the table into one folder.")
  }
}
