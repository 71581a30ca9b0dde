/// Lengths that are written as deltas: they are seen through once, to know where they end and how great they get.
struct LengthDecoder {
  private var decoder: DeltaDecoder
  /// Where the bytes after the lengths begin.
  let end: Int
  let greatest: Int

  init(_ bytes: UnsafeRawBufferPointer, atMost count: Int) throws(FormatError) {
    decoder = try DeltaDecoder(bytes)
    guard decoder.remaining <= count else { throw FormatError(.corrupt, "it has more lengths than values") }
    var scout = decoder
    var most: Int64 = 0
    try withScratch(Int64.self, 128) { (scratch) throws(FormatError) in
      while scout.remaining > 0 {
        let run = min(128, scout.remaining)
        try scout.decode(run, into: scratch)
        for index in 0..<run {
          guard scratch[index] >= 0, scratch[index] <= Int64(ParquetLimits.page) else {
            throw FormatError(.corrupt, "it has a value of \(scratch[index]) bytes")
          }
          most = max(most, scratch[index])
        }
      }
    }
    end = scout.end
    greatest = Int(most)
  }

  var count: Int { decoder.remaining }

  mutating func decode(_ count: Int, into output: UnsafeMutablePointer<Int64>) throws(FormatError) {
    try decoder.decode(count, into: output)
  }
}

/// Memory for the call's time only.
func withScratch<Element, Result>(
  _ type: Element.Type, _ count: Int, _ body: (UnsafeMutablePointer<Element>) throws(FormatError) -> Result
) throws(FormatError) -> Result {
  let scratch = UnsafeMutablePointer<Element>.allocate(capacity: count)
  defer { scratch.deallocate() }
  return try body(scratch)
}
