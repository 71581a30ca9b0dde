import CCompression

/// xz, any number of streams in a row; its checksums are compared by liblzma.
final class XZDecompressor: Decompressor {
  private let limits: CompressionLimits
  private let stream: UnsafeMutablePointer<lzma_stream>
  let name = "xz"

  init(_ limits: CompressionLimits) {
    self.limits = limits
    stream = .allocate(capacity: 1)
    stream.initialize(to: lzma_stream())
  }

  deinit {
    lzma_end(stream)
    stream.deallocate()
  }

  func begin() throws(FormatError) {
    if lzma_stream_decoder(stream, UInt64(max(limits.memory, 0)), 0) != LZMA_OK { throw outOfMemory(limits) }
  }

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_in = input.count
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = output.count
    let code = lzma_code(stream, LZMA_RUN)
    input = UnsafeRawBufferPointer(rebasing: input.suffix(stream.pointee.avail_in))
    let written = output.count - stream.pointee.avail_out
    switch code {
    case LZMA_STREAM_END: return (written, true)
    case LZMA_OK, LZMA_BUF_ERROR: return (written, false)
    case LZMA_MEM_ERROR, LZMA_MEMLIMIT_ERROR: throw outOfMemory(limits)
    case LZMA_FORMAT_ERROR: throw broken("the mark at its beginning is missing")
    case LZMA_OPTIONS_ERROR: throw FormatError(.unsupported, "the xz data uses options that liblzma does not know")
    default: throw broken("a checksum or a code is wrong (liblzma's error \(code.rawValue))")
    }
  }
}
