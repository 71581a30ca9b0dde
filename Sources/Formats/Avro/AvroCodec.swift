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
    case .deflate: return try BlockCodec.deflate.decompress(block, limit: limit)
    case .zstandard: return try BlockCodec.zstd.decompress(block, limit: limit)
    case .bzip2: return try BlockCodec.bzip2.decompress(block, limit: limit)
    case .xz: return try BlockCodec.xz.decompress(block, limit: limit)
    case .snappy: return try unpackSnappy(block, limit)
    }
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
