/// Decodes DELTA_BINARY_PACKED: blocks of differences, each in as few bits as its part of the block needs.
struct DeltaDecoder {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0
  /// Values that come yet.
  private(set) var remaining: Int
  private let valuesPerPart: Int
  private let partsPerBlock: Int
  private var last: Int64
  private var isFirst = true
  private var least: Int64 = 0
  /// Where the block's bit widths stand, and which part is next.
  private var widths = 0
  private var part: Int
  /// Of the current part: its bits, its values that come yet, and where the next one begins, in bits.
  private var width = 0
  private var inPart = 0
  private var bit = 0

  init(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
    self.bytes = bytes
    let blockSize = try Self.varint(bytes, &at)
    let parts = try Self.varint(bytes, &at)
    let count = try Self.varint(bytes, &at)
    last = Self.signed(try Self.varint(bytes, &at))
    guard blockSize > 0, blockSize <= 1 << 20, parts > 0, parts <= blockSize, blockSize % parts == 0,
      blockSize / parts % 8 == 0, count <= UInt64(Int32.max)
    else { throw FormatError(.corrupt, "its deltas come in blocks of \(blockSize) values in \(parts) parts") }
    valuesPerPart = Int(blockSize / parts)
    partsPerBlock = Int(parts)
    part = partsPerBlock
    remaining = Int(count)
  }

  /// Writes the next `count` values, wrapped around at 64 bits as the format demands.
  mutating func decode(_ count: Int, into output: UnsafeMutablePointer<Int64>) throws(FormatError) {
    guard count <= remaining else { throw FormatError(.truncated, "it has fewer deltas than values") }
    var done = 0
    if isFirst, count > 0 {
      output[0] = last
      isFirst = false
      done = 1
    }
    while done < count {
      if inPart == 0 { try nextPart() }
      let run = min(inPart, count - done)
      unpack(run, output + done)
      inPart -= run
      done += run
    }
    remaining -= count
  }

  /// Where the bytes after the last value are, once all are decoded: its part is filled up.
  var end: Int { min(at, bytes.count) }

  private mutating func nextPart() throws(FormatError) {
    if part == partsPerBlock {
      least = Self.signed(try Self.varint(bytes, &at))
      guard bytes.count - at >= partsPerBlock else { throw FormatError(.truncated, "its deltas end too early") }
      widths = at
      at += partsPerBlock
      part = 0
    }
    width = Int(bytes[widths + part])
    part += 1
    guard width <= 64 else { throw FormatError(.corrupt, "it has deltas of \(width) bits") }
    bit = at * 8
    inPart = valuesPerPart
    let size = valuesPerPart / 8 * width
    // The last part may lack what only fills it up.
    if size > bytes.count - at, width > 0 {
      inPart = (bytes.count - at) * 8 / width
      guard inPart > 0 else { throw FormatError(.truncated, "its deltas end too early") }
    }
    at += min(size, bytes.count - at)
  }

  private mutating func unpack(_ count: Int, _ output: UnsafeMutablePointer<Int64>) {
    var value = last
    if width == 0 {
      for index in 0..<count {
        value &+= least
        output[index] = value
      }
    } else {
      let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
      let safe = (bytes.count - 8) * 8
      for index in 0..<count {
        var word: UInt64
        if bit <= safe, width <= 56, let base = bytes.baseAddress {
          word = UInt64(littleEndian: (base + bit >> 3).loadUnaligned(as: UInt64.self)) >> UInt64(bit & 7)
        } else {
          word = loadBits(bytes, bit)
          // Up to 64 bits that begin within a byte reach into a ninth one.
          let (shift, ninth) = (UInt64(64 - bit & 7), bit >> 3 + 8)
          if bit & 7 != 0, ninth < bytes.count { word |= UInt64(bytes[ninth]) << shift }
        }
        value = value &+ least &+ Int64(bitPattern: word & mask)
        output[index] = value
        bit += width
      }
    }
    last = value
  }

  private static func signed(_ raw: UInt64) -> Int64 { Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1) }

  private static func varint(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) throws(FormatError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard at < bytes.count else { throw FormatError(.truncated, "its deltas end too early") }
      let byte = bytes[at]
      at += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw FormatError(.corrupt, "it has a number of more than 64 bits")
  }
}
