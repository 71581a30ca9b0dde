import CCompression

/// Zstandard (RFC 8878), any number of frames.
final class ZstdDecompressor: Decompressor {
  private let limits: CompressionLimits
  private let context: OpaquePointer?
  let name = "zstd"

  init(_ limits: CompressionLimits) {
    self.limits = limits
    context = ZSTD_createDCtx()
    // The largest power of two within the limit; zstd knows windows of 2^10 to 2^31 bytes.
    let log = limits.memory > 0 ? 63 - limits.memory.leadingZeroBitCount : 0
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Int32(min(31, max(10, log))))
  }

  deinit { ZSTD_freeDCtx(context) }

  func begin() throws(FormatError) {
    guard context != nil else { throw outOfMemory(limits) }
    ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
  }

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let code = ZSTD_decompressStream(context, &target, &source)
    if ZSTD_isError(code) != 0 {
      // ZSTD_error_frameParameter_windowTooLarge and ZSTD_error_memory_allocation.
      let number = 0 &- code
      if number == 16 || number == 64 { throw outOfMemory(limits) }
      throw broken(String(cString: ZSTD_getErrorName(code)))
    }
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(source.pos))
    return (target.pos, code == 0)
  }
}
