import JSON

/// What one line of a Delta log says, as far as a reader needs it.
///
/// Format: the Delta protocol, "Actions".
enum DeltaAction: Sendable {
  case needs(DeltaProtocol)
  case metadata(DeltaMetadata)
  case add(DeltaFile)
  /// `id` is that of the file with its deleted rows; see `DeltaFile.id`.
  case remove(id: [UInt8], path: String, isChange: Bool)
  /// A file of a checkpoint that holds adds and removes.
  case sidecar(path: String)
  /// Anything else, such as who wrote the version.
  case other

  init(_ json: JSONValue, _ location: TableLocation) throws(FormatError) {
    guard let members = json.members else { throw FormatError(.corrupt, "an action is no object") }
    guard let (name, body) = members.first(where: { !$0.value.isNull }).map({ ($0.key, $0.value) }) else {
      self = .other
      return
    }
    switch name {
    case "protocol": self = .needs(try DeltaProtocol(body))
    case "metaData": self = .metadata(try DeltaMetadata(body))
    case "add": self = .add(try DeltaFile(body, location))
    case "remove":
      let path = try Self.path(body, location)
      let vector = try DeltaDeletionVector(body["deletionVector"], location)
      self = .remove(id: DeltaFile.id(path, vector), path: path, isChange: body["dataChange"]?.boolValue ?? true)
    case "sidecar":
      guard let path = body["path"]?.stringValue, let decoded = DeltaPath.decode(path), TableLocation.isSafe(decoded)
      else {
        throw FormatError(.corrupt, "a sidecar has no path that makes sense")
      }
      self = .sidecar(path: decoded.contains("/") ? decoded : "_delta_log/_sidecars/\(decoded)")
    default: self = .other
    }
  }

  static func path(_ body: JSONValue, _ location: TableLocation) throws(FormatError) -> String {
    guard let path = body["path"]?.stringValue, !path.isEmpty else {
      throw FormatError(.corrupt, "an action on a file has no path")
    }
    return try DeltaPath.resolve(path, location)
  }
}

/// The paths of files in a Delta log, which are URIs.
enum DeltaPath {
  /// The path below the table's root.
  static func resolve(_ text: String, _ location: TableLocation) throws(FormatError) -> String {
    guard let path = decode(text) else { throw FormatError(.corrupt, "the path \"\(text.prefix(200))\" is no URI") }
    if !isAbsolute(text), TableLocation.isSafe(path) { return path }
    if let relative = location.relative(path) { return relative }
    throw FormatError(
      .unsupported, "the file \(path.prefix(200)) does not lie below the table's own folder",
      hint:
        "Tables that were cloned without their files refer to those of another table. Link that one, or a full clone.")
  }

  private static func isAbsolute(_ text: String) -> Bool {
    if text.hasPrefix("/") { return true }
    guard let colon = text.firstIndex(of: ":") else { return false }
    return text[colon...].hasPrefix(":/")
      && text[..<colon].allSatisfy { $0.isLetter || $0.isNumber || $0 == "+" || $0 == "-" }
  }

  /// The text with `%41` as `A`; nil where that makes no UTF-8.
  static func decode(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// A data file of a Delta table, without the rows that are deleted.
public struct DeltaFile: Sendable, Hashable {
  /// Below the table's root.
  public var path: String
  /// In bytes.
  public var size: Int64
  /// Nil where the log does not say; rows that are deleted are counted.
  public var rows: Int64?
  /// By the columns' names in the files; nil is NULL.
  var partitionValues: [String: String?]
  var deletionVector: DeltaDeletionVector?
  /// False where its rows were in other files of the table before.
  var isChange: Bool

  init(_ body: JSONValue, _ location: TableLocation) throws(FormatError) {
    path = try DeltaAction.path(body, location)
    size = body["size"]?.integerValue ?? 0
    isChange = body["dataChange"]?.boolValue ?? true
    partitionValues = try Self.partition(body["partitionValues"])
    deletionVector = try DeltaDeletionVector(body["deletionVector"], location)
    let statistics = body["stats"]?.stringValue.flatMap { try? JSONValue(parsing: $0) }
    rows = statistics?["numRecords"]?.integerValue
  }

  /// An object, or pairs, as a checkpoint's maps may come. An empty text stands for NULL, whatever the type.
  private static func partition(_ json: JSONValue?) throws(FormatError) -> [String: String?] {
    var values: [String: String?] = [:]
    for member in json?.members ?? [] {
      values.updateValue(member.value.stringValue.flatMap { $0.isEmpty ? nil : $0 }, forKey: member.key)
    }
    for pair in json?.elements ?? [] {
      guard let key = pair[0]?.stringValue else { throw FormatError(.corrupt, "a file's partition has no name") }
      values.updateValue(pair[1]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }, forKey: key)
    }
    return values
  }

  var id: [UInt8] { Self.id(path, deletionVector) }

  /// What makes it another file for the log: the same path with other deleted rows is one. As bytes, since two texts can be
  /// equal for Swift and still be two names.
  static func id(_ path: String, _ vector: DeltaDeletionVector?) -> [UInt8] {
    Array("\(path)\u{0}\(vector?.id ?? "")".utf8)
  }
}
