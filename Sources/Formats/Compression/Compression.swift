/// How a whole file is compressed.
public enum Compression: String, Sendable, CaseIterable {
  case none, gzip, zlib, zstd, lz4, snappy, brotli, bzip2, xz
  /// Snappy in the blocks that Hadoop and Spark write, which have no mark to know them by.
  case hadoopSnappy = "hadoop-snappy"

  /// How many bytes of a file `detect` wants to see; fewer where the file is shorter.
  public static let headLength = 64

  /// Tells a file's compression by its first bytes and, where they have no mark, by its name.
  ///
  /// The bytes decide: a plain file called `.gz`, as some stores hand out after unpacking it on the way, is plain, and so
  /// is a Parquet file called `.parquet.zst`, which is compressed inside.
  public static func detect(head: [UInt8], name: String) -> Compression {
    if let marked = marks.first(where: { head.starts(with: $0.mark) }) { return marked.compression }
    if isBzip2(head) { return .bzip2 }
    if isSkippableZstd(head) { return .zstd }
    switch named(name) {
    case .brotli where !isPlain(head): return .brotli
    case .snappy where !isPlain(head): return .hadoopSnappy
    case .zlib where isZlib(head): return .zlib
    default: return isZlib(head) && !isPlain(head) ? .zlib : .none
    }
  }

  /// The compression that a file's name promises by its ending; `.none` where it promises none.
  public static func named(_ name: String) -> Compression {
    guard let dot = name.lastIndex(of: ".") else { return .none }
    return endings[name[name.index(after: dot)...].lowercased()] ?? .none
  }

  /// The name without the ending that tells the compression: `orders.csv.gz` becomes `orders.csv`.
  public static func stripped(_ name: String) -> String {
    guard named(name) != .none, let dot = name.lastIndex(of: ".") else { return name }
    return String(name[..<dot])
  }

  private static let endings: [String: Compression] = [
    "gz": .gzip, "gzip": .gzip, "zz": .zlib, "zlib": .zlib, "deflate": .zlib, "zst": .zstd, "zstd": .zstd, "lz4": .lz4,
    "snappy": .snappy, "sz": .snappy, "br": .brotli, "bz2": .bzip2, "bzip2": .bzip2, "xz": .xz,
  ]

  private static let marks: [(mark: [UInt8], compression: Compression)] = [
    ([0x1F, 0x8B], .gzip),
    ([0x28, 0xB5, 0x2F, 0xFD], .zstd),
    ([0x04, 0x22, 0x4D, 0x18], .lz4),
    ([0xFF, 0x06, 0x00, 0x00] + Array("sNaPpY".utf8), .snappy),
    ([0xFD] + Array("7zXZ".utf8) + [0x00], .xz),
  ]

  private static func isBzip2(_ head: [UInt8]) -> Bool {
    guard head.count >= 10, head.starts(with: Array("BZh".utf8)), (0x31...0x39).contains(head[3]) else { return false }
    return head[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
      || head[4..<10].elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
  }

  /// A frame without data, which may stand before the first one (also before one of LZ4, which nobody seems to write).
  private static func isSkippableZstd(_ head: [UInt8]) -> Bool {
    head.count >= 4 && head[0] & 0xF0 == 0x50 && head[1...3].elementsEqual([0x2A, 0x4D, 0x18])
  }

  /// RFC 1950: deflate with a window of 32 kB, and a check that makes the two bytes a multiple of 31.
  private static func isZlib(_ head: [UInt8]) -> Bool {
    head.count >= 2 && head[0] == 0x78 && (Int(head[0]) << 8 | Int(head[1])) % 31 == 0 && head[1] & 0x20 == 0
  }

  /// Text, or a file format that is not compressed as a whole.
  private static func isPlain(_ head: [UInt8]) -> Bool {
    if head.isEmpty || head.starts(with: Array("PAR1".utf8)) || head.starts(with: Array("Obj\u{1}".utf8)) { return true }
    return head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) } && isUTF8(head)
  }

  /// Whether the bytes are UTF-8, but for a character that is cut at their end.
  private static func isUTF8(_ head: [UInt8]) -> Bool {
    (0...min(3, head.count)).contains { String(validating: head.dropLast($0), as: UTF8.self) != nil }
  }
}
