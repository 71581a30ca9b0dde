/// The levels of one kind in one page.
enum LevelDecoder {
  case hybrid(HybridDecoder)
  /// The deprecated encoding: packed from the highest bit on, without runs.
  case packed(UnsafeRawBufferPointer, width: Int, bit: Int)
  /// Where the schema leaves no choice.
  case zero

  mutating func decode(_ count: Int, into output: UnsafeMutablePointer<UInt32>) throws(FormatError) {
    switch self {
    case .zero: output.update(repeating: 0, count: count)
    case .hybrid(var decoder):
      try decoder.decode(count, into: output)
      self = .hybrid(decoder)
    case .packed(let bytes, let width, var bit):
      guard bit + count * width <= bytes.count * 8 else { throw FormatError(.truncated, "its levels end too early") }
      for index in 0..<count {
        var value: UInt32 = 0
        for _ in 0..<width {
          value = value << 1 | UInt32(bytes[bit >> 3] >> UInt8(7 - bit & 7) & 1)
          bit += 1
        }
        output[index] = value
      }
      self = .packed(bytes, width: width, bit: bit)
    }
  }

  /// How many bits levels up to `greatest` have.
  static func width(_ greatest: Int) -> Int { Int.bitWidth - greatest.leadingZeroBitCount }
}
