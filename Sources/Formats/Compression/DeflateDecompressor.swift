import CCompression

/// Deflate in its three wrappings: RFC 1951 alone, RFC 1950 (zlib) and RFC 1952 (gzip). Checksums are compared by zlib.
final class DeflateDecompressor: Decompressor {
  enum Wrapping: String {
    case deflate, zlib, gzip

    /// What `inflateInit2` takes as its number of window bits.
    var windowBits: Int32 {
      switch self {
      case .deflate: -15
      case .zlib: 15
      case .gzip: 15 + 16
      }
    }
  }

  private let wrapping: Wrapping
  // On the heap: zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var isReady = false

  init(_ wrapping: Wrapping) {
    self.wrapping = wrapping
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  var name: String { wrapping.rawValue }
  var takesMembers: Bool { wrapping == .gzip }

  func begin() throws(FormatError) {
    let size = Int32(MemoryLayout<z_stream>.size)
    let code = isReady ? inflateReset(stream) : inflateInit2_(stream, wrapping.windowBits, ZLIB_VERSION, size)
    guard code == Z_OK else { throw FormatError(.tooLarge, "there is no memory to unpack \(name) data in") }
    isReady = true
  }

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    let given = UInt32(clamping: input.count)
    let room = UInt32(clamping: output.count)
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = given
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = room
    let code = inflate(stream, Z_NO_FLUSH)
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(Int(given - stream.pointee.avail_in)))
    let written = Int(room - stream.pointee.avail_out)
    switch code {
    case Z_STREAM_END: return (written, true)
    // No progress was possible: more input or room is needed.
    case Z_OK, Z_BUF_ERROR: return (written, false)
    case Z_NEED_DICT: throw broken("it needs a dictionary")
    case Z_MEM_ERROR: throw FormatError(.tooLarge, "there is no memory to unpack \(name) data in")
    default: throw broken(stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(code)")
    }
  }
}
