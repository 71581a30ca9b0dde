import CCompression

/// How the pages of a column are compressed: `CompressionCodec`.
enum PageCodec: Int32, Sendable {
  case uncompressed, snappy, gzip, lzo, brotli, lz4Hadoop, zstd, lz4

  var name: String {
    switch self {
    case .uncompressed: "UNCOMPRESSED"
    case .snappy: "SNAPPY"
    case .gzip: "GZIP"
    case .lzo: "LZO"
    case .brotli: "BROTLI"
    case .lz4Hadoop: "LZ4"
    case .zstd: "ZSTD"
    case .lz4: "LZ4_RAW"
    }
  }

  /// Unpacks a page.
  ///
  /// - Parameter output: exactly as large as the page's header promises.
  func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError) {
    // The libraries want addresses, also of nothing.
    guard let source = input.baseAddress, let target = output.baseAddress else {
      if output.isEmpty { return }
      throw FormatError(.truncated, "its compressed data is missing")
    }
    let written: Int? =
      switch self {
      case .uncompressed: copy(input, output)
      case .snappy: snappy(input, output)
      case .zstd: zstd(source, input.count, target, output.count)
      case .brotli: brotli(source, input.count, target, output.count)
      case .gzip: gzip(input, output)
      case .lz4: lz4(input, output)
      case .lz4Hadoop: hadoopLZ4(input, output) ?? lz4(input, output)
      case .lzo: throw FormatError(.unsupported, "it is compressed with LZO, which is not read")
      }
    guard let written else { throw FormatError(.corrupt, "its \(name) data is broken") }
    guard written == output.count else {
      throw FormatError(.corrupt, "its \(name) data holds \(written) bytes, not the \(output.count) that its header promises")
    }
  }

  private func copy(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    guard input.count <= output.count else { return nil }
    output.copyMemory(from: input)
    return input.count
  }

  private func snappy(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    var length = 0
    let source = input.bindMemory(to: CChar.self).baseAddress
    guard snappy_uncompressed_length(source, input.count, &length) == SNAPPY_OK, length <= output.count else { return nil }
    length = output.count
    let target = output.bindMemory(to: CChar.self).baseAddress
    return snappy_uncompress(source, input.count, target, &length) == SNAPPY_OK ? length : nil
  }

  private func zstd(_ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutableRawPointer, _ room: Int) -> Int? {
    let written = ZSTD_decompress(target, room, source, count)
    return ZSTD_isError(written) == 0 ? written : nil
  }

  private func brotli(_ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutableRawPointer, _ room: Int) -> Int? {
    var written = room
    let result = BrotliDecoderDecompress(
      count, source.assumingMemoryBound(to: UInt8.self), &written, target.assumingMemoryBound(to: UInt8.self))
    return result == BROTLI_DECODER_RESULT_SUCCESS ? written : nil
  }

  /// A page may hold several members, one after the other. Zlib's own wrapping is taken too.
  private func gzip(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    var stream = z_stream()
    guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = UInt32(clamping: input.count)
    stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.avail_out = UInt32(clamping: output.count)
    while true {
      guard inflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
      if stream.avail_in == 0 || stream.avail_out == 0 { return output.count - Int(stream.avail_out) }
      guard inflateReset(&stream) == Z_OK else { return nil }
    }
  }

  private func lz4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    let written = LZ4_decompress_safe(
      input.bindMemory(to: CChar.self).baseAddress, output.bindMemory(to: CChar.self).baseAddress,
      Int32(clamping: input.count), Int32(clamping: output.count))
    return written >= 0 ? Int(written) : nil
  }

  /// Hadoop's blocks: for each its unpacked and its packed length, in 32 bits with the highest byte first, and raw LZ4.
  ///
  /// - Returns: nil when it is none of that: some wrote raw blocks or frames under this codec.
  private func hadoopLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    if input.starts(with: [0x04, 0x22, 0x4D, 0x18]) { return frameLZ4(input, output) }
    var (at, filled) = (0, 0)
    while at < input.count {
      guard input.count - at >= 8 else { return nil }
      let unpacked = Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
      let packed = Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)))
      at += 8
      guard packed <= input.count - at, unpacked <= output.count - filled else { return nil }
      let room = UnsafeMutableRawBufferPointer(rebasing: output[filled..<filled + unpacked])
      guard lz4(UnsafeRawBufferPointer(rebasing: input[at..<at + packed]), room) == unpacked else { return nil }
      at += packed
      filled += unpacked
    }
    return filled
  }

  private func frameLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else { return nil }
    defer { LZ4F_freeDecompressionContext(context) }
    var (read, filled) = (0, 0)
    while read < input.count {
      var (room, left) = (output.count - filled, input.count - read)
      let hint = LZ4F_decompress(
        context, output.baseAddress! + filled, &room, input.baseAddress! + read, &left, nil)
      guard LZ4F_isError(hint) == 0, room > 0 || left > 0 else { return nil }
      filled += room
      read += left
      if hint == 0 { break }
    }
    return filled
  }
}

/// The checksum of a page, as gzip computes it.
func pageChecksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
  UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
}
