/// Which ranges of a file are fetched together: row groups in lots, and in a lot what lies near each other as one range.
struct FetchPlan {
  /// Some row groups in a row.
  struct Lot {
    var groups: Range<Int>
    /// Ordered, without overlaps; empty where the only group is too large to be fetched as a whole.
    var fetches: [Fetch]
  }

  let ranges: TailedRanges
  let groups: [ParquetMetadata.RowGroup]
  /// The wanted leaves.
  let leaves: [Int]

  /// The lot that begins with a row group. Its fetches begin at once.
  func lot(from first: Int) -> Lot {
    var wanted: [Range<Int64>] = []
    var end = first
    while end < groups.count {
      let merged = merge(wanted + chunks(end))
      if total(merged) > ParquetLimits.lot {
        if end == first { return Lot(groups: first..<first + 1, fetches: []) }
        break
      }
      wanted = merged
      end += 1
    }
    return Lot(groups: first..<end, fetches: wanted.map { Fetch(ranges, $0) })
  }

  /// Where a chunk's bytes come from.
  func window(_ chunk: ColumnChunk, _ lot: Lot) -> ChunkWindow {
    let end = chunk.start + chunk.compressedSize
    // Old writers forgot the dictionary's header when they counted: PARQUET-816.
    let hardEnd = min(end + 100, ranges.dataEnd)
    let fetch = lot.fetches.first { $0.range.lowerBound <= chunk.start && chunk.start < $0.range.upperBound }
    let piece = max(64 << 10, ParquetLimits.lot / Int64(max(1, leaves.count)))
    return ChunkWindow(position: chunk.start, end: end, hardEnd: max(end, hardEnd), piece: piece, upcoming: fetch)
  }

  /// Throws when a wanted chunk of the group cannot be read, or cannot be where the footer says.
  func check(_ group: Int, _ schema: ParquetSchema) throws(FormatError) {
    let chunks = groups[group].chunks
    guard chunks.count == schema.leaves.count else {
      throw FormatError(
        .corrupt, "row group \(group + 1) has \(chunks.count) columns, the schema \(schema.leaves.count)",
        offset: ranges.dataEnd)
    }
    for leaf in leaves { try check(chunks[leaf], schema.leaves[leaf], group) }
  }

  private func check(_ chunk: ColumnChunk, _ leaf: SchemaLeaf, _ group: Int) throws(FormatError) {
    let place = "column \(leaf.path.shown) in row group \(group + 1)"
    guard !chunk.isEncrypted else {
      throw FormatError(
        .unsupported, "\(place) is encrypted, which is not read",
        hint: "Leave the column out, or write it without Parquet's modular encryption.", offset: ranges.dataEnd)
    }
    guard chunk.filePath == nil else {
      throw FormatError(.unsupported, "\(place) is in another file: this is a summary without rows", offset: ranges.dataEnd)
    }
    guard chunk.hasMetadata, chunk.start >= 0, chunk.compressedSize >= 0, chunk.valueCount >= 0,
      chunk.start <= ranges.dataEnd, chunk.compressedSize <= ranges.dataEnd - chunk.start
    else { throw FormatError(.corrupt, "\(place) is not within the file", offset: ranges.dataEnd) }
    guard chunk.physicalType == leaf.physical.code else {
      throw FormatError(.corrupt, "\(place) has another type than in the schema", offset: ranges.dataEnd)
    }
  }

  private func chunks(_ group: Int) -> [Range<Int64>] {
    leaves.compactMap { leaf in
      guard leaf < groups[group].chunks.count else { return nil }
      let chunk = groups[group].chunks[leaf]
      let (start, size) = (chunk.start, chunk.compressedSize)
      // What is out of bounds is told when the group's turn comes.
      guard start >= 0, size > 0, start <= ranges.dataEnd, size <= ranges.dataEnd - start else { return nil }
      return start..<start + size
    }
  }

  private func merge(_ all: [Range<Int64>]) -> [Range<Int64>] {
    var merged: [Range<Int64>] = []
    for range in all.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound + ParquetLimits.gap {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }

  private func total(_ all: [Range<Int64>]) -> Int64 { all.reduce(0) { $0 + $1.upperBound - $1.lowerBound } }
}

extension PhysicalType {
  /// As the footer writes it.
  var code: Int32 {
    switch self {
    case .boolean: 0
    case .int32: 1
    case .int64: 2
    case .int96: 3
    case .float: 4
    case .double: 5
    case .byteArray: 6
    case .fixed: 7
    }
  }
}
