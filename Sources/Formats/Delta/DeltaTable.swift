import JSON
import Rows

/// A Delta Lake table at one version.
///
/// A table is what its log says, never all the files of its folder: those that were replaced stay there for days.
///
/// Format: https://github.com/delta-io/delta/blob/master/PROTOCOL.md. Read are tables for readers of version 1 to 3 with
/// column mapping, deletion vectors, times without a zone, widened types and checkpoints of all kinds.
public struct DeltaTable: Sendable {
  /// From 0; each commit has the next one.
  public let version: Int64
  /// In the table's order, those that it is partitioned by among them.
  public let columns: [FileColumn]
  public let partitionColumns: [String]
  /// The files that the table consists of, by their paths.
  public let files: [DeltaFile]

  let metadata: DeltaMetadata
  let listing: DeltaLogListing
  let reader: DeltaLogReader

  /// Reads the log of the table whose root the files are below.
  ///
  /// - Parameters:
  ///   - version: an older version than the newest, where the log still reaches back to it.
  ///   - location: the root's address, for tables that name their files by whole addresses: `s3://lake/orders`.
  /// - Throws: `FormatError` when there is no table, when its log lacks versions, or when it needs what is not read.
  public static func open(_ files: any TableFiles, at version: Int64? = nil, location: String? = nil) async throws
    -> DeltaTable
  {
    let reader = DeltaLogReader(files: files, location: TableLocation(location))
    let listing = try await list(files, for: version)
    guard let newest = listing.newest else {
      throw FormatError(
        .corrupt, "there is no Delta table: the folder _delta_log has no versions",
        hint: "Give the folder that holds _delta_log, without a file pattern behind it.")
    }
    if let version, version > newest {
      throw FormatError(.corrupt, "the Delta table has no version \(version): its newest is \(newest)")
    }
    let state = try await reader.state(at: version ?? newest, listing)
    guard let metadata = state.metadata else {
      throw FormatError(.corrupt, "the Delta log has no metadata of the table")
    }
    return DeltaTable(
      version: version ?? newest, columns: metadata.fields.map(\.column), partitionColumns: metadata.partitionColumns,
      files: state.files.values.sorted { $0.path < $1.path }, metadata: metadata, listing: listing, reader: reader)
  }

  /// Lists the log from the checkpoint that `_last_checkpoint` names, which is a hint and may be wrong.
  private static func list(_ files: any TableFiles, for version: Int64?) async throws -> DeltaLogListing {
    let folder = DeltaLogListing.folder
    if version == nil, let hint = try await lastCheckpoint(files) {
      let start = "\(folder)/" + String(repeating: "0", count: 20 - "\(hint)".utf8.count) + "\(hint)"
      let listing = DeltaLogListing(try await files.list(folder, from: start))
      if let newest = listing.newest, (try? listing.plan(for: newest)) != nil { return listing }
    }
    return DeltaLogListing(try await files.list(folder, from: ""))
  }

  private static func lastCheckpoint(_ files: any TableFiles) async throws -> Int64? {
    guard let bytes = try await files.contents("\(DeltaLogListing.folder)/_last_checkpoint", limit: 16 << 20) else {
      return nil
    }
    return (try? JSONValue(parsing: bytes))?["version"]?.integerValue.flatMap { $0 >= 0 ? $0 : nil }
  }
}
