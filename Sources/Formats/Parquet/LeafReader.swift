/// Memory that all columns of a file decode their runs in, one after the other.
final class RunScratch {
  let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: ParquetLimits.run)
  let values = UnsafeMutablePointer<ValueBytes>.allocate(capacity: ParquetLimits.run)
  let indices = UnsafeMutablePointer<UInt32>.allocate(capacity: ParquetLimits.run)
  let definitions = UnsafeMutablePointer<UInt32>.allocate(capacity: ParquetLimits.run)
  let repetitions = UnsafeMutablePointer<UInt32>.allocate(capacity: ParquetLimits.run)

  init() { values.initialize(repeating: ValueBytes(start: nil, count: 0), count: ParquetLimits.run) }

  deinit {
    numbers.deallocate()
    values.deallocate()
    indices.deallocate()
    definitions.deallocate()
    repetitions.deallocate()
  }
}

/// Reads one leaf: pages in, encoded entries out, a run at a time. In memory are one unpacked page and the dictionary.
final class LeafReader {
  let leaf: SchemaLeaf
  let entries: EntryBuffer
  let isNested: Bool
  private let writer: FieldWriter
  private let scratch: RunScratch
  private let page = ByteBuffer()
  /// The dictionary's values, encoded as this column's fields once and for all.
  private var dictionary: EntryBuffer?
  private var longestEntry = 0
  /// Entries held that begin a row.
  private var rowStarts = 0

  /// Of the current row group.
  private(set) var codec = PageCodec.uncompressed
  private(set) var valuesLeft: Int64 = 0
  var window: ChunkWindow?

  /// Of the current page.
  private(set) var entriesLeft = 0
  private var pageOffset: Int64 = 0
  private var repetitions = LevelDecoder.zero
  private var definitions = LevelDecoder.zero
  private var values = Values.none

  private enum Values {
    case none
    case decoder(ValueDecoder)
    case dictionary(HybridDecoder)
  }

  init(_ leaf: SchemaLeaf, _ output: FieldWriter.Output, _ scratch: RunScratch) {
    self.leaf = leaf
    self.scratch = scratch
    isNested = output == .json
    writer = FieldWriter(leaf, output)
    entries = EntryBuffer(hasLevels: isNested)
  }

  /// Begins with the next row group.
  func begin(_ chunk: ColumnChunk, _ window: ChunkWindow) throws(FormatError) {
    guard let codec = PageCodec(rawValue: chunk.codec) else {
      throw FormatError(
        .unsupported, "the column \(leaf.path.shown) is compressed with the unknown codec \(chunk.codec)", offset: chunk.start)
    }
    guard codec != .lzo else {
      throw FormatError(
        .unsupported, "the column \(leaf.path.shown) is compressed with LZO, which is not read",
        hint: "Write the file with snappy, zstd or gzip.", offset: chunk.start)
    }
    (self.codec, self.window, valuesLeft) = (codec, window, chunk.valueCount)
    (dictionary, entriesLeft, values, rowStarts) = (nil, 0, .none, 0)
    entries.removeAll()
  }

  /// Whether the column chunk has nothing left.
  var isFinished: Bool { valuesLeft <= 0 && entriesLeft == 0 }

  /// Rows of which all entries are decoded. The last one may go on in the next page.
  var wholeRows: Int { isNested ? rowStarts - (isFinished ? 0 : 1) : entries.count }

  func removeRows(_ rows: Int, entries count: Int) {
    entries.removeFirst(count)
    rowStarts -= rows
  }

  /// The bytes of a page, as they are in the file.
  func take(_ header: PageHeader, _ body: UnsafeRawBufferPointer, at offset: Int64) throws(FormatError) {
    pageOffset = offset
    do throws(FormatError) {
      if let checksum = header.checksum, pageChecksum(body) != checksum {
        throw FormatError(.corrupt, "its checksum does not match its bytes")
      }
      switch header.kind {
      case .dictionary: try readDictionary(header, body)
      case .data: try beginPage(header, body)
      case .dataV2: try beginPageV2(header, body)
      case .index, nil: break
      }
    } catch { throw placed(error) }
  }

  /// An error of this page, with its place.
  private func placed(_ error: FormatError) -> FormatError {
    var error = error
    error.message = "the page of column \(leaf.path.shown) cannot be read: \(error.message)"
    error.offset = pageOffset
    return error
  }

  private func unpack(_ header: PageHeader, _ body: UnsafeRawBufferPointer) throws(FormatError) {
    try codec.decompress(body, into: page.reset(size: Int(header.uncompressedSize)))
  }

  private func readDictionary(_ header: PageHeader, _ body: UnsafeRawBufferPointer) throws(FormatError) {
    guard dictionary == nil else { throw FormatError(.corrupt, "it is a second dictionary") }
    guard let encoding = Encoding(rawValue: header.encoding), encoding == .plain || encoding == .plainDictionary else {
      throw FormatError(.unsupported, "its dictionary has the encoding \(header.encoding)")
    }
    try unpack(header, body)
    let count = Int(header.valueCount)
    let least = leaf.physical == .boolean ? (count + 7) / 8 : count * (leaf.physical.width ?? 4)
    guard least <= page.count else { throw FormatError(.truncated, "it has less than the \(count) values it promises") }
    var decoder = try ValueDecoder(page.bytes, .plain, leaf.physical, count: count)
    let dictionary = EntryBuffer(hasLevels: false)
    var done = 0
    while done < count {
      let run = min(ParquetLimits.run, count - done)
      if leaf.physical.isNumber {
        try decoder.decode(run, into: scratch.numbers)
        writer.write(scratch.numbers, run, nil, to: dictionary)
      } else {
        try decoder.decode(run, into: scratch.values)
        writer.write(scratch.values, run, nil, to: dictionary)
      }
      done += run
    }
    longestEntry = (0..<count).reduce(0) { max($0, dictionary.ends[$1] - dictionary.start($1)) }
    self.dictionary = dictionary
  }

  private func beginPage(_ header: PageHeader, _ body: UnsafeRawBufferPointer) throws(FormatError) {
    try unpack(header, body)
    let count = Int(header.valueCount)
    var rest = page.bytes
    repetitions = try takeLevels(&rest, header.repetitionEncoding, leaf.maxRepetition, count)
    definitions = try takeLevels(&rest, header.definitionEncoding, leaf.maxDefinition, count)
    try beginValues(rest, header, count: count)
  }

  /// In version 2 the levels stand in front of what is compressed.
  private func beginPageV2(_ header: PageHeader, _ body: UnsafeRawBufferPointer) throws(FormatError) {
    let (first, second) = (Int(header.repetitionLength), Int(header.definitionLength))
    guard first >= 0, second >= 0, first + second <= body.count, first + second <= Int(header.uncompressedSize) else {
      throw FormatError(.corrupt, "its levels are longer than the page")
    }
    let room = page.reset(size: Int(header.uncompressedSize))
    let levels = UnsafeRawBufferPointer(rebasing: body[..<(first + second)])
    room.copyMemory(from: levels)
    let packed = UnsafeRawBufferPointer(rebasing: body[(first + second)...])
    let unpacked = UnsafeMutableRawBufferPointer(rebasing: room[(first + second)...])
    // Where there is nothing to unpack, some write nothing at all and others an empty frame.
    if !unpacked.isEmpty {
      try (header.isCompressed ? codec : .uncompressed).decompress(packed, into: unpacked)
    }
    let all = page.bytes
    repetitions = try hybrid(UnsafeRawBufferPointer(rebasing: all[..<first]), leaf.maxRepetition)
    definitions = try hybrid(UnsafeRawBufferPointer(rebasing: all[first..<first + second]), leaf.maxDefinition)
    try beginValues(UnsafeRawBufferPointer(rebasing: all[(first + second)...]), header, count: Int(header.valueCount))
  }

  private func hybrid(_ bytes: UnsafeRawBufferPointer, _ greatest: Int) throws(FormatError) -> LevelDecoder {
    greatest == 0 ? .zero : .hybrid(try HybridDecoder(bytes, width: LevelDecoder.width(greatest)))
  }

  /// Takes the levels off the front of a page of version 1.
  private func takeLevels(
    _ rest: inout UnsafeRawBufferPointer, _ encoding: Int32, _ greatest: Int, _ count: Int
  ) throws(FormatError) -> LevelDecoder {
    guard greatest > 0 else { return .zero }
    let width = LevelDecoder.width(greatest)
    let (length, skipped): (Int, Int)
    switch Encoding(rawValue: encoding) {
    case .rle:
      guard rest.count >= 4 else { throw FormatError(.truncated, "its levels are missing") }
      (length, skipped) = (Int(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self))), 4)
    case .bitPacked: (length, skipped) = ((count * width + 7) / 8, 0)
    default: throw FormatError(.unsupported, "its levels have the encoding \(encoding)")
    }
    guard length <= rest.count - skipped else { throw FormatError(.truncated, "its levels end too early") }
    let bytes = UnsafeRawBufferPointer(rebasing: rest[skipped..<skipped + length])
    rest = UnsafeRawBufferPointer(rebasing: rest[(skipped + length)...])
    return skipped == 4 ? .hybrid(try HybridDecoder(bytes, width: width)) : .packed(bytes, width: width, bit: 0)
  }

  private func beginValues(_ bytes: UnsafeRawBufferPointer, _ header: PageHeader, count: Int) throws(FormatError) {
    guard Int64(count) <= valuesLeft else {
      throw FormatError(.corrupt, "it has \(count) values where the column has only \(valuesLeft) left")
    }
    // A page of only NULLs may have no bytes for values, whatever its encoding.
    if bytes.isEmpty, leaf.maxDefinition > 0 {
      values = .none
    } else {
      values = try decoder(bytes, header, count)
    }
    entriesLeft = count
    valuesLeft -= Int64(count)
  }

  private func decoder(_ bytes: UnsafeRawBufferPointer, _ header: PageHeader, _ count: Int) throws(FormatError) -> Values {
    switch Encoding(rawValue: header.encoding) {
    case .plainDictionary, .rleDictionary:
      guard dictionary != nil else { throw FormatError(.corrupt, "it refers to a dictionary, and there is none") }
      guard let width = bytes.first else {
        guard count == 0 else { throw FormatError(.truncated, "its values are missing") }
        return .none
      }
      return .dictionary(try HybridDecoder(UnsafeRawBufferPointer(rebasing: bytes[1...]), width: Int(width)))
    case .alp: throw FormatError(.unsupported, "its values have the encoding ALP, which is not read")
    case let encoding?:
      if count == 0 { return .none }
      return .decoder(try ValueDecoder(bytes, encoding, leaf.physical, count: count))
    case nil: throw FormatError(.unsupported, "its values have the unknown encoding \(header.encoding)")
    }
  }

  /// Decodes entries of the current page, at least one and at most so many, into `entries`.
  func decode(_ most: Int) throws(FormatError) {
    do throws(FormatError) { try decodeRun(min(most, entriesLeft, ParquetLimits.run, affordable)) } catch { throw placed(error) }
  }

  /// How many values are sure not to take more room than a column may be ahead.
  private var affordable: Int {
    let longest: Int
    switch values {
    case .decoder(let decoder): longest = decoder.greatest
    case .dictionary: longest = longestEntry
    case .none: longest = 0
    }
    return max(1, ParquetLimits.ahead / max(1, longest))
  }

  private func decodeRun(_ count: Int) throws(FormatError) {
    var present = count
    if isNested {
      try repetitions.decode(count, into: scratch.repetitions)
      for entry in 0..<count {
        if scratch.repetitions[entry] == 0 { rowStarts += 1 }
        guard scratch.repetitions[entry] <= UInt32(leaf.maxRepetition) else {
          throw FormatError(.corrupt, "it has a repetition level beyond \(leaf.maxRepetition)")
        }
      }
    }
    if leaf.maxDefinition > 0 {
      try definitions.decode(count, into: scratch.definitions)
      present = try presentValues(count)
    } else if isNested {
      scratch.definitions.update(repeating: 0, count: count)
    }
    if isNested { entries.setLevels(count, definitions: scratch.definitions, repetitions: scratch.repetitions) }
    try decodeValues(count, present)
    entriesLeft -= count
  }

  private func presentValues(_ count: Int) throws(FormatError) -> Int {
    let greatest = UInt32(leaf.maxDefinition)
    var (present, top): (Int, UInt32) = (0, 0)
    for entry in 0..<count {
      let level = scratch.definitions[entry]
      present += level == greatest ? 1 : 0
      top = max(top, level)
    }
    guard top <= greatest else { throw FormatError(.corrupt, "it has a definition level beyond \(greatest)") }
    return present
  }

  private func decodeValues(_ count: Int, _ present: Int) throws(FormatError) {
    guard present > 0 else { return writer.writeNulls(count, to: entries) }
    let levels = present == count ? nil : UnsafePointer(scratch.definitions)
    switch values {
    case .none: throw FormatError(.truncated, "its values are missing")
    case .dictionary(var decoder):
      guard let dictionary else { throw FormatError(.corrupt, "it refers to a dictionary, and there is none") }
      try decoder.decode(present, into: scratch.indices)
      values = .dictionary(decoder)
      var top: UInt32 = 0
      for index in 0..<present { top = max(top, scratch.indices[index]) }
      guard Int(top) < dictionary.count else {
        throw FormatError(.corrupt, "it refers to entry \(top) of a dictionary of \(dictionary.count)")
      }
      writer.write(dictionary, scratch.indices, count, levels, to: entries)
    case .decoder(var decoder):
      if leaf.physical.isNumber {
        try decoder.decode(present, into: scratch.numbers)
        writer.write(scratch.numbers, count, levels, to: entries)
      } else {
        try decoder.decode(present, into: scratch.values)
        writer.write(scratch.values, count, levels, to: entries)
      }
      values = .decoder(decoder)
    }
  }
}
