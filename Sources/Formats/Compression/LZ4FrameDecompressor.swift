import CCompression

/// LZ4's frame format, any number of frames; its checksums are compared by the library.
final class LZ4FrameDecompressor: Decompressor {
  private var context: OpaquePointer?
  let name = "lz4"

  deinit { LZ4F_freeDecompressionContext(context) }

  func begin() throws(FormatError) {
    guard context == nil else { return }
    let code = LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
    if LZ4F_isError(code) != 0 { throw FormatError(.tooLarge, "there is no memory to unpack lz4 data in") }
  }

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    var read = input.count
    var written = output.count
    let code = LZ4F_decompress(context, output.baseAddress, &written, input.baseAddress, &read, nil)
    if LZ4F_isError(code) != 0 { throw broken(String(cString: LZ4F_getErrorName(code))) }
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(read))
    return (written, code == 0)
  }
}
