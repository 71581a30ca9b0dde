/// Decodes runs and bit-packed groups: levels, dictionary indices, booleans ("RLE" in `Encodings.md`).
struct HybridDecoder {
  private let bytes: UnsafeRawBufferPointer
  private let width: Int
  private var at = 0
  /// Of the current run: how often its value comes yet.
  private var repeats = 0
  private var value: UInt32 = 0
  /// Of the current group: values that come yet, and where the next one begins, in bits.
  private var packed = 0
  private var bit = 0

  /// - Parameter width: bits of each value, 0 to 32. Zero bits need no bytes: all values are 0.
  init(_ bytes: UnsafeRawBufferPointer, width: Int) throws(FormatError) {
    guard (0...32).contains(width) else { throw FormatError(.corrupt, "it has values of \(width) bits") }
    self.bytes = bytes
    self.width = width
    if width == 0 { repeats = .max }
  }

  /// Writes the next `count` values.
  mutating func decode(_ count: Int, into output: UnsafeMutablePointer<UInt32>) throws(FormatError) {
    var done = 0
    while done < count {
      if repeats > 0 {
        let run = min(repeats, count - done)
        (output + done).update(repeating: value, count: run)
        repeats -= run
        done += run
      } else if packed > 0 {
        let run = min(packed, count - done)
        unpackBits(bytes, at: bit, width: width, count: run, into: output + done)
        bit += run * width
        packed -= run
        done += run
      } else {
        try nextRun()
      }
    }
  }

  private mutating func nextRun() throws(FormatError) {
    let header = try readVarint()
    let count = Int(header >> 1)
    if header & 1 == 0 {
      let size = (width + 7) / 8
      guard bytes.count - at >= size else { throw FormatError(.truncated, "its runs end too early") }
      value = 0
      for index in 0..<size { value |= UInt32(bytes[at + index]) << UInt32(8 * index) }
      at += size
      repeats = count
      return
    }
    // Some writers leave out the bytes that only fill up the last group.
    let size = min(count * width, bytes.count - at)
    packed = min(count * 8, size * 8 / width)
    guard packed > 0 || count == 0 else { throw FormatError(.truncated, "its runs end too early") }
    bit = at * 8
    at += size
  }

  private mutating func readVarint() throws(FormatError) -> UInt32 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 35, by: 7) {
      guard at < bytes.count else { throw FormatError(.truncated, "its runs end too early") }
      let byte = bytes[at]
      at += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        guard value <= UInt64(UInt32.max) else { break }
        return UInt32(value)
      }
    }
    throw FormatError(.corrupt, "it has a run that is too long")
  }
}

/// Writes `count` numbers of `width` bits, the lowest bit first. All of them must lie in `bytes`.
func unpackBits(
  _ bytes: UnsafeRawBufferPointer, at start: Int, width: Int, count: Int, into output: UnsafeMutablePointer<UInt32>
) {
  precondition(start >= 0 && count >= 0 && width <= 32 && start + count * width <= bytes.count * 8)
  guard let base = bytes.baseAddress, count > 0 else { return }
  let mask = width == 32 ? UInt64(UInt32.max) : (1 << UInt64(width)) - 1
  var (bit, index) = (start, 0)
  // Eight bytes are read for each value; the last ones need not have so many after them.
  let safe = (bytes.count - 8) * 8
  while index < count, bit <= safe {
    let word = UInt64(littleEndian: (base + bit >> 3).loadUnaligned(as: UInt64.self))
    output[index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
    bit += width
    index += 1
  }
  while index < count {
    output[index] = UInt32(truncatingIfNeeded: loadBits(bytes, bit) & mask)
    bit += width
    index += 1
  }
}

/// The 57 or more bits from `bit` on; zeros after the end.
func loadBits(_ bytes: UnsafeRawBufferPointer, _ bit: Int) -> UInt64 {
  let first = bit >> 3
  var word: UInt64 = 0
  for index in 0..<max(0, min(8, bytes.count - first)) { word |= UInt64(bytes[first + index]) << UInt64(8 * index) }
  return word >> UInt64(bit & 7)
}
