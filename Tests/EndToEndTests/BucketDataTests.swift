import LocalPostgres
import TestSupport
import Testing

/// Every file that the formats are tested with, through the program: its rows are there, or it is refused in words.
@Suite struct BucketDataTests {
  /// Files that must not load, with a part of the reason.
  private static let refused: [String: String] = [
    "csv/comment_lines.csv": "fields, not 1", "csv/empty.csv": "shows no columns", "csv/invalid_utf8.csv": "is not UTF-8",
    "csv/latin1.csv": "is not UTF-8", "csv/nul_bytes.csv": "NUL", "csv/ragged_long.csv": "has 5 fields, not 3",
    "csv/ragged_short.csv": "has 1 field, not 3", "csv/unclosed_quote.csv": "the quote is not closed", "csv/windows1252.csv": "is not UTF-8",
    "jsonl/bad_line_in_middle.jsonl": "is no JSON", "jsonl/empty.jsonl": "shows no columns", "jsonl/lone_surrogate.jsonl": "no JSON object",
    "jsonl/nested_too_deep.jsonl": "more than 1000", "jsonl/not_objects.jsonl": "not an object", "jsonl/nul_escape.jsonl": "u0000",
    "jsonl/truncated_last_line.jsonl": "ends within a row", "parquet/no_columns.parquet": "shows no columns",
  ]

  /// Rows of files without expected values beside them.
  private static let counts: [String: Int] = [
    "csv/backslash_escapes.csv": 3, "csv/late_type_change.csv": 5001, "csv/quotes_literal.csv": 3, "csv/text_after_quote.csv": 2,
    "jsonl/concatenated.jsonl": 4, "jsonl/new_columns_late.jsonl": 3001, "jsonl/type_drift.jsonl": 6, "parquet/large_strings.parquet": 4,
    "parquet/small_pages_index.parquet": 2000, "avro/empty.avro": 0,
  ]

  private static func files() -> [String] {
    ["csv", "jsonl", "parquet", "avro"].flatMap { folder in
      (Disk.entries(of: "\(BucketFixture.data)/\(folder)") ?? []).filter { name in
        !name.contains(".expected.") && [".csv", ".tsv", ".gz", ".jsonl", ".json", ".parquet", ".avro"].contains { name.hasSuffix($0) }
      }.map { "\(folder)/\($0)" }
    }
  }

  private static func expected(_ file: String) -> Int? {
    if let count = counts[file] { return count }
    let beside = file.hasPrefix("avro/all_") ? "avro/all" : file.hasSuffix(".parquet") ? String(file.dropLast(8)) : file
    return Disk.read("\(BucketFixture.data)/\(beside).expected.jsonl").map { $0.utf8.count { $0 == 0x0A } }
  }

  @Test(.timeLimit(.minutes(5))) func `every file is read whole, or refused in words`() async throws {
    let bucket = try BucketFixture()
    let files = Self.files()
    #expect(files.count > 100)
    for file in files {
      let url = "url=file://\(BucketFixture.data)/\(file)"
      let linked = try await bucket.start(["link", "file", "files", url]).wait()
      let result = linked.exit == 0 ? try await bucket.start(["sync", "files"]).wait() : linked
      let said = result.stdout + result.stderr
      if let reason = Self.refused[file] {
        #expect(result.exit == 1 || result.exit == 2, "\(file): \(said)")
        #expect(said.contains(reason), "\(file): \(said)")
      } else if result.exit != 0 {
        Issue.record("\(file): \(said)")
      } else {
        let count = try bucket.count
        #expect(count == Self.expected(file) ?? count, "\(file)")
      }
      if linked.exit == 0 { try await bucket.hedgerow(["unlink", "files"]) }
    }
  }
}
