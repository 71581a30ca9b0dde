/// A file's bytes from its beginning on, a megabyte at a time.
actor RangesStream: ByteStream {
  private let ranges: any ByteRanges
  private var offset: Int64 = 0

  init(_ ranges: any ByteRanges) { self.ranges = ranges }

  func next() async throws -> [UInt8]? {
    guard offset < ranges.size else { return nil }
    let end = min(offset + (1 << 20), ranges.size)
    let bytes = try await ranges.read(offset..<end)
    offset = end
    return bytes
  }
}
