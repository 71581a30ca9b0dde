import Formats
import Rows
import Testing

@Suite struct AvroFuzzTests {
  /// A damaged file gives rows or an error, and nothing worse.
  @Test func `a damaged file is read or refused`() async throws {
    var random = LakeRandom(seed: 11)
    let files = try ["null", "deflate", "snappy", "zstandard", "bzip2", "xz"].map {
      try LakeData.bytes("avro/all_\($0).avro")
    }
    let end = ContinuousClock.now + .seconds(4)
    var refused = 0
    while ContinuousClock.now < end {
      // The plain file has most to find; what the others unpack is mostly checked by their codecs.
      let bytes = random.damaged(files[random.below(12) < 7 ? 0 : random.below(files.count)])
      do {
        let file = try await AvroFile.open(PieceStream(bytes, size: 4_096))
        let rows = try file.rows(file.columns.reversed().map { WantedColumn(.field($0.name), type: $0.type) })
        var count = 0
        while let next = try await rows.next() { count += next.batch.rows + next.rejects.count }
        #expect(count <= 1_000_000)
      } catch is FormatError {
        refused += 1
      }
    }
    #expect(refused > 0)
  }
}
