import Formats
import Testing

/// What the files of `Data/compression` hold.
let compressedText: [UInt8] = (0..<6000).flatMap { number in
  let cents = number % 100 < 10 ? "0\(number % 100)" : "\(number % 100)"
  return Array("\(number),name \(number % 7),\(number * 37 % 1000).\(cents)\n".utf8)
}

@Suite struct DecompressedStreamTests {
  static let files: [(String, Compression)] = [
    ("text.gz", .gzip), ("two-members.gz", .gzip), ("text.zlib", .zlib), ("text.zst", .zstd), ("text.lz4", .lz4),
    ("text.sz", .snappy), ("text.snappy", .hadoopSnappy), ("text.br", .brotli), ("text.bz2", .bzip2), ("text.xz", .xz),
  ]

  private func unpack(_ bytes: [UInt8], _ compression: Compression, sizes: [Int] = [1 << 16]) async throws -> [UInt8] {
    try await DecompressedStream.open(Pieces(bytes, sizes: sizes), compression).collect()
  }

  @Test(arguments: files) func `a file comes out as it was, wherever its pieces are cut`(file: String, kind: Compression)
    async throws
  {
    let bytes = try fixture("compression/\(file)")
    #expect(Compression.detect(head: Array(bytes.prefix(Compression.headLength)), name: file) == kind)
    for sizes in [[1 << 20], [1], [7, 1, 4096, 3]] {
      #expect(try await unpack(bytes, kind, sizes: sizes) == compressedText)
    }
  }

  @Test(arguments: files) func `a file that is cut off is told from a whole one`(file: String, kind: Compression)
    async throws
  {
    let bytes = try fixture("compression/\(file)")
    for cut in [1, 5, bytes.count / 3, bytes.count - 1] {
      let error = await #expect(throws: FormatError.self) { try await unpack(Array(bytes[..<cut]), kind) }
      #expect(error?.kind == .truncated, "\(cut): \(error?.message ?? "")")
    }
  }

  @Test(arguments: files) func `bytes behind the end are an error, zeros are padding`(file: String, kind: Compression)
    async throws
  {
    let bytes = try fixture("compression/\(file)")
    await #expect(throws: FormatError.self) { try await unpack(bytes + Array("rubbish that is no data".utf8), kind) }
    // These two have no end of their own: zeros would be the beginning of more.
    guard kind != .snappy, kind != .hadoopSnappy else { return }
    #expect(try await unpack(bytes + [UInt8](repeating: 0, count: 1000), kind) == compressedText)
  }

  @Test(arguments: files) func `a changed byte is never silently another text`(file: String, kind: Compression)
    async throws
  {
    let bytes = try fixture("compression/\(file)")
    var random = SeededGenerator(7)
    for _ in 0..<40 {
      var broken = bytes
      broken[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8(1) << UInt8.random(in: 0...7, using: &random)
      do {
        let text = try await unpack(broken, kind)
        // Brotli, and snappy without frames, have no checksum; headers hold bits that do not matter.
        if kind != .brotli, kind != .hadoopSnappy { #expect(text == compressedText) }
      } catch is FormatError {}
    }
  }

  @Test func `several files in a row are one text`() async throws {
    for (file, kind) in Self.files where kind != .brotli && kind != .zlib {
      let bytes = try fixture("compression/\(file)")
      #expect(try await unpack(bytes + bytes, kind, sizes: [1001]) == compressedText + compressedText, "\(file)")
    }
  }

  @Test func `nothing comes out of nothing`() async throws {
    for kind in Compression.allCases { #expect(try await unpack([], kind) == []) }
  }

  @Test func `a stream that is not compressed is handed through`() async throws {
    #expect(try await unpack(compressedText, .none) == compressedText)
  }
}
