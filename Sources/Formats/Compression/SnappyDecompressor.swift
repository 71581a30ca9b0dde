import CCompression

/// Snappy's framing format: chunks of up to 64 kB, each with a checksum. Concatenated files are one stream.
///
/// Format: https://github.com/google/snappy/blob/main/framing_format.txt.
final class SnappyFrameDecompressor: Decompressor {
  private var chunks = Pieces()
  let name = "snappy"

  var mayEnd: Bool { chunks.isIdle }

  func begin() {}

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    if !chunks.hasOutput, let header = chunks.gather(4, from: &input) {
      let length = Int(header[1]) | Int(header[2]) << 8 | Int(header[3]) << 16
      try read(kind: header[0], length: length, from: &input)
    }
    return (chunks.drain(into: output), false)
  }

  private func read(kind: UInt8, length: Int, from input: inout UnsafeRawBufferPointer) throws(FormatError) {
    switch kind {
    case 0x00, 0x01:
      // The worst case of 65,536 bytes, compressed, and the checksum.
      guard (4...76_494).contains(length) else { throw broken("a chunk says that it has \(length) bytes") }
      guard let chunk = chunks.gather(4 + length, from: &input) else { return }
      try unpack(chunk[8...], isCompressed: kind == 0, checksum: chunk[4..<8])
    case 0xFF:
      guard length == 6 else { throw broken("it does not begin with sNaPpY") }
      guard let chunk = chunks.gather(10, from: &input) else { return }
      guard chunk[4...].elementsEqual("sNaPpY".utf8) else { throw broken("it does not begin with sNaPpY") }
      chunks.give([])
    case 0x80...0xFE:
      guard chunks.gather(4 + length, from: &input) != nil else { return }
      chunks.give([])
    default:
      throw FormatError(.unsupported, "the snappy data has a chunk of an unknown kind, \(kind)")
    }
  }

  private func unpack(_ data: ArraySlice<UInt8>, isCompressed: Bool, checksum: ArraySlice<UInt8>) throws(FormatError) {
    let bytes = isCompressed ? try BlockCodec.snappy.decompress(Array(data), limit: 1 << 16) : Array(data)
    let sum = CRC32C.checksum(bytes)
    let masked = (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    guard checksum.reversed().reduce(UInt32(0), { $0 << 8 | UInt32($1) }) == masked else {
      throw broken("a checksum is wrong")
    }
    chunks.give(bytes)
  }
}

/// Snappy in Hadoop's blocks: the block's unpacked length, then pieces of it, each after its packed length.
final class HadoopSnappyDecompressor: Decompressor {
  private var pieces = Pieces()
  /// Bytes of the block that are still to come.
  private var left = 0
  let name = "snappy"

  var mayEnd: Bool { pieces.isIdle && left == 0 }

  func begin() {}

  func step(_ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(FormatError)
    -> (written: Int, isEnd: Bool)
  {
    if !pieces.hasOutput, let header = pieces.gather(4, from: &input) {
      let length = header[..<4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= 64 << 20 else {
        throw broken("a block says that it has \(length) bytes; is it snappy in Hadoop's blocks?")
      }
      if left == 0 {
        left = length
        pieces.give([])
      } else if let piece = pieces.gather(4 + length, from: &input) {
        let bytes = try BlockCodec.snappy.decompress(Array(piece[4...]), limit: left)
        guard !bytes.isEmpty else { throw broken("a piece of a block is empty") }
        left -= bytes.count
        pieces.give(bytes)
      }
    }
    return (pieces.drain(into: output), false)
  }
}

/// Input gathered until a whole piece is there, and output handed out as there is room.
private struct Pieces {
  private var gathered: [UInt8] = []
  private var output: [UInt8] = []
  private var taken = 0

  var hasOutput: Bool { taken < output.count }
  var isIdle: Bool { gathered.isEmpty && !hasOutput }

  /// The first `count` bytes of the piece, nil until so many have come.
  mutating func gather(_ count: Int, from input: inout UnsafeRawBufferPointer) -> [UInt8]? {
    let missing = max(0, count - gathered.count)
    gathered += input.prefix(missing)
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(missing))
    return gathered.count >= count ? gathered : nil
  }

  /// Ends the piece; what it held is to be handed out.
  mutating func give(_ bytes: [UInt8]) {
    gathered.removeAll(keepingCapacity: true)
    (output, taken) = (bytes, 0)
  }

  mutating func drain(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, output.count - taken)
    target.copyBytes(from: output[taken..<taken + count])
    taken += count
    return count
  }
}
