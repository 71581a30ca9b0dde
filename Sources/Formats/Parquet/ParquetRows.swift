import Rows

/// The rows of a Parquet file: each column is decoded on its own, a batch ahead, and then the rows are put together.
actor ParquetRows: FileRows {
  private let plan: FetchPlan
  private let schema: ParquetSchema
  private let columns: [RowSource]
  private var encoder: RowEncoder

  private var lot: FetchPlan.Lot?
  private var nextLot: FetchPlan.Lot?
  private var group = -1
  private var rowsLeft: Int64 = 0
  /// Rows of the file before the next one.
  private var rowsDone = 0
  /// How many rows are decoded in one go; more while they turn out to be small.
  private var step = 64
  private var isFinished = false

  init(_ file: ParquetFile, _ wanted: [WantedColumn]) throws(FormatError) {
    schema = file.schema
    let scratch = RunScratch()
    var columns: [RowSource] = []
    for column in wanted { columns.append(try RowSource(column, file, scratch)) }
    self.columns = columns
    plan = FetchPlan(
      ranges: file.ranges, groups: file.metadata.groups,
      leaves: Array(Set(columns.flatMap { $0.readers.map(\.leaf.index) })).sorted())
    encoder = RowEncoder(columns: wanted.count, capacity: ParquetLimits.batch + (64 << 10))
  }

  func next() async throws -> FileBatch? {
    guard !isFinished else { return nil }
    var rejects: [RejectedRow] = []
    while encoder.count < ParquetLimits.batch {
      guard try await beginGroup() else {
        isFinished = true
        return FileBatch(encoder.takeBatch(isLast: true), rejects: rejects)
      }
      let count = try await fill(Int(min(rowsLeft, Int64(step))))
      let before = encoder.count
      writeRows(count, &rejects)
      adapt(count, encoder.count - before)
      if rejects.count >= 10_000 { break }
    }
    return FileBatch(encoder.takeBatch(), rejects: rejects)
  }

  /// Goes on to the next row group when this one is done; false at the file's end.
  private func beginGroup() async throws -> Bool {
    while rowsLeft == 0 {
      try checkEnds()
      group += 1
      guard group < plan.groups.count else { return false }
      let rows = plan.groups[group].rowCount
      guard rows >= 0, Int64(rowsDone).addingReportingOverflow(rows).overflow == false else {
        throw FormatError(.corrupt, "row group \(group + 1) has \(rows) rows", offset: plan.ranges.dataEnd)
      }
      if rows == 0 { continue }
      rowsLeft = rows
      try plan.check(group, schema)
      try beginColumns()
    }
    return true
  }

  private func beginColumns() throws(FormatError) {
    if lot?.groups.contains(group) != true {
      let current = nextLot?.groups.contains(group) == true ? nextLot! : plan.lot(from: group)
      lot = current
      nextLot = current.groups.upperBound < plan.groups.count ? plan.lot(from: current.groups.upperBound) : nil
    }
    guard let lot else { return }
    for column in columns {
      for reader in column.readers {
        let chunk = plan.groups[group].chunks[reader.leaf.index]
        try reader.begin(chunk, plan.window(chunk, lot))
      }
      column.begin()
    }
  }

  /// Throws when a column has more values than its group has rows.
  private func checkEnds() throws(FormatError) {
    guard group >= 0 else { return }
    for reader in columns.flatMap(\.readers) where reader.window != nil && (!reader.isFinished || reader.entries.count > 0) {
      throw FormatError(
        .corrupt, "column \(reader.leaf.path.shown) has more values than row group \(group + 1) has rows",
        offset: reader.window?.position)
    }
  }

  /// Has every column decode so many rows.
  ///
  /// - Returns: how many all of them have: at least one.
  private func fill(_ count: Int) async throws -> Int {
    var least = count
    for column in columns {
      switch column.kind {
      case .constant: break
      case .rowNumber(let target): column.number(least, from: rowsDone + 1, target)
      case .flat(let reader): try await fill(reader, least)
      case .nested(let nested): try await fill(nested, least)
      }
      least = min(least, column.available)
      guard least > 0 else {
        throw FormatError(
          .corrupt, "column \(column.name.shown) has fewer values than row group \(group + 1) has rows",
          row: rowsDone + 1, offset: column.readers.first?.window?.position)
      }
    }
    return least
  }

  private func fill(_ reader: LeafReader, _ count: Int) async throws {
    while reader.entries.count < count, reader.entries.encoder.count < ParquetLimits.ahead {
      guard try await loadPage(reader) else { return }
      try reader.decode(count - reader.entries.count)
    }
  }

  private func fill(_ nested: NestedColumn, _ count: Int) async throws {
    let missing = count - nested.rows.count
    guard missing > 0, nested.rows.encoder.count < ParquetLimits.ahead else { return }
    var whole = missing
    for reader in nested.leaves {
      while reader.wholeRows < missing, reader.wholeRows < 1 || isAffordable(reader.entries) {
        guard try await loadPage(reader) else { break }
        try reader.decode(ParquetLimits.run)
        guard reader.entries.count <= ParquetLimits.entries, reader.entries.encoder.count <= ParquetLimits.document * 2 else {
          throw FormatError(
            .tooLarge,
            "a single value of column \(nested.name.shown) has more than \(ParquetLimits.entries) elements or "
              + "\(ParquetLimits.document) bytes",
            row: rowsDone + nested.rows.count + 1)
        }
      }
      whole = min(whole, reader.wholeRows)
    }
    if whole > 0 { try nested.assemble(whole, firstRow: rowsDone + nested.rows.count + 1) }
  }

  /// Elements that are NULL take room too, if only for their levels.
  private func isAffordable(_ entries: EntryBuffer) -> Bool {
    entries.encoder.count < ParquetLimits.ahead && entries.count < ParquetLimits.ahead / 4
  }

  /// Sees to it that the reader has a page with entries; false when its chunk is at its end.
  private func loadPage(_ reader: LeafReader) async throws -> Bool {
    guard let window = reader.window else { return false }
    while reader.entriesLeft == 0 {
      guard reader.valuesLeft > 0 else { return false }
      let offset = window.position
      let header = try await pageHeader(reader, window)
      let size = Int(header.compressedSize)
      guard size <= ParquetLimits.page, Int(header.uncompressedSize) <= ParquetLimits.page else {
        throw FormatError(
          .tooLarge,
          "a page of column \(reader.leaf.path.shown) has \(max(size, Int(header.uncompressedSize))) bytes, more than the "
            + "\(ParquetLimits.page) that are read",
          hint: "Write the file with smaller pages.", offset: offset)
      }
      try await require(size, window, reader, offset)
      try window.withBytes { (bytes) throws(FormatError) in
        try reader.take(header, UnsafeRawBufferPointer(rebasing: bytes[..<size]), at: offset)
      }
      window.advance(size)
    }
    return true
  }

  /// Reads a page's header, which does not say how long it is.
  private func pageHeader(_ reader: LeafReader, _ window: ChunkWindow) async throws -> PageHeader {
    let offset = window.position
    var room = 64
    while true {
      let left = Int(min(window.hardEnd - offset, Int64(room)))
      guard left > 0 else { throw ended(reader, offset) }
      try await require(left, window, reader, offset)
      do throws(FormatError) {
        return try window.withBytes { (bytes) throws(FormatError) in
          var thrift = ThriftReader(UnsafeRawBufferPointer(rebasing: bytes[..<max(left, min(bytes.count, 4096))]))
          let header = try PageHeader(&thrift)
          window.advance(thrift.at)
          return header
        }
      } catch {
        if error.kind == .truncated, left == room, room < ParquetLimits.header {
          room *= 4
          continue
        }
        throw FormatError(
          error.kind, "the header of a page of column \(reader.leaf.path.shown) cannot be read: \(error.message)",
          offset: offset)
      }
    }
  }

  private func ended(_ reader: LeafReader, _ offset: Int64) -> FormatError {
    FormatError(
      .truncated, "column \(reader.leaf.path.shown) ends with \(reader.valuesLeft) values missing", offset: offset)
  }

  /// Has the next `count` bytes of a chunk in memory, and the piece after them on its way.
  private func require(_ count: Int, _ window: ChunkWindow, _ reader: LeafReader, _ offset: Int64) async throws {
    guard Int64(count) <= window.hardEnd - window.position else { throw ended(reader, offset) }
    while window.available < count {
      let (bytes, place): ([UInt8], Int64)
      if let fetch = window.upcoming {
        (bytes, place) = (try await fetch.bytes(), fetch.range.lowerBound)
        window.upcoming = nil
      } else if let range = window.missing(count) {
        (bytes, place) = (try await plan.ranges.read(range), range.lowerBound)
      } else {
        throw ended(reader, offset)
      }
      window.take(bytes, at: place)
      if let piece = window.nextPiece { window.upcoming = Fetch(plan.ranges, piece) }
    }
  }

  private func writeRows(_ count: Int, _ rejects: inout [RejectedRow]) {
    let fields = columns.map { $0.fields() }
    var first = 0
    if columns.contains(where: { !$0.entries.misfits.isEmpty }) {
      for row in 0..<count {
        guard let reason = columns.lazy.compactMap({ $0.misfit(row) }).first else { continue }
        rejects.append(RejectedRow(row: rowsDone + row + 1, offset: nil, reason: reason))
        encoder.appendRows(first..<row, of: fields)
        first = row + 1
      }
    }
    encoder.appendRows(first..<count, of: fields)
    for column in columns { column.remove(count) }
    rowsDone += count
    rowsLeft -= Int64(count)
  }

  /// Aims at a quarter of a batch for each step.
  private func adapt(_ rows: Int, _ bytes: Int) {
    guard rows > 0 else { return }
    let fitting = ParquetLimits.batch / 4 / max(1, bytes / rows)
    step = min(max(1, fitting), step * 4, 4096)
  }
}
