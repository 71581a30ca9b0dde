import CCompression
import Formats
import Testing

@Suite struct BombTests {
  /// A gzip member that holds `count` zeros.
  private func zeros(_ count: Int) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    var input = [UInt8](repeating: 0, count: count)
    var output = [UInt8](repeating: 0, count: count / 100 + 1000)
    let size = output.count
    input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(count))
        (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(size))
        #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
      }
    }
    defer { deflateEnd(&stream) }
    return Array(output.prefix(Int(stream.total_out)))
  }

  private func drain(_ stream: any ByteStream) async throws -> Int {
    var size = 0
    while let bytes = try await stream.next() { size += bytes.count }
    return size
  }

  @Test func `a file that grows a thousand times is refused, and the setting is named`() async throws {
    let bomb = Repeated(zeros(16 << 20), times: 64)
    let error = await #expect(throws: FormatError.self) {
      try await drain(DecompressedStream.open(bomb, .gzip))
    }
    #expect(error?.kind == .tooLarge)
    #expect(error?.hint?.contains("max_unpacked_ratio") == true)
  }

  @Test func `a file may grow a thousand times when it is allowed, or is small`() async throws {
    let member = zeros(16 << 20)
    let allowed = DecompressedStream.open(Repeated(member, times: 20), .gzip, limits: CompressionLimits(ratio: 2000))
    #expect(try await drain(allowed) == 320 << 20)
    #expect(try await drain(DecompressedStream.open(Pieces(member), .gzip)) == 16 << 20)
  }

  @Test func `a file beyond the size that is allowed is refused, and the setting is named`() async throws {
    let stream = DecompressedStream.open(Pieces(zeros(1 << 20)), .gzip, limits: CompressionLimits(size: 1000))
    let error = await #expect(throws: FormatError.self) { try await drain(stream) }
    #expect(error?.kind == .tooLarge)
    #expect(error?.hint?.contains("max_unpacked_size") == true)
  }

  @Test func `a window that asks for more memory than is allowed is refused`() async throws {
    for (file, kind) in [("text.zst", Compression.zstd), ("text.xz", .xz)] {
      let bytes = try fixture("compression/\(file)")
      let stream = DecompressedStream.open(Pieces(bytes), kind, limits: CompressionLimits(memory: 1024))
      let error = await #expect(throws: FormatError.self) { try await drain(stream) }
      #expect(error?.kind == .tooLarge, "\(file)")
      #expect(error?.hint?.contains("max_unpack_memory") == true)
    }
  }
}
