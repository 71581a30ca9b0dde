/// What a compressed file may cost. A small file can hold terabytes of zeros: a bomb, or a mistake.
public struct CompressionLimits: Sendable, Hashable {
  /// The most bytes that a file may hold unpacked. The setting `max_unpacked_size`.
  public var size: Int64
  /// How many times its own size a file may hold, judged once it has given 256 MB. The setting `max_unpacked_ratio`.
  public var ratio: Int64
  /// The most memory that a file may ask for to be unpacked in, in bytes. The setting `max_unpack_memory`.
  public var memory: Int64

  /// - Parameters:
  ///   - size: by default a terabyte.
  ///   - ratio: by default 500. Text seldom goes beyond 50; gzip cannot go beyond 1,032.
  ///   - memory: by default 128 MB, which `zstd --long` and `xz -9` stay within.
  public init(size: Int64 = 1 << 40, ratio: Int64 = 500, memory: Int64 = 128 << 20) {
    self.size = size
    self.ratio = ratio
    self.memory = memory
  }

  /// The size from which the ratio counts.
  static let ratioFloor: Int64 = 256 << 20

  /// Throws `FormatError.Kind.tooLarge` when so much must not come out of so little.
  func check(read: Int64, written: Int64) throws(FormatError) {
    if written > size {
      throw FormatError(
        .tooLarge, "the file holds more than \(size) bytes when it is unpacked",
        hint: "If it is meant to be so large, raise max_unpacked_size.")
    }
    if written > Self.ratioFloor, written / max(read, 1) > ratio {
      throw FormatError(
        .tooLarge, "the file grows to more than \(ratio) times its size when it is unpacked, as a bomb does",
        hint: "If it is meant to do so, raise max_unpacked_ratio.")
    }
  }
}
