/// What has become of a Delta table since a version that is loaded already.
public enum DeltaChange: Sendable, Hashable {
  /// No row came or went; files may have been put together into larger ones.
  case none
  /// Rows came and none went: those of these files.
  case appended([DeltaFile])
  /// Rows went or changed, so that the table must be loaded anew. The text says why, and in which version.
  case rewritten(String)
}

extension DeltaTable {
  /// The difference between an older version and this one.
  ///
  /// - Throws: `FormatError` when the log is broken. A log that no longer reaches back is no error: the table is then loaded
  ///   anew.
  public func changes(since old: Int64) async throws -> DeltaChange {
    if old == version { return .none }
    guard old < version else {
      return .rewritten("the table was at version \(old) and is now at version \(version): it was restored or replaced")
    }
    let known = try await allCommits()
    var added: [DeltaFile] = []
    for number in (old + 1)...version {
      guard let path = known[number] else { return .rewritten("version \(number) is no longer in the log") }
      for action in try await reader.actions(path) {
        switch action {
        case .remove(_, let path, isChange: true):
          return .rewritten("version \(number) removed rows, with the file \(path)")
        case .add(let file) where file.isChange:
          if file.deletionVector != nil { return .rewritten("version \(number) deleted rows of the file \(file.path)") }
          added.append(file)
        case .metadata:
          if let reason = try await changeOfColumns(number) { return .rewritten(reason) }
        default: break
        }
      }
    }
    return added.isEmpty ? .none : .appended(added)
  }

  /// The listing may begin at a checkpoint that is younger than the version asked for.
  private func allCommits() async throws -> [Int64: String] {
    DeltaLogListing(try await reader.files.list(DeltaLogListing.folder, from: "")).commits
  }

  /// Why rows of older versions have other columns now; nil where columns were only added.
  private func changeOfColumns(_ number: Int64) async throws -> String? {
    let listing = DeltaLogListing(try await reader.files.list(DeltaLogListing.folder, from: ""))
    guard number > 0, let old = try? await reader.state(at: number - 1, listing).metadata else {
      return "the columns before version \(number) are no longer in the log"
    }
    guard old.id == metadata.id else { return "version \(number) replaced the table by another one" }
    for field in old.fields {
      guard let new = metadata.fields.first(where: { $0.nameInFiles == field.nameInFiles }) else {
        return "version \(number) or a later one dropped the column \"\(field.name)\""
      }
      guard new.name == field.name else {
        return "version \(number) or a later one renamed the column \"\(field.name)\" to \"\(new.name)\""
      }
    }
    return nil
  }
}
