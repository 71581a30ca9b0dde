import JSON
import Rows

/// What is done to the rows of a data file before they leave the table.
struct RowTransform: Sendable {
  /// How many columns the rows have in the end. Columns behind them are only looked at: the row's number where
  /// `deletedRows` is set, then the columns of `deletedKeys`, each once.
  var columns: Int
  var deletedRows: RowSet?
  var deletedKeys: [KeySet] = []
  /// New names for members of JSON, by the place of the column.
  var renames: [Int: JSONNames] = [:]

  /// Rows that are deleted by the values of some columns.
  struct KeySet: Sendable {
    /// Places of the columns among all.
    var places: [Int]
    /// The values' bytes in the stream, with their lengths, one after the other.
    var keys: Set<[UInt8]>
  }

  var isNeeded: Bool { deletedRows != nil || !deletedKeys.isEmpty || !renames.isEmpty }
}

/// Rows of a data file without those that the table has deleted.
actor TransformedRows: FileRows {
  private let rows: any FileRows
  private let transform: RowTransform
  private var reader = BinaryRows()
  private var isBegun = false

  init(_ rows: any FileRows, _ transform: RowTransform) {
    self.rows = rows
    self.transform = transform
  }

  func next() async throws -> FileBatch? {
    guard var next = try await rows.next() else { return nil }
    let bytes = next.batch.bytes
    let isFirst = !isBegun && !bytes.isEmpty
    guard let ranges = reader.rows(in: bytes) else { throw FormatError(.corrupt, "the rows are no stream of rows") }
    if !bytes.isEmpty { isBegun = true }
    var kept: [UInt8] = isFirst ? BinaryRows.header : []
    kept.reserveCapacity(bytes.count)
    var count = 0
    for range in ranges where try append(bytes[range], to: &kept) { count += 1 }
    let start = isFirst ? BinaryRows.header.count : 0
    if ranges.last?.upperBound ?? start < bytes.count { kept += BinaryRows.trailer }
    next.batch = Batch(bytes: kept, rows: count)
    if let deleted = transform.deletedRows { next.rejects.removeAll { deleted.contains(Int64($0.row) - 1) } }
    return next
  }

  /// - Returns: false for a row that is deleted.
  private func append(_ row: ArraySlice<UInt8>, to kept: inout [UInt8]) throws(FormatError) -> Bool {
    let fields = Self.fields(row)
    if let deleted = transform.deletedRows {
      let number = row[fields[transform.columns]].dropFirst(4).reduce(0) { $0 << 8 | Int64($1) }
      if deleted.contains(number - 1) { return false }
    }
    for set in transform.deletedKeys {
      let key = set.places.flatMap { row[fields[$0]] }
      if set.keys.contains(key) { return false }
    }
    kept.append(UInt8(truncatingIfNeeded: transform.columns >> 8))
    kept.append(UInt8(truncatingIfNeeded: transform.columns))
    if transform.renames.isEmpty {
      kept +=
        row[
          (row.startIndex + 2)..<(transform.columns == 0
            ? row.startIndex + 2 : fields[transform.columns - 1].upperBound)]
    } else {
      for place in 0..<transform.columns { kept += try field(place, row[fields[place]]) }
    }
    return true
  }

  private func field(_ place: Int, _ bytes: ArraySlice<UInt8>) throws(FormatError) -> [UInt8] {
    guard let names = transform.renames[place], bytes.count > 4 else { return Array(bytes) }
    // jsonb has a byte before its text.
    let isBinary = bytes[bytes.startIndex + 4] == 1
    let text = Array(bytes.dropFirst(isBinary ? 5 : 4))
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue(parsing: text) } catch {
      throw FormatError(.tooLarge, "a nested value cannot be given its columns' names: \(error.reason)")
    }
    let renamed = (isBinary ? [1] : []) + Array(names.applied(to: value).text().utf8)
    return withUnsafeBytes(of: UInt32(renamed.count).bigEndian, Array.init) + renamed
  }

  /// The fields of a row with their lengths.
  static func fields(_ row: ArraySlice<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var at = row.startIndex + 2
    while at < row.endIndex {
      let length = row[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let end = at + 4 + (length == .max ? 0 : Int(length))
      ranges.append(at..<end)
      at = end
    }
    return ranges
  }
}

/// The names that members of nested values have in the table, where a file knows them by others.
indirect enum JSONNames: Sendable, Hashable {
  case same
  /// By the name in the file.
  case members([String: Member])
  case elements(JSONNames)
  case values(JSONNames)

  struct Member: Sendable, Hashable {
    /// Nil for a member that the table no longer has.
    var name: String?
    var names: JSONNames
  }

  func applied(to value: JSONValue) -> JSONValue {
    switch (self, value) {
    case (.members(let known), .object(let members)):
      .object(
        members.compactMap { member in
          guard let rename = known[member.key] else { return member }
          return rename.name.map { ($0, rename.names.applied(to: member.value)) }
        })
    case (.elements(let names), .array(let elements)): .array(elements.map(names.applied))
    case (.values(let names), .object(let members)): .object(members.map { ($0.key, names.applied(to: $0.value)) })
    default: value
    }
  }

  /// Whether nothing is renamed.
  var isSame: Bool {
    switch self {
    case .same: true
    case .members(let known): known.allSatisfy { $0.key == $0.value.name && $0.value.names.isSame }
    case .elements(let names), .values(let names): names.isSame
    }
  }
}
