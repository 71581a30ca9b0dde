import Formats
import Rows
import Testing

/// Files with some bytes changed: they may be refused or read, and nothing else may happen.
@Suite struct ParquetFuzzTests {
  @Test(arguments: [
    "plain_none_v1", "plain_none_v2", "dict_none_v1", "dict_snappy_v1", "delta_v1", "nested_plain_v2", "byte_stream_split",
    "decimal_flba_nodict", "temporal_plain", "booleans_rle", "all_null", "dict_lz4_v2",
  ])
  func `changed bytes end in rows, in rejected rows or in an error of the format`(name: String) async throws {
    let original = try ParquetTestFiles.bytes(name)
    var random = SeededRandom(state: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    let end = ContinuousClock.now + .milliseconds(400)
    var (ended, refused) = (0, 0)
    while ContinuousClock.now < end {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        // Half of the changes hit the footer, which is small and decides the most.
        let inFooter = Bool.random(using: &random)
        let at = Int.random(in: inFooter ? max(0, bytes.count - 1500)..<bytes.count : 4..<bytes.count, using: &random)
        bytes[at] = [0, 0xFF, 0x7F, 0x80, bytes[at] ^ 1, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)!
      }
      do {
        try await readSome(MemoryRanges(bytes))
        ended += 1
      } catch is FormatError { refused += 1 }
    }
    #expect(ended + refused > 0, "no file was tried")
  }

  /// A changed count may promise billions of NULLs, which are cheap to write down: a few megabytes of them will do.
  private func readSome(_ ranges: MemoryRanges) async throws {
    let file = try await ParquetFile.open(ranges)
    let rows = try file.rows(file.columns.map { WantedColumn(.field($0.name), type: $0.type) })
    var size = 0
    while size < 4 << 20, let batch = try await rows.next() { size += batch.batch.bytes.count + batch.rejects.count * 100 }
  }
}

/// SplitMix64: the same numbers in every run.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
