import JSON

/// Finds the newest metadata of a table among the files of its folder `metadata`.
///
/// Names are `v3.metadata.json` where a file system is the catalogue, and `00003-<uuid>.metadata.json` else; `.gz` before
/// or after means gzip.
enum IcebergMetadataFile {
  static let folder = "metadata"

  /// - Parameter hint: what `version-hint.text` says.
  /// - Returns: the candidates: more than one where several have the highest number.
  static func newest(_ paths: [String], hint: String?) -> [String] {
    let numbered = paths.compactMap { path in
      number(path).map { (path: path, number: $0.value, isVersion: $0.isVersion) }
    }
    let hinted = hint.flatMap { Int64($0.filter { !$0.isWhitespace }) }
    // The hint is written after the file, and so may be older than the newest one, never newer.
    if let hinted {
      let versions = numbered.filter { $0.isVersion && $0.number >= hinted }
      if let highest = versions.map(\.number).max() { return versions.filter { $0.number == highest }.map(\.path) }
    }
    guard let highest = numbered.map(\.number).max() else { return [] }
    return numbered.filter { $0.number == highest }.map(\.path).sorted()
  }

  private static func number(_ path: String) -> (value: Int64, isVersion: Bool)? {
    guard path.hasPrefix("\(folder)/") else { return nil }
    let name = path.dropFirst(folder.count + 1)
    guard !name.contains("/") else { return nil }
    for ending in [".gz.metadata.json", ".metadata.json.gz", ".metadata.json"] where name.hasSuffix(ending) {
      let stem = name.dropLast(ending.count)
      if stem.hasPrefix("v"), let value = Int64(stem.dropFirst()) { return (value, true) }
      if let dash = stem.firstIndex(of: "-"), let value = Int64(stem[..<dash]) { return (value, false) }
      return nil
    }
    return nil
  }

  static func read(_ path: String, _ files: any TableFiles) async throws -> IcebergMetadata {
    guard var bytes = try await files.contents(path) else {
      throw FormatError(.corrupt, "\(path) vanished while the table was read", hint: "Sync again.")
    }
    if bytes.starts(with: [0x1F, 0x8B]) { bytes = try BlockCodec.gzip.decompress(bytes, limit: 512 << 20) }
    do {
      return try IcebergMetadata(try JSONValue(parsing: bytes, depthLimit: 256))
    } catch let error as JSONError {
      throw FormatError(.corrupt, "\(path) is no JSON: \(error.reason)", offset: Int64(error.offset))
    } catch let error as FormatError {
      throw FormatError(error.kind, "\(path): \(error.message)", hint: error.hint)
    }
  }
}
