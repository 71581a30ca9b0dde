import Formats
import ObjectStores

/// A table's folder of a bucket, as the formats of tables read it.
struct LakeFiles: TableFiles {
  let store: any ObjectStore
  /// The table's root, without a slash at its end; empty for the top of the bucket.
  let root: String

  private func key(_ path: String) -> String { root.isEmpty ? path : "\(root)/\(path)" }

  func list(_ folder: String, from start: String) async throws -> [String] {
    let found = Found()
    let length = root.isEmpty ? 0 : root.utf8.count + 1
    do {
      try await store.list(prefix: key(folder) + "/") { page in
        await found.add(page.map { String(decoding: $0.key.utf8.dropFirst(length), as: UTF8.self) }.filter { $0 >= start })
        return true
      }
    } catch let error as ObjectStoreError {
      // A disk knows folders; a bucket has none.
      guard store is FolderStore, error.kind == .noSuchBucket else { throw error }
    }
    return await found.paths
  }

  func open(_ path: String) async throws -> (any ByteRanges)? {
    guard let entry = try await entry(key(path)) else { return nil }
    return BucketFile(store: store, entry: entry).ranges
  }

  private func entry(_ key: String) async throws -> ObjectEntry? {
    let found = Found()
    do {
      // Sorted by key: the file itself comes before those whose names begin with its own.
      try await store.list(prefix: key) { page in
        await found.keep(page.first { $0.key == key })
        return page.isEmpty
      }
    } catch let error as ObjectStoreError {
      guard store is FolderStore, error.kind == .noSuchBucket else { throw error }
    }
    return await found.entry
  }

  private actor Found {
    var paths: [String] = []
    var entry: ObjectEntry?
    func add(_ more: [String]) { paths += more }
    func keep(_ found: ObjectEntry?) { entry = found ?? entry }
  }
}
