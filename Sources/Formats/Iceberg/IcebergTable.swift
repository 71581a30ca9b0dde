import JSON
import Rows

/// An Iceberg table at its current snapshot.
///
/// A table is what its metadata says, never all the files of its folder: those that were replaced stay there until they are
/// cleaned up.
///
/// Format: https://iceberg.apache.org/spec/. Read are versions 1 and 2, and of version 3 what is not refused by name, with
/// Parquet and Avro as formats of data, position deletes, equality deletes and deletion vectors.
public struct IcebergTable: Sendable {
  /// In the table's order, by the names of today.
  public let columns: [FileColumn]
  /// The number of the current snapshot; nil for a table that was never written to.
  public let snapshot: Int64?
  /// The live data files, by their paths.
  public let files: [IcebergFile]
  /// The metadata file that was read, below the table's root.
  public let metadataPath: String

  let metadata: IcebergMetadata
  let reader: IcebergManifestReader
  let deletes: IcebergDeletes

  /// Reads the newest metadata of the table whose root the files are below, and the manifests of its current snapshot.
  ///
  /// - Parameters:
  ///   - metadataPath: the metadata file to read instead of the newest one, below the root.
  ///   - location: the root's address where it was linked, for tables that were moved: `s3://lake/wh/orders`.
  /// - Throws: `FormatError` when there is no table, when it is broken, or when it needs what is not read.
  public static func open(_ files: any TableFiles, metadataPath: String? = nil, location: String? = nil) async throws
    -> IcebergTable
  {
    let (path, metadata) = try await newest(files, metadataPath)
    let paths = IcebergPaths(location: TableLocation(metadata.location), linked: TableLocation(location))
    let reader = IcebergManifestReader(files: files, paths: paths)
    var entries: [IcebergEntry] = []
    if let current = metadata.current {
      guard let snapshot = metadata.snapshot(current) else {
        throw IcebergSchema.broken("its current snapshot \(current) is not among its snapshots")
      }
      for manifest in try await reader.manifests(of: snapshot) { entries += try await reader.entries(of: manifest) }
    }
    let data = try entries.filter { $0.content == .data }.map { try IcebergFile($0, paths) }
    return IcebergTable(
      columns: metadata.fields.map(\.column), snapshot: metadata.current, files: data.sorted { $0.path < $1.path },
      metadataPath: path, metadata: metadata, reader: reader,
      deletes: IcebergDeletes(entries.filter { $0.content != .data }, reader, metadata))
  }

  private static func newest(_ files: any TableFiles, _ given: String?) async throws -> (String, IcebergMetadata) {
    if let given { return (given, try await IcebergMetadataFile.read(given, files)) }
    let folder = IcebergMetadataFile.folder
    let hint = try await files.contents("\(folder)/version-hint.text", limit: 1 << 10)
    let names = IcebergMetadataFile.newest(
      try await files.list(folder, from: ""), hint: hint.map { String(decoding: $0, as: UTF8.self) })
    var found: (String, IcebergMetadata)?
    for name in names {
      let metadata = try await IcebergMetadataFile.read(name, files)
      // Two writers may have taken one number, of which the catalogue let one win; the younger is the better guess.
      if metadata.updated >= found?.1.updated ?? .min { found = (name, metadata) }
    }
    guard let found else {
      throw FormatError(
        .corrupt, "there is no Iceberg table: the folder metadata has no .metadata.json",
        hint: "Give the folder that holds metadata, without a file pattern behind it.")
    }
    return found
  }
}

/// A data file of an Iceberg table, with the rows that are deleted since.
public struct IcebergFile: Sendable, Hashable {
  /// Below the table's root.
  public var path: String
  /// In bytes.
  public var size: Int64
  /// Rows that are deleted are counted.
  public var rows: Int64
  let entry: IcebergEntry

  init(_ entry: IcebergEntry, _ paths: IcebergPaths) throws(FormatError) {
    path = try paths.relative(entry.address)
    (size, rows, self.entry) = (entry.size, entry.rows, entry)
  }
}
