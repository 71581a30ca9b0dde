import Formats
import Glibc
import Rows
import Testing

/// Files of `Data` with bytes changed, cut and repeated: whatever comes of them, nothing crashes, hangs or grows.
///
/// Runs for some seconds, or as many as `HEDGEROW_FUZZ_SECONDS` says.
@Suite struct TextFuzzTests {
  private static let seconds = getenv("HEDGEROW_FUZZ_SECONDS").flatMap { Double(String(cString: $0)) } ?? 2

  private static let files = [
    "csv/quotes.csv", "csv/types.csv", "csv/backslash_escapes.csv", "csv/cr_only.csv", "csv/odd_headers.csv",
    "csv/utf16le_bom.csv", "csv/stitch_like.csv", "jsonl/plain.jsonl", "jsonl/json_array.json", "jsonl/type_drift.jsonl",
    "jsonl/unicode_escapes.jsonl", "jsonl/nested_deep.jsonl", "jsonl/big_numbers.jsonl", "jsonl/lone_surrogate.jsonl",
  ]

  private static let types = [
    "bigint", "numeric", "numeric(12,2)", "text", "boolean", "date", "timestamp with time zone", "time without time zone", "uuid",
    "jsonb", "double precision", "real", "bytea", "character varying(5)", "integer", "timestamp without time zone",
  ].map { ColumnType($0) }

  private func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    let marks = Array("\"\",\n\r\\{}[]:;\t0-+.eE \0u".utf8) + [0x80, 0xC3, 0xED, 0xFF, 0xFE, 0xEF, 0xBB, 0xBF]
    for _ in 0..<Int.random(in: 1...8, using: &random) where !result.isEmpty {
      let at = Int.random(in: 0..<result.count, using: &random)
      switch Int.random(in: 0...5, using: &random) {
      case 0: result[at] = UInt8.random(in: 0...255, using: &random)
      case 1: result[at] = marks.randomElement(using: &random)!
      case 2: result.insert(marks.randomElement(using: &random)!, at: at)
      case 3: result.remove(at: at)
      case 4: result.removeLast(result.count - at)
      default: result.insert(contentsOf: result[at..<min(result.count, at + 20)], at: at)
      }
    }
    return result
  }

  private func dialect(_ random: inout SeededGenerator) -> CSVDialect {
    CSVDialect(
      delimiter: [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].randomElement(using: &random)!,
      quote: [UInt8(ascii: "\""), UInt8(ascii: "'"), nil].randomElement(using: &random)!,
      escape: Bool.random(using: &random) ? .doubling : .backslash, hasHeader: Bool.random(using: &random),
      comment: Bool.random(using: &random) ? UInt8(ascii: "#") : nil, emptyIsNull: Bool.random(using: &random),
      missingFields: Bool.random(using: &random) ? .null : .reject,
      encoding: TextEncoding.allCases.randomElement(using: &random)!)
  }

  @Test func `mutated files of text never crash, hang or grow`() async throws {
    let originals = try Self.files.map { ($0, try fixture($0)) }
    var random = SeededGenerator(UInt64(time(nil)))
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Self.seconds)
    var rounds = 0
    while clock.now < end {
      let (name, original) = originals[rounds % originals.count]
      let seed = random.state
      let bytes = mutate(original, &random)
      let sizes = (0..<4).map { _ in Int.random(in: 1...300, using: &random) }
      let table = name.hasPrefix("csv")
        ? try await csvTable(bytes, sizes, &random) : try await jsonTable(bytes, sizes, &random)
      // Every row costs at least a byte, and what comes out of one is bounded by what went in.
      #expect(table.rows.count + table.rejects.count <= bytes.count + 1, "\(name), seed \(seed)")
      rounds += 1
    }
    #expect(rounds > 20)
  }

  private func csvTable(_ bytes: [UInt8], _ sizes: [Int], _ random: inout SeededGenerator) async throws -> BinaryTable {
    var dialect = dialect(&random)
    if Bool.random(using: &random), let detected = try? CSVDetection.dialect(sample: bytes, isWhole: false, known: dialect) {
      dialect = detected
    }
    let shape = try? CSVInference.shape(sample: bytes, isWhole: true, dialect: dialect)
    var columns = (shape?.columns ?? []).map { WantedColumn(.field($0.field), type: $0.column.type) }
    for index in columns.indices where Bool.random(using: &random) {
      columns[index].type = Self.types.randomElement(using: &random)!
    }
    return try await BinaryTable(CSVRows(Pieces(bytes, sizes: sizes), dialect: dialect, columns: columns))
  }

  private func jsonTable(_ bytes: [UInt8], _ sizes: [Int], _ random: inout SeededGenerator) async throws -> BinaryTable {
    let shape = try? JSONInference.shape(sample: bytes, isWhole: Bool.random(using: &random))
    var columns = (shape?.columns ?? []).map { WantedColumn(.field($0.field), type: $0.column.type) }
    for index in columns.indices where Bool.random(using: &random) {
      columns[index].type = Self.types.randomElement(using: &random)!
    }
    return try await BinaryTable(JSONRows(Pieces(bytes, sizes: sizes), columns: columns))
  }

  @Test func `mutated compressed files never crash, hang or grow`() async throws {
    let kinds: [(String, Compression)] = DecompressedStreamTests.files
    let originals = try kinds.map { ($0.1, try fixture("compression/\($0.0)")) }
    var random = SeededGenerator(UInt64(time(nil)) &+ 1)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Self.seconds)
    let limits = CompressionLimits(size: 4 << 20)
    while clock.now < end {
      let (kind, original) = originals.randomElement(using: &random)!
      let stream = DecompressedStream.open(Pieces(mutate(original, &random), sizes: [997]), kind, limits: limits)
      var size = 0
      do {
        while let bytes = try await stream.next() { size += bytes.count }
      } catch is FormatError {}
      #expect(size <= 5 << 20)
    }
  }
}
