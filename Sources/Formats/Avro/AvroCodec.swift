/// How the blocks of an Avro file are compressed.
///
/// Format: Avro 1.11, "Required Codecs" and "Optional Codecs".
enum AvroCodec: String, Sendable {
  case null, deflate, snappy, zstandard, bzip2, xz

  init(named name: [UInt8]?) throws(FormatError) {
    let text = name.map { String(decoding: $0, as: UTF8.self) } ?? "null"
    guard let codec = Self(rawValue: text) else {
      throw FormatError(
        .unsupported, "its blocks are compressed with \"\(text.prefix(40))\", which is not read",
        hint: "Write the file with one of null, deflate, snappy, zstandard, bzip2, xz.")
    }
    self = codec
  }

  func unpack(_ block: [UInt8], limit: Int) throws(FormatError) -> [UInt8] {
    switch self {
    case .null: return block
    case .deflate: return try unpackDeflate(block, limit)
    case .zstandard: return try BlockCodec.zstd.decompress(block, limit: limit)
    case .bzip2: return try BlockCodec.bzip2.decompress(block, limit: limit)
    case .xz: return try BlockCodec.xz.decompress(block, limit: limit)
    case .snappy: return try unpackSnappy(block, limit)
    }
  }

  /// Some writers make zlib's form and take only its head off: what is left of its checksum then stands behind the data.
  private func unpackDeflate(_ block: [UInt8], _ limit: Int) throws(FormatError) -> [UInt8] {
    let decompressor = DeflateDecompressor(.deflate)
    try decompressor.begin()
    var output = [UInt8](repeating: 0, count: min(max(block.count * 4, 1 << 10), limit))
    var filled = 0
    let left = try block.reading { (bytes) throws(FormatError) -> Int in
      var rest = bytes
      while true {
        let (count, isEnd) = try output.writing { (room) throws(FormatError) in
          try decompressor.step(&rest, into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
        }
        filled += count
        if isEnd { return rest.count }
        if filled < output.count, rest.isEmpty { throw FormatError(.corrupt, "the deflate data of a block is cut off") }
        if filled == output.count {
          guard output.count < limit else {
            throw FormatError(.tooLarge, "a block holds more than \(limit) bytes when it is unpacked")
          }
          output += [UInt8](repeating: 0, count: min(output.count * 3, limit - output.count))
        }
      }
    }
    guard left <= 4 else {
      throw FormatError(.corrupt, "the deflate data of a block ends \(left) bytes before the block does")
    }
    output.removeLast(output.count - filled)
    return output
  }

  /// After the data stands the CRC-32 of what it holds, its highest byte first.
  private func unpackSnappy(_ block: [UInt8], _ limit: Int) throws(FormatError) -> [UInt8] {
    guard block.count >= 4 else { throw FormatError(.corrupt, "a snappy block is too short for its checksum") }
    let unpacked = try BlockCodec.snappy.decompress(Array(block.dropLast(4)), limit: limit)
    let promised = block.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard unpacked.withUnsafeBytes({ CRC32.checksum($0) }) == promised else {
      throw FormatError(.corrupt, "the checksum of a snappy block does not match what it holds")
    }
    return unpacked
  }
}
