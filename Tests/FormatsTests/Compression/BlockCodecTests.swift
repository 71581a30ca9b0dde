import CCompression
import Formats
import Testing

@Suite struct BlockCodecTests {
  private func unpack(_ codec: BlockCodec, _ block: [UInt8], size: Int) throws -> [UInt8] {
    var output = [UInt8](repeating: 0xAA, count: size)
    try block.withUnsafeBytes { input in try output.withUnsafeMutableBytes { try codec.decompress(input, into: $0) } }
    return output
  }

  /// The fixture's text as a block, made by the library itself where it is not in `Data/compression`.
  private func block(_ codec: BlockCodec) throws -> [UInt8] {
    switch codec {
    case .snappy: return snappyBlock(compressedText)
    case .lz4: return lz4Block(compressedText)
    case .lz4Hadoop: return hadoop([compressedText[..<5000], compressedText[5000...]].map(Array.init))
    case .zstd: return try fixture("compression/text.zst")
    case .gzip: return try fixture("compression/two-members.gz")
    case .zlib: return try fixture("compression/text.zlib")
    // What zlib wraps: two bytes before, four behind.
    case .deflate: return Array(try fixture("compression/text.zlib").dropFirst(2).dropLast(4))
    case .brotli: return try fixture("compression/text.br")
    case .bzip2: return try fixture("compression/text.bz2")
    case .xz: return try fixture("compression/text.xz")
    }
  }

  private func snappyBlock(_ bytes: [UInt8]) -> [UInt8] {
    var size = snappy_max_compressed_length(bytes.count)
    var output = [CChar](repeating: 0, count: size)
    _ = bytes.withUnsafeBytes { snappy_compress($0.bindMemory(to: CChar.self).baseAddress, bytes.count, &output, &size) }
    return output[..<size].map { UInt8(bitPattern: $0) }
  }

  private func lz4Block(_ bytes: [UInt8]) -> [UInt8] {
    var output = [CChar](repeating: 0, count: Int(LZ4_compressBound(Int32(bytes.count))))
    let size = bytes.withUnsafeBytes {
      LZ4_compress_default($0.bindMemory(to: CChar.self).baseAddress, &output, Int32(bytes.count), Int32(output.count))
    }
    return output[..<Int(size)].map { UInt8(bitPattern: $0) }
  }

  private func hadoop(_ parts: [[UInt8]]) -> [UInt8] {
    parts.flatMap { part in
      let packed = lz4Block(part)
      return [part.count, packed.count].flatMap { size in (0..<4).map { UInt8(size >> (24 - 8 * $0) & 0xFF) } } + packed
    }
  }

  @Test(arguments: BlockCodec.allCases) func `a block comes out as it was`(codec: BlockCodec) throws {
    let block = try block(codec)
    #expect(try unpack(codec, block, size: compressedText.count) == compressedText)
    #expect(try codec.decompress(block, limit: 1 << 20) == compressedText)
  }

  @Test(arguments: BlockCodec.allCases) func `a block of another size than promised is an error`(codec: BlockCodec) throws {
    let block = try block(codec)
    for size in [0, 1, compressedText.count - 1, compressedText.count + 1, compressedText.count * 2] {
      #expect(throws: FormatError.self) { try unpack(codec, block, size: size) }
    }
  }

  @Test(arguments: BlockCodec.allCases) func `a block beyond the limit is an error`(codec: BlockCodec) throws {
    let block = try block(codec)
    #expect(throws: FormatError.self) { try codec.decompress(block, limit: 1000) }
  }

  @Test(arguments: BlockCodec.allCases) func `a broken block never crashes`(codec: BlockCodec) throws {
    let block = try block(codec)
    var random = SeededGenerator(11)
    for _ in 0..<200 {
      var broken = block
      broken[Int.random(in: 0..<min(block.count, 64), using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try? unpack(codec, broken, size: compressedText.count)
      let cut = Array(block[..<Int.random(in: 0..<block.count, using: &random)])
      #expect(throws: FormatError.self) { try unpack(codec, cut, size: compressedText.count) }
    }
  }

  @Test func `a block under the name of Hadoop's LZ4 may be raw or a frame`() throws {
    #expect(try unpack(.lz4Hadoop, lz4Block(compressedText), size: compressedText.count) == compressedText)
    let frame = try fixture("compression/text.lz4")
    #expect(try unpack(.lz4Hadoop, frame, size: compressedText.count) == compressedText)
  }

  @Test func `snappy that promises more than its bytes can hold is refused before memory is taken`() {
    let error = #expect(throws: FormatError.self) {
      try BlockCodec.snappy.decompress([0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0, 0], limit: 1 << 40)
    }
    #expect(error?.kind == .corrupt)
  }

  @Test(arguments: BlockCodec.allCases) func `no bytes are no block, unless none are promised`(codec: BlockCodec) {
    #expect(throws: FormatError.self) { try unpack(codec, [], size: 10) }
  }
}
