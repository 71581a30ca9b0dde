import CCompression

/// How a piece of a file is compressed, such as a page of Parquet or a block of Avro. It is unpacked as a whole.
public enum BlockCodec: String, Sendable, CaseIterable {
  /// Snappy's raw format, without frames.
  case snappy
  case zstd, gzip, zlib, brotli, bzip2, xz
  /// RFC 1951 without a wrapping, as in Avro.
  case deflate
  /// LZ4's raw block format, without frames: Parquet's `LZ4_RAW`.
  case lz4
  /// LZ4 in Hadoop's blocks: Parquet's deprecated `LZ4`. Raw blocks and frames, which some wrote under that name, are read too.
  case lz4Hadoop

  /// Unpacks a block whose unpacked size is known.
  ///
  /// - Parameter output: exactly as large as what the block holds.
  /// - Throws: `FormatError` when the block is broken or of another size; `output` may be written to in part.
  public func decompress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError) {
    let written = try unpack(input, output)
    guard written <= output.count else { throw broken("it holds more than the \(output.count) bytes that were promised") }
    guard written == output.count else {
      throw broken("it holds \(written) bytes, not the \(output.count) that were promised")
    }
  }

  /// Unpacks a block whose unpacked size is not known.
  ///
  /// - Throws: `FormatError` when the block is broken; of the kind `tooLarge` when it holds more than `limit` bytes.
  public func decompress(_ input: [UInt8], limit: Int) throws(FormatError) -> [UInt8] {
    var size = min(max(input.count * 4, 1 << 10), limit)
    if self == .snappy { size = try input.reading { (bytes) throws(FormatError) in try snappyLength(bytes, limit) } }
    while true {
      var output = [UInt8](repeating: 0, count: size)
      let written = try input.reading { (bytes) throws(FormatError) in
        try output.writing { (room) throws(FormatError) in try unpack(bytes, room) }
      }
      if written <= size {
        output.removeLast(size - written)
        return output
      }
      guard size < limit else { throw tooLarge(limit) }
      size = min(size * 4, limit)
    }
  }

  /// - Returns: how many bytes were written; one more than there is room for when there is more.
  private func unpack(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    switch self {
    case .snappy: try unpackSnappy(input, output)
    case .lz4: try unpackLZ4(input, output)
    case .lz4Hadoop: try unpackHadoopLZ4(input, output)
    case .zstd: try unpackStream(input, output, ZstdDecompressor(.block))
    case .gzip: try unpackStream(input, output, DeflateDecompressor(.gzip))
    case .zlib: try unpackStream(input, output, DeflateDecompressor(.zlib))
    case .deflate: try unpackStream(input, output, DeflateDecompressor(.deflate))
    case .brotli: try unpackStream(input, output, BrotliDecompressor())
    case .bzip2: try unpackStream(input, output, Bzip2Decompressor())
    case .xz: try unpackStream(input, output, XZDecompressor(.block))
    }
  }

  private func unpackStream(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer, _ decompressor: any Decompressor
  ) throws(FormatError) -> Int {
    let members = Members(decompressor)
    var rest = input
    let written = try members.decompress(&rest, into: output)
    // The end of the data may be read only when there is room for more.
    var more: UInt8 = 0
    var excess = 0
    if written == output.count {
      excess = try withUnsafeMutableBytes(of: &more) { (room) throws(FormatError) in
        try members.decompress(&rest, into: room)
      }
    }
    guard excess > 0 || members.mayEnd else { throw FormatError(.truncated, "the \(rawValue) data is cut off") }
    return written + excess
  }

  private func unpackSnappy(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> Int
  {
    var length = try snappyLength(input, Int.max)
    guard length <= output.count else { return output.count + 1 }
    // The library wants an address even where there is nothing to write.
    var nothing: CChar = 0
    let code = withUnsafeMutablePointer(to: &nothing) {
      snappy_uncompress(
        input.bindMemory(to: CChar.self).baseAddress, input.count,
        output.bindMemory(to: CChar.self).baseAddress ?? $0, &length)
    }
    guard code == SNAPPY_OK else { throw broken("its codes make no sense") }
    return length
  }

  private func snappyLength(_ input: UnsafeRawBufferPointer, _ limit: Int) throws(FormatError) -> Int {
    var length = 0
    let code = snappy_uncompressed_length(input.bindMemory(to: CChar.self).baseAddress, input.count, &length)
    guard !input.isEmpty, code == SNAPPY_OK else { throw broken("its length cannot be read") }
    guard length <= limit else { throw tooLarge(limit) }
    // Each byte of input stands for less than 32 of output: what claims more is broken, and asks for memory.
    guard length / 32 <= input.count else { throw broken("it promises \(length) bytes from \(input.count)") }
    return length
  }

  private func broken(_ why: String) -> FormatError { FormatError(.corrupt, "the \(rawValue) data is broken: \(why)") }

  private func tooLarge(_ limit: Int) -> FormatError {
    FormatError(.tooLarge, "a block of \(rawValue) data holds more than \(limit) bytes when it is unpacked")
  }
}

extension CompressionLimits {
  /// A block is in memory anyway.
  static let block = CompressionLimits(memory: 1 << 30)
}

/// `withUnsafeBytes` and its sibling do not carry typed errors.
extension [UInt8] {
  func reading<Result>(_ body: (UnsafeRawBufferPointer) throws(FormatError) -> Result) throws(FormatError) -> Result {
    let outcome: Swift.Result<Result, FormatError> = withUnsafeBytes { bytes in
      do throws(FormatError) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  mutating func writing<Result>(_ body: (UnsafeMutableRawBufferPointer) throws(FormatError) -> Result) throws(FormatError)
    -> Result
  {
    let outcome: Swift.Result<Result, FormatError> = withUnsafeMutableBytes { bytes in
      do throws(FormatError) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
