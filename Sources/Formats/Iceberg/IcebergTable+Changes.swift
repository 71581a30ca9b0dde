/// What has become of an Iceberg table since a snapshot that is loaded already.
public enum IcebergChange: Sendable, Hashable {
  /// No row came or went; files may have been put together into larger ones.
  case none
  /// Rows came and none went: those of these files.
  case appended([IcebergFile])
  /// Rows went or changed, so that the table must be loaded anew. The text says why.
  case rewritten(String)
}

extension IcebergTable {
  /// The difference between an older snapshot and the current one.
  ///
  /// - Parameter old: the number of the snapshot that is loaded; nil where the table had none.
  /// - Throws: `FormatError` when a manifest is broken. A snapshot that is gone is no error: the table is then loaded anew.
  public func changes(since old: Int64?) async throws -> IcebergChange {
    if old == snapshot { return .none }
    var between: [IcebergMetadata.Snapshot] = []
    var next = snapshot
    while let id = next, id != old {
      guard let found = metadata.snapshot(id), between.count <= metadata.snapshots.count else { break }
      between.append(found)
      next = found.parent
    }
    guard next == old else {
      let name = old.map { "snapshot \($0)" } ?? "the empty table"
      return .rewritten("the current snapshot is not built on \(name), which expired or was rolled back")
    }
    if let old, let reason = changeOfColumns(metadata.snapshot(old)) { return .rewritten(reason) }
    var added: [IcebergFile] = []
    for snapshot in between.reversed() {
      switch snapshot.operation {
      case "replace": continue
      case "append": added += try await files(addedBy: snapshot)
      case let operation:
        return .rewritten(
          "snapshot \(snapshot.id) is of the kind \"\(operation?.prefix(40) ?? "?")\", which can remove rows")
      }
    }
    return added.isEmpty ? .none : .appended(added)
  }

  private func files(addedBy snapshot: IcebergMetadata.Snapshot) async throws -> [IcebergFile] {
    var files: [IcebergFile] = []
    for manifest in try await reader.manifests(of: snapshot) where manifest.addedBy ?? snapshot.id == snapshot.id {
      let entries = try await reader.entries(of: manifest).filter {
        $0.content == .data && $0.isAdded && $0.snapshot == snapshot.id
      }
      files += try entries.map { try IcebergFile($0, reader.paths) }
    }
    return files
  }

  /// Why rows of an older snapshot have other columns now; nil where columns were only added.
  private func changeOfColumns(_ old: IcebergMetadata.Snapshot?) -> String? {
    guard let id = old?.schemaID, id != metadata.schemaID else { return nil }
    guard let fields = metadata.schemas[id] else { return "the columns of the loaded snapshot are no longer known" }
    for field in fields {
      guard let new = metadata.fields.first(where: { $0.id == field.id }) else {
        return "the column \"\(field.name)\" was dropped"
      }
      guard new.name == field.name else { return "the column \"\(field.name)\" was renamed to \"\(new.name)\"" }
    }
    return nil
  }
}
