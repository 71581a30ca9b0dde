import Formats
import Foundation
import JSON
import Testing

/// The files of the Parquet project's own test repository. They lie beside the project, not in it: where the folder
/// `../shared/data/parquet-testing` is not there, this suite is skipped, and says so.
@Suite(.enabled(if: ParquetTestingTests.isThere, "needs ../shared/data/parquet-testing beside the project"))
struct ParquetTestingTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/data/parquet-testing").standardized
  static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "index.json").path)

  static func files(_ part: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: part).path) else { return [] }
    return names.filter { $0.hasSuffix(".parquet") }.sorted().map { "\(part)/\($0.dropLast(8))" }
  }

  /// Their checksums are wrong on purpose; the tool that wrote the expected values does not look at them.
  static let wrongChecksums = ["data/datapage_v1-corrupt-checksum", "data/rle-dict-uncompressed-corrupt-checksum"]

  @Test(arguments: files("data"))
  func `a file is read to its expected values, or refused where its checksum is wrong`(name: String) async throws {
    let bytes = try [UInt8](Data(contentsOf: Self.folder.appending(path: name + ".parquet")))
    if Self.wrongChecksums.contains(name) {
      let error = await #expect(throws: FormatError.self) { _ = try await ReadRows(MemoryRanges(bytes)) }
      #expect(error?.message.hasSuffix("its checksum does not match its bytes") == true)
      return
    }
    let read = try await ReadRows(MemoryRanges(bytes))
    #expect(read.rejects == [])
    guard let data = try? Data(contentsOf: Self.folder.appending(path: name + ".expected.jsonl")) else {
      #expect(!read.rows.isEmpty)
      return
    }
    #expect(Expectation.difference(read.rows, try ParquetTestFiles.lines(data), read.columns) == nil)
  }

  @Test(arguments: files("bad_data"))
  func `a broken file is refused`(name: String) async throws {
    let bytes = try [UInt8](Data(contentsOf: Self.folder.appending(path: name + ".parquet")))
    await #expect(throws: FormatError.self) { _ = try await ReadRows(MemoryRanges(bytes)) }
  }
}
