import CCompression

/// LZ4's blocks say neither how long they are nor, under Parquet's name `LZ4`, in which of three forms they are.
extension BlockCodec {
  func unpackLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    var nothing: CChar = 0
    let written = withUnsafeMutablePointer(to: &nothing) {
      LZ4_decompress_safe(
        input.bindMemory(to: CChar.self).baseAddress, output.bindMemory(to: CChar.self).baseAddress ?? $0,
        Int32(clamping: input.count), Int32(clamping: output.count))
    }
    guard written >= 0 else {
      // The library does not tell a block that is broken from one that holds more than there is room for. The best
      // ratio is 255: beyond that it must be broken.
      if output.count < input.count * 256 { return output.count + 1 }
      throw FormatError(.corrupt, "the lz4 data is broken: its codes make no sense or give more than was promised")
    }
    return Int(written)
  }

  func unpackHadoopLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> Int
  {
    if let written = hadoopLZ4(input, output) { return written }
    if input.starts(with: [0x04, 0x22, 0x4D, 0x18]) {
      let members = Members(LZ4FrameDecompressor())
      var rest = input
      return try members.decompress(&rest, into: output)
    }
    return try unpackLZ4(input, output)
  }

  /// - Returns: nil when the bytes are not in Hadoop's form: for each block its unpacked length and its packed length, in
  ///   32 bits with the highest byte first, and a raw block.
  private func hadoopLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    var at = 0
    var filled = 0
    while at < input.count {
      guard input.count - at >= 8 else { return nil }
      let unpacked = Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
      let packed = Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)))
      at += 8
      guard packed <= input.count - at, unpacked <= output.count - filled else { return nil }
      let block = UnsafeRawBufferPointer(rebasing: input[at..<at + packed])
      let room = UnsafeMutableRawBufferPointer(rebasing: output[filled..<filled + unpacked])
      guard (try? unpackLZ4(block, room)) == unpacked else { return nil }
      at += packed
      filled += unpacked
    }
    return filled
  }
}
