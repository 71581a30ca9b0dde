import Rows

/// What is deleted of an Iceberg table's data files. Files of deletes are read when they are first needed, and once.
///
/// Format: the Iceberg table specification, "Scan Planning" and "Delete Formats".
actor IcebergDeletes {
  /// Rows that are deleted by the values of some columns.
  struct KeySet: Sendable {
    var fields: [TableField]
    /// The values' bytes in the stream, with their lengths, one after the other.
    var keys: Set<[UInt8]>
  }

  private let entries: [IcebergEntry]
  private let reader: IcebergManifestReader
  private let metadata: IcebergMetadata
  /// By the deletes' file, then by the data file's address.
  private var positions: [String: [String: RowSet]] = [:]
  private var keySets: [String: KeySet] = [:]

  /// Of all values in the files of equality deletes.
  private static let keyLimit = 256 << 20
  private var keyBytes = 0

  init(_ entries: [IcebergEntry], _ reader: IcebergManifestReader, _ metadata: IcebergMetadata) {
    (self.entries, self.reader, self.metadata) = (entries, reader, metadata)
  }

  var isEmpty: Bool { entries.isEmpty }

  /// The rows of a data file that are deleted by their positions.
  ///
  /// - Parameter limit: how many rows the file has, or more.
  func rows(of file: IcebergEntry, limit: Int64) async throws -> RowSet? {
    let mine = entries.filter { $0.content == .positionDeletes && Self.deletesPositions($0, of: file) }
    if let vector = mine.first(where: { $0.format == "puffin" }) { return try await self.vector(vector, limit) }
    var all: RowSet?
    for entry in mine {
      guard let set = try await positions(entry)[file.address] else { continue }
      if all == nil { all = set } else { all?.formUnion(set) }
    }
    return all
  }

  /// The equality deletes that hold for a data file.
  func keys(of file: IcebergEntry) async throws -> [KeySet] {
    var sets: [KeySet] = []
    for entry in entries where entry.content == .equalityDeletes && deletesKeys(entry, of: file) {
      sets.append(try await keySet(entry))
    }
    return sets
  }

  static func deletesPositions(_ entry: IcebergEntry, of file: IcebergEntry) -> Bool {
    entry.sequence >= file.sequence && (entry.referenced.map { $0 == file.address } ?? true)
      && isSamePartition(entry, file)
  }

  /// Deletes without a partition hold for all of the table.
  private func deletesKeys(_ entry: IcebergEntry, of file: IcebergEntry) -> Bool {
    entry.sequence > file.sequence
      && ((metadata.partitions[entry.spec] ?? []).isEmpty || Self.isSamePartition(entry, file))
  }

  private static func isSamePartition(_ entry: IcebergEntry, _ file: IcebergEntry) -> Bool {
    entry.spec == file.spec && entry.partition == file.partition
  }

  private func open(_ entry: IcebergEntry) async throws -> IcebergDataFile {
    try await IcebergDataFile.open(
      entry, try await reader.files.data(try reader.paths.relative(entry.address), namedBy: "the table"))
  }

  private func positions(_ entry: IcebergEntry) async throws -> [String: RowSet] {
    if let known = positions[entry.address] { return known }
    let file = try await open(entry)
    let names = [2_147_483_546, 2_147_483_545].map { id in file.columns.first { $0.id == id }?.name }
    let rows = try file.rows([
      WantedColumn(.field(names[0] ?? "file_path"), type: .text),
      WantedColumn(.field(names[1] ?? "pos"), type: ColumnType("bigint")),
    ])
    var sets: [String: RowSet] = [:]
    try await read(rows, entry) { row, fields in
      guard row[fields[0]].count > 4, row[fields[1]].count == 12 else {
        throw Self.broken(entry, "a row has no path or no position")
      }
      let position = row[fields[1]].dropFirst(4).reduce(Int64(0)) { $0 << 8 | Int64($1) }
      guard position >= 0 else { throw Self.broken(entry, "a position is negative") }
      sets[String(decoding: row[fields[0]].dropFirst(4), as: UTF8.self), default: RowSet()].insert(position)
    }
    positions[entry.address] = sets
    return sets
  }

  private func keySet(_ entry: IcebergEntry) async throws -> KeySet {
    if let known = keySets[entry.address] { return known }
    let fields = try entry.equalityIDs.map { id in
      guard let field = metadata.field(id), field.type.isSingle else {
        throw FormatError(
          .unsupported, "rows are deleted by the column number \(id), which is none of single values in any schema")
      }
      return field
    }
    guard !fields.isEmpty else { throw Self.broken(entry, "it names no columns") }
    let file = try await open(entry)
    let projection = IcebergProjection(file, entry, metadata)
    let wanted = try fields.map { WantedColumn(try projection.origin(of: $0).origin, type: $0.type.columnType) }
    var keys: Set<[UInt8]> = []
    try await read(try file.rows(wanted), entry) { row, _ in
      let key = Array(row.dropFirst(2))
      keyBytes += key.count + 64
      guard keyBytes <= Self.keyLimit else {
        throw FormatError(
          .tooLarge, "the table has more equality deletes than \(Self.keyLimit >> 20) MB of memory hold",
          hint: "Compact the table where it is written (rewrite_data_files), so that its deletes are carried out.")
      }
      keys.insert(key)
    }
    let set = KeySet(fields: fields, keys: keys)
    keySets[entry.address] = set
    return set
  }

  private func read(
    _ rows: any FileRows, _ entry: IcebergEntry, _ each: (ArraySlice<UInt8>, [Range<Int>]) throws -> Void
  ) async throws {
    var reader = BinaryRows()
    while let next = try await rows.next() {
      if let reject = next.rejects.first { throw Self.broken(entry, "row \(reject.row): \(reject.reason)") }
      for range in reader.rows(in: next.batch.bytes) ?? [] {
        let row = next.batch.bytes[range]
        try each(row, TransformedRows.fields(row))
      }
    }
  }

  /// A deletion vector: its length, a mark, a Roaring bitmap and a checksum.
  ///
  /// Format: the Puffin specification, "`deletion-vector-v1` blob type". Length and checksum have their highest bytes first.
  private func vector(_ entry: IcebergEntry, _ limit: Int64) async throws -> RowSet {
    guard let range = entry.range, range.count >= 12 else {
      throw Self.broken(entry, "its place in the file is not said")
    }
    let file = try await reader.files.data(try reader.paths.relative(entry.address), namedBy: "the table")
    guard range.upperBound <= file.size else { throw Self.broken(entry, "the file ends before it does") }
    let bytes = try await file.read(range)
    func integer(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
    let marked = bytes.dropFirst(4).dropLast(4)
    guard integer(bytes.prefix(4)) == UInt32(marked.count), marked.starts(with: [0xD1, 0xD3, 0x39, 0x64]) else {
      throw Self.broken(entry, "it is no deletion vector")
    }
    guard integer(bytes.suffix(4)) == marked.withUnsafeBytes({ CRC32.checksum($0) }) else {
      throw Self.broken(entry, "it does not match its checksum")
    }
    return try RowSet(roaring: marked.dropFirst(4), rows: limit)
  }

  private static func broken(_ entry: IcebergEntry, _ why: String) -> FormatError {
    FormatError(.corrupt, "the deletes in \(entry.address.prefix(300)) cannot be read: \(why)")
  }
}
