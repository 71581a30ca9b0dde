/// The bytes of a compressed file, unpacked as they are asked for. Holds about 512 kB and what the format needs.
public actor DecompressedStream: ByteStream {
  private let source: any ByteStream
  private let limits: CompressionLimits
  private let members: Members
  private var input: [UInt8] = []
  private var used = 0
  private var isAtEnd = false
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  /// - Returns: `source` itself for `.none`.
  public static func open(
    _ source: any ByteStream, _ compression: Compression, limits: CompressionLimits = CompressionLimits()
  ) -> any ByteStream {
    guard let decompressor = compression.decompressor(limits) else { return source }
    return DecompressedStream(source, Members(decompressor), limits)
  }

  private init(_ source: any ByteStream, _ members: sending Members, _ limits: CompressionLimits) {
    self.source = source
    self.members = members
    self.limits = limits
  }

  /// - Throws: `FormatError` when the data is broken, cut off or larger than the limits allow; what the source throws.
  public func next() async throws -> [UInt8]? {
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      filled += try unpack(into: filled)
      try limits.check(read: members.read, written: members.written)
      if filled < buffer.count { try await refill() }
    }
    return filled > 0 ? Array(buffer[..<filled]) : nil
  }

  private func unpack(into start: Int) throws(FormatError) -> Int {
    try input.reading { (bytes) throws(FormatError) in
      var rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
      defer { used = bytes.count - rest.count }
      return try buffer.writing { (room) throws(FormatError) in
        try members.decompress(&rest, into: UnsafeMutableRawBufferPointer(rebasing: room[start...]))
      }
    }
  }

  private func refill() async throws {
    if let more = try await source.next() {
      (input, used) = (more, 0)
    } else if members.mayEnd {
      isAtEnd = true
    } else {
      throw FormatError(
        .truncated, "the \(members.name) data is cut off after \(members.read) bytes",
        hint: "Was the file still being written? It must be uploaded again if not.")
    }
  }
}
