import JSON

/// How much of a Delta or Iceberg table is loaded: the cursor. Stored as JSON: `{"version": "12", "done": [path, ...]}`.
struct LakeMark: Sendable, Equatable {
  /// All of this version is loaded; while a load is under way, the one that is being loaded.
  var version: String
  /// Files beyond it that are loaded too; while a load is under way, those of it.
  var done: [String] = []
  /// Whether a load is under way.
  var isLoading = false

  init(version: String, done: [String] = [], isLoading: Bool = false) {
    self.version = version
    self.done = done
    self.isLoading = isLoading
  }

  /// - Returns: nil when the text is no such mark.
  init?(_ text: String) {
    guard let value = try? JSONValue(parsing: text), let version = value["version"]?.stringValue else { return nil }
    self.init(version: version, done: value["done"]?.elements?.compactMap(\.stringValue) ?? [], isLoading: value["loading"]?.boolValue ?? false)
  }

  var text: String {
    let members: [(key: String, value: JSONValue)] = [
      (key: "version", value: .string(version)), (key: "done", value: .array(done.map { .string($0) })), (key: "loading", value: .bool(isLoading)),
    ]
    return JSONValue.object(members).text(.compact)
  }
}
