import Formats
import JSON
import Rows
import Testing

@Suite struct IcebergTableTests {
  private func files(_ name: String) throws -> FolderFiles { try FolderFiles("iceberg/wh/test/\(name)") }

  private func rows(_ table: IcebergTable) async throws -> [[JSONValue]] {
    let wanted = table.columns.map { WantedColumn(.field($0.name), type: $0.type) }
    var rows: [[JSONValue]] = []
    for file in table.files {
      let read = try await CopiedRows(try await table.rows(of: file, wanted), wanted.map(\.type))
      #expect(read.rejects.isEmpty)
      rows += read.rows
    }
    return rows
  }

  @Test(arguments: ["append", "overwrite", "deleted", "evolved", "partitioned", "empty", "upserted"])
  func `every table has the rows that are expected`(name: String) async throws {
    let table = try await IcebergTable.open(try files(name))
    let about = try #require(try JSONValue(parsing: try LakeData.bytes("iceberg/index.json"))[name])
    let root = "wh/test/\(name)/"
    #expect(root + table.metadataPath == about["metadata"]?.stringValue)
    #expect(
      table.files.map { root + $0.path } == about["live_data_files"]?.elements?.compactMap(\.stringValue).sorted())
    try expectRows(try await rows(table), table.columns, "iceberg/\(name).expected.jsonl")
  }

  @Test func `columns have the types of the table's schema`() async throws {
    let table = try await IcebergTable.open(try files("append"))
    #expect(
      table.columns.map { "\($0.name) \($0.type)" } == [
        "id bigint", "name text", "amount numeric(12,2)", "ts timestamp with time zone", "d date", "tags jsonb",
        "addr jsonb",
        "country text",
      ])
  }

  @Test func `a file without the column that it is partitioned by has the partition's value`() async throws {
    let table = try await IcebergTable.open(try files("partitioned"))
    // No column of the file has the number that the table now knows the country by.
    var metadata = try files("partitioned")
    let path = table.metadataPath
    let json = String(decoding: metadata.files[path] ?? [], as: UTF8.self)
    let id = try #require(Self.id(of: "country", try JSONValue(parsing: json)))
    metadata.write(
      path,
      json.replacing("\"id\":\(id),\"name\":\"country\"", with: "\"id\":77,\"name\":\"country\"")
        .replacing("\"source-id\":\(id),", with: "\"source-id\":77,"))
    let moved = try await IcebergTable.open(metadata)
    let column = WantedColumn(.field("country"), type: .text)
    for file in moved.files {
      let read = try await CopiedRows(try await moved.rows(of: file, [column]), [.text])
      let country = try #require(file.path.firstRange(of: "country="))
      #expect(Set(read.rows.map { $0[0].stringValue }) == [String(file.path[country.upperBound...].prefix(2))])
    }
  }

  private static func id(of name: String, _ metadata: JSONValue) -> Int64? {
    metadata["schemas"]?[0]?["fields"]?.elements?.first { $0["name"]?.stringValue == name }?["id"]?.integerValue
  }

  @Test func `the newest metadata is the one with the highest number`() async throws {
    var files = try files("append")
    let newest = "metadata/00003-e189fb7e-a8cd-4e48-ab51-146e89313bb9.metadata.json"
    // A file system's catalogue has other names, and a hint.
    files.files["metadata/v9.metadata.json"] = files.files.removeValue(forKey: newest)
    files.files["metadata/v8.metadata.json"] =
      files.files["metadata/00001-652cac4a-9736-41b3-8488-447b17b19fa5.metadata.json"]
    #expect(try await IcebergTable.open(files).metadataPath == "metadata/v9.metadata.json")
    files.write("metadata/version-hint.text", "8\n")
    #expect(try await IcebergTable.open(files).metadataPath == "metadata/v9.metadata.json")
    #expect(try await IcebergTable.open(files).files.count == 3)
  }

  @Test func `a folder without metadata is no table`() async {
    await expectRefusal(saying: "no Iceberg table") { _ = try await IcebergTable.open(FolderFiles()) }
  }

  @Test func `a version of the format that is not known is refused`() async throws {
    var files = FolderFiles()
    files.write("metadata/v1.metadata.json", #"{"format-version":4,"location":"s3://lake/x"}"#)
    let future = files
    await expectRefusal(saying: "format version 4") { _ = try await IcebergTable.open(future) }
  }

  @Test func `a data file that is gone is an error that names it`() async throws {
    var files = try files("append")
    let path = "data/00000-0-5d351190-e3b6-44e1-88f8-3641bec76a94.parquet"
    files.files[path] = nil
    let broken = files
    await expectRefusal(saying: path, "not there") { _ = try await rows(try await IcebergTable.open(broken)) }
  }

  @Test func `files outside of the table's folder are refused`() async throws {
    var files = try files("append")
    let path = "metadata/00003-e189fb7e-a8cd-4e48-ab51-146e89313bb9.metadata.json"
    let json = String(decoding: files.files[path] ?? [], as: UTF8.self)
    files.write(
      path, json.replacing("\"location\":\"s3://lake/wh/test/append\"", with: "\"location\":\"s3://other/place\""))
    let moved = files
    await expectRefusal(saying: "does not lie below") { _ = try await IcebergTable.open(moved) }
    #expect(try await IcebergTable.open(moved, location: "s3://lake/wh/test/append").files.count == 3)
  }

  @Test func `snapshots that only append are appended`() async throws {
    let table = try await IcebergTable.open(try files("append"))
    guard case .appended(let added) = try await table.changes(since: 8_729_819_832_427_196_090) else {
      Issue.record("nothing was appended")
      return
    }
    #expect(added.count == 2)
    #expect(try await table.changes(since: table.snapshot) == .none)
    guard case .appended(let all) = try await table.changes(since: nil) else {
      Issue.record("nothing was appended")
      return
    }
    #expect(all.map(\.path).sorted() == table.files.map(\.path))
  }

  @Test(arguments: [("overwrite", 2_143_628_208_855_692_122), ("upserted", 5_142_856_489_281_348_024), ("append", 1)])
  func `snapshots that remove rows, or are gone, have the table loaded anew`(name: String, snapshot: Int64) async throws
  {
    guard case .rewritten = try await IcebergTable.open(try files(name)).changes(since: snapshot) else {
      Issue.record("it was not rewritten")
      return
    }
  }
}
