import CCompression

/// bzip2, any number of streams in a row, as parallel compressors write them.
final class Bzip2Decompressor: Decompressor {
  // On the heap: the library's state points back at it.
  private let stream: UnsafeMutablePointer<bz_stream>
  private var isReady = false
  let name = "bzip2"

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: bz_stream())
  }

  deinit {
    if isReady { BZ2_bzDecompressEnd(stream) }
    stream.deallocate()
  }

  func begin() throws(FormatError) {
    if isReady { BZ2_bzDecompressEnd(stream) }
    stream.pointee = bz_stream()
    isReady = BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK
    if !isReady { throw FormatError(.tooLarge, "there is no memory to unpack bzip2 data in") }
  }

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    let given = UInt32(clamping: input.count)
    let room = UInt32(clamping: output.count)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress)
    stream.pointee.avail_in = given
    stream.pointee.next_out = output.bindMemory(to: CChar.self).baseAddress
    stream.pointee.avail_out = room
    let code = BZ2_bzDecompress(stream)
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(Int(given - stream.pointee.avail_in)))
    let written = Int(room - stream.pointee.avail_out)
    switch code {
    case BZ_STREAM_END: return (written, true)
    case BZ_OK: return (written, false)
    case BZ_DATA_ERROR: throw broken("a checksum or a code is wrong")
    case BZ_DATA_ERROR_MAGIC: throw broken("the mark at its beginning is missing")
    default: throw broken("libbz2's error \(code)")
    }
  }
}
