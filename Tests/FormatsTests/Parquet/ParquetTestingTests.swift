import Formats
import Foundation
import JSON
import Testing

/// Where the Parquet project's own test files are: beside this project, not in it.
enum ParquetTesting {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/data/parquet-testing").standardized
  static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "index.json").path)

  static func files(_ part: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path) else { return [] }
    return names.filter { $0.hasSuffix(".parquet") }.sorted().map { "\(part)/\($0.dropLast(8))" }
  }
}

/// Where the folder `../shared/data/parquet-testing` is not there, this suite is skipped, and says so.
@Suite(.enabled(if: ParquetTesting.isThere, "needs ../shared/data/parquet-testing beside the project"))
struct ParquetTestingTests {
  /// Their checksums are wrong on purpose; the tool that wrote the expected values does not look at them.
  static let wrongChecksums = ["data/datapage_v1-corrupt-checksum", "data/rle-dict-uncompressed-corrupt-checksum"]

  @Test(arguments: ParquetTesting.files("data"))
  func `a file is read to its expected values, or refused where its checksum is wrong`(name: String) async throws {
    let bytes = try [UInt8](Data(contentsOf: ParquetTesting.folder.appending(path: name + ".parquet")))
    if Self.wrongChecksums.contains(name) {
      let error = await #expect(throws: FormatError.self) { _ = try await ReadRows(MemoryRanges(bytes)) }
      #expect(error?.message.hasSuffix("its checksum does not match its bytes") == true)
      return
    }
    let read = try await ReadRows(MemoryRanges(bytes))
    #expect(read.rejects == [])
    guard let data = try? Data(contentsOf: ParquetTesting.folder.appending(path: name + ".expected.jsonl")) else {
      #expect(!read.rows.isEmpty)
      return
    }
    #expect(Expectation.difference(read.rows, try ParquetTestFiles.lines(data), read.columns) == nil)
  }

  /// Cut short by its writer in a way that loses nothing: other readers take it too.
  @Test func `a last group without the bytes that fill it up is read`() async throws {
    let file = ParquetTesting.folder.appending(path: "bad_data/ARROW-GH-43605.parquet")
    #expect(try await ReadRows(MemoryRanges([UInt8](Data(contentsOf: file)))).rows.count == 21_186)
  }

  @Test(arguments: ParquetTesting.files("bad_data").filter { !$0.hasSuffix("43605") })
  func `a broken file is refused`(name: String) async throws {
    let bytes = try [UInt8](Data(contentsOf: ParquetTesting.folder.appending(path: name + ".parquet")))
    await #expect(throws: FormatError.self) { _ = try await ReadRows(MemoryRanges(bytes)) }
  }
}
