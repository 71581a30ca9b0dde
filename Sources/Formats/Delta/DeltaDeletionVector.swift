import JSON

/// Which rows of a data file are deleted, and where that is written.
///
/// Format: the Delta protocol, "Deletion Vectors" and "Deletion Vector Format".
struct DeltaDeletionVector: Sendable, Hashable {
  enum Storage: Sendable, Hashable {
    case inline([UInt8])
    /// A file below the table's root, and where in it the rows are listed.
    case file(path: String, offset: Int64)
  }

  /// Tells it from others of the same file.
  var id: String
  var storage: Storage
  /// In bytes.
  var size: Int
  /// How many rows are deleted.
  var cardinality: Int64

  /// - Returns: nil for null.
  init?(_ json: JSONValue?, _ location: TableLocation) throws(FormatError) {
    guard let json, !json.isNull else { return nil }
    guard let type = json["storageType"]?.stringValue, let text = json["pathOrInlineDv"]?.stringValue,
      let size = json["sizeInBytes"]?.integerValue, let cardinality = json["cardinality"]?.integerValue, size >= 8,
      size <= 1 << 31
    else { throw FormatError(.corrupt, "a deletion vector lacks what every one has") }
    let offset = json["offset"]?.integerValue
    id = type + text + (offset.map { "@\($0)" } ?? "")
    self.size = Int(size)
    self.cardinality = cardinality
    storage = try Self.storage(type, text, offset ?? 0, location)
  }

  private static func storage(_ type: String, _ text: String, _ offset: Int64, _ location: TableLocation)
    throws(FormatError)
    -> Storage
  {
    switch type {
    case "i":
      guard let bytes = Z85.decode(text) else {
        throw FormatError(.corrupt, "an inline deletion vector is no text of base 85")
      }
      return .inline(bytes)
    case "u":
      let prefix = text.dropLast(20)
      guard let bytes = Z85.decode(String(text.suffix(20))), bytes.count == 16, TableLocation.isSafe(String(prefix))
      else {
        throw FormatError(.corrupt, "a deletion vector's file has no name that makes sense")
      }
      return .file(path: (prefix.isEmpty ? "" : prefix + "/") + "deletion_vector_\(uuid(bytes)).bin", offset: offset)
    case "p": return .file(path: try DeltaPath.resolve(text, location), offset: offset)
    default:
      throw FormatError(
        .unsupported, "a deletion vector is stored in the way \"\(type.prefix(8))\", which is not known")
    }
  }

  /// - Parameter rows: how many rows the data file has.
  func load(from files: any TableFiles, rows: Int64) async throws -> RowSet {
    let bytes: ArraySlice<UInt8>
    switch storage {
    case .inline(let all): bytes = all.prefix(size)
    case .file(let path, let offset): bytes = try await read(path, offset, files)
    }
    guard bytes.count == size, integer(bytes.prefix(4).reversed()) == 1_681_511_377 else {
      throw FormatError(.corrupt, "a deletion vector is cut off or of an unknown form")
    }
    let set = try RowSet(roaring: bytes.dropFirst(4), rows: rows)
    guard Int64(set.count) == cardinality else {
      throw FormatError(.corrupt, "a deletion vector lists \(set.count) rows where the log promises \(cardinality)")
    }
    return set
  }

  /// In a file, each has its size before it and its checksum behind it, their highest bytes first.
  private func read(_ path: String, _ offset: Int64, _ files: any TableFiles) async throws -> ArraySlice<UInt8> {
    let file = try await files.data(path, namedBy: "a deletion vector")
    guard offset >= 0, file.size - offset >= Int64(size) + 8 else {
      throw FormatError(.truncated, "\(path) ends before the deletion vector at its byte \(offset) does")
    }
    let bytes = try await file.read(offset..<offset + Int64(size) + 8)
    let data = bytes.dropFirst(4).prefix(size)
    guard integer(bytes.prefix(4)) == UInt32(size),
      integer(bytes.suffix(4)) == data.withUnsafeBytes({ CRC32.checksum($0) })
    else { throw FormatError(.corrupt, "the deletion vector at byte \(offset) of \(path) does not match its checksum") }
    return data
  }

  private func integer(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

  private static func uuid(_ bytes: [UInt8]) -> String {
    let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
  }
}

/// Five characters for four bytes: https://rfc.zeromq.org/spec/32/.
enum Z85 {
  private static let digits = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    guard rest.count % 5 == 0 else { return nil }
    while !rest.isEmpty {
      var value: UInt64 = 0
      for character in rest.prefix(5) {
        guard let digit = digits.firstIndex(of: character) else { return nil }
        value = value * 85 + UInt64(digit)
      }
      guard value <= UInt64(UInt32.max) else { return nil }
      for shift: UInt64 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
      rest = rest.dropFirst(5)
    }
    return bytes
  }
}
