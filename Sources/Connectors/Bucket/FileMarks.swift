import JSON
import ObjectStores

/// The files that were loaded, each in the version that was read: the cursor of a bucket. Stored as JSON:
/// `{"files": [[key, etag, size, modified], ...]}`, in the order in which they were loaded.
struct FileMarks: Sendable, Equatable {
  private(set) var files: [ObjectEntry] = []
  private var places: [String: Int] = [:]

  init() {}

  /// - Returns: nil when the text is no such list.
  init?(_ text: String) {
    guard let files = (try? JSONValue(parsing: text))?["files"]?.elements else { return nil }
    for file in files {
      guard let parts = file.elements, parts.count == 4, let key = parts[0].stringValue, let size = parts[2].integerValue else { return nil }
      add(ObjectEntry(key: key, size: size, etag: parts[1].stringValue, modified: parts[3].integerValue))
    }
  }

  var text: String {
    let list = files.map { file -> JSONValue in
      .array([.string(file.key), file.etag.map { .string($0) } ?? .null, .integer(file.size), file.modified.map { .integer($0) } ?? .null])
    }
    return JSONValue.object([(key: "files", value: .array(list))]).text(.compact)
  }

  subscript(key: String) -> ObjectEntry? { places[key].map { files[$0] } }

  /// A file that was marked before is marked as it is now.
  mutating func add(_ file: ObjectEntry) {
    if let place = places[file.key] {
      files[place] = file
    } else {
      places[file.key] = files.count
      files.append(file)
    }
  }

  /// How files differ from those that were loaded.
  func difference(to now: [ObjectEntry]) -> (new: [ObjectEntry], changed: [ObjectEntry], gone: [ObjectEntry]) {
    var new: [ObjectEntry] = []
    var changed: [ObjectEntry] = []
    for file in now {
      guard let before = self[file.key] else {
        new.append(file)
        continue
      }
      if !before.isSameVersion(as: file) { changed.append(file) }
    }
    let keys = Set(now.map(\.key))
    return (new, changed, files.filter { !keys.contains($0.key) })
  }
}

extension ObjectEntry {
  /// The tag of the content decides; where there is none, size and time do.
  func isSameVersion(as other: ObjectEntry) -> Bool {
    if let etag, let tag = other.etag { return etag == tag && size == other.size }
    return size == other.size && modified == other.modified
  }
}
