/// Turns compressed bytes into bytes, a piece at a time, member by member.
///
/// Made in one task and used in one at a time.
protocol Decompressor: AnyObject {
  /// For messages: `gzip`.
  var name: String { get }

  /// Begins a member: what a compressor writes for one input. Some formats allow several in a row.
  func begin() throws(FormatError)

  /// Reads from the front of `input` and writes from the start of `output`, as far as both last.
  ///
  /// - Returns: how many bytes were written, and whether the member has ended.
  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)

  /// Whether another member may follow.
  var takesMembers: Bool { get }

  /// Whether the input may end where it is, within a member: for formats whose members have no end of their own.
  var mayEnd: Bool { get }
}

extension Decompressor {
  var takesMembers: Bool { true }
  var mayEnd: Bool { false }

  func broken(_ why: String) -> FormatError { FormatError(.corrupt, "the \(name) data is broken: \(why)") }

  func outOfMemory(_ limits: CompressionLimits) -> FormatError {
    FormatError(
      .tooLarge, "the \(name) data asks for more than \(limits.memory) bytes of memory to be unpacked in",
      hint: "Raise max_unpack_memory if this machine can spare it, or compress the file with a smaller window.")
  }
}

/// All members of one compressed input, as one run of bytes.
final class Members {
  private let decompressor: any Decompressor
  private var isInside = false
  private var hasMember = false
  /// Bytes taken from the input.
  private(set) var read: Int64 = 0
  /// Bytes given out.
  private(set) var written: Int64 = 0

  init(_ decompressor: any Decompressor) { self.decompressor = decompressor }

  /// Whether the input may end after what was read.
  var mayEnd: Bool { !isInside || decompressor.mayEnd }

  var name: String { decompressor.name }

  /// Writes from the start of `output` until it is full or all of `input` is used.
  ///
  /// - Returns: how many bytes were written; fewer than there is room for only when `input` is used up.
  func decompress(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> Int
  {
    let available = input.count
    defer { read += Int64(available - input.count) }
    var filled = 0
    while filled < output.count {
      if !isInside, !(try begin(&input, available)) { break }
      let before = input.count
      let room = UnsafeMutableRawBufferPointer(rebasing: output[filled...])
      let (count, isEnd) = try decompressor.step(&input, into: room)
      filled += count
      if isEnd { isInside = false }
      if count == 0, !isEnd, before == input.count {
        guard input.isEmpty else { throw decompressor.broken("it does not go on") }
        break
      }
    }
    written += Int64(filled)
    return filled
  }

  /// Zeros between and after members are padding, as tapes and some uploaders leave it.
  private func begin(_ input: inout UnsafeRawBufferPointer, _ available: Int) throws(FormatError) -> Bool {
    if hasMember {
      input = UnsafeRawBufferPointer(rebasing: input.drop { $0 == 0 })
    }
    if input.isEmpty { return false }
    guard !hasMember || decompressor.takesMembers else {
      let place = read + Int64(available - input.count)
      throw decompressor.broken("it has ended, but more bytes follow at byte \(place) of the compressed file")
    }
    try decompressor.begin()
    (isInside, hasMember) = (true, true)
    return true
  }
}

extension Compression {
  /// - Returns: nil for `.none`.
  func decompressor(_ limits: CompressionLimits) -> (any Decompressor)? {
    switch self {
    case .none: nil
    case .gzip: DeflateDecompressor(.gzip)
    case .zlib: DeflateDecompressor(.zlib)
    case .zstd: ZstdDecompressor(limits)
    case .lz4: LZ4FrameDecompressor()
    case .snappy: SnappyFrameDecompressor()
    case .hadoopSnappy: HadoopSnappyDecompressor()
    case .brotli: BrotliDecompressor()
    case .bzip2: Bzip2Decompressor()
    case .xz: XZDecompressor(limits)
    }
  }
}
