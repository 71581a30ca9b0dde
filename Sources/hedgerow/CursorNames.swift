/// Which names of columns say when a row was last changed.
enum CursorNames {
  static func tellChanges(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["updated", "modified", "changed", "last_update", "lastupdate", "mtime"].contains(where: name.contains)
  }
}
