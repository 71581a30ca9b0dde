import JSON
import Rows
import Testing

@testable import Formats

@Suite struct DeltaTableTests {
  private func rows(_ table: DeltaTable) async throws -> [[JSONValue]] {
    let wanted = table.columns.map { WantedColumn(.field($0.name), type: $0.type) }
    var rows: [[JSONValue]] = []
    for file in table.files {
      let read = try await CopiedRows(try await table.rows(of: file, wanted), wanted.map(\.type))
      #expect(read.rejects.isEmpty)
      rows += read.rows
    }
    return rows
  }

  @Test(arguments: [
    ("append", 3), ("overwrite", 2), ("partitioned", 1), ("changed", 3), ("checkpoint", 14), ("evolved", 2),
    ("empty", 0),
    ("column_mapping", 2), ("deletion_vectors", 1),
  ])
  func `every table has the rows that are expected`(name: String, version: Int64) async throws {
    let table = try await DeltaTable.open(try FolderFiles("delta/\(name)"))
    #expect(table.version == version)
    let about = try JSONValue(parsing: try LakeData.bytes("delta/\(name).meta.json"))
    if let live = about["live_files"]?.elements {
      #expect(table.files.map(\.path) == live.compactMap(\.stringValue).sorted())
    }
    try expectRows(try await rows(table), table.columns, "delta/\(name).expected.jsonl")
  }

  @Test func `a feature that nobody knows is refused by its name`() async {
    await expectRefusal(saying: "\"somethingNew\"") {
      _ = try await DeltaTable.open(try FolderFiles("delta/future_protocol"))
    }
  }

  @Test func `a live file that is gone is an error that names it`() async {
    await expectRefusal(saying: "part-00000-77930dc5", "not there") {
      _ = try await rows(try await DeltaTable.open(try FolderFiles("delta/missing_file")))
    }
  }

  @Test func `columns have the types of the table's schema`() async throws {
    let table = try await DeltaTable.open(try FolderFiles("delta/partitioned"))
    #expect(
      table.columns.map { "\($0.name) \($0.type)" } == [
        "id bigint", "name text", "amount numeric(12,2)", "ts timestamp with time zone", "d date", "tags jsonb",
        "addr jsonb",
        "country text",
      ])
    #expect(table.partitionColumns == ["country"])
  }

  @Test func `an older version is read where the log reaches back to it`() async throws {
    let files = try FolderFiles("delta/append")
    let table = try await DeltaTable.open(files, at: 1)
    #expect(table.files.count == 2)
    #expect(try await rows(table).count == 50)
    await expectRefusal(saying: "no version 9") { _ = try await DeltaTable.open(files, at: 9) }
  }

  @Test func `a missing version of the log is an error that names it`() async throws {
    var files = try FolderFiles("delta/append")
    files.files["_delta_log/00000000000000000002.json"] = nil
    let broken = files
    await expectRefusal(saying: "version 2 is missing") { _ = try await DeltaTable.open(broken) }
    files.files["_delta_log/00000000000000000000.json"] = nil
    let cut = files
    await expectRefusal(saying: "begins at version 1") { _ = try await DeltaTable.open(cut) }
  }

  @Test func `a folder without a log is no table`() async {
    await expectRefusal(saying: "no Delta table") { _ = try await DeltaTable.open(FolderFiles()) }
  }

  @Test func `a wrong hint at the last checkpoint does no harm`() async throws {
    var files = try FolderFiles("delta/checkpoint")
    for hint in ["{\"version\":99,\"size\":1}", "nonsense", "{\"version\":-5}"] {
      files.write("_delta_log/_last_checkpoint", hint)
      #expect(try await DeltaTable.open(files).version == 14)
    }
  }

  @Test func `a checkpoint in parts counts once all of them are there`() async throws {
    var files = try FolderFiles("delta/checkpoint")
    let name = "_delta_log/00000000000000000013.checkpoint"
    files.files["_delta_log/_last_checkpoint"] = nil
    files.files["\(name).0000000001.0000000002.parquet"] = files.files.removeValue(forKey: "\(name).parquet")
    let partial = files
    await expectRefusal(saying: "begins at version 5") { _ = try await DeltaTable.open(partial) }
    // The second part adds nothing: it has the same rows.
    files.files["\(name).0000000002.0000000002.parquet"] = files.files["\(name).0000000001.0000000002.parquet"]
    try expectRows(
      try await rows(try await DeltaTable.open(files)), try await DeltaTable.open(files).columns,
      "delta/checkpoint.expected.jsonl")
  }

  @Test func `a checkpoint with sidecars is read`() async throws {
    var files = try FolderFiles("delta/checkpoint")
    let old = "_delta_log/00000000000000000013.checkpoint.parquet"
    files.files["_delta_log/_sidecars/side.parquet"] = files.files.removeValue(forKey: old)
    files.write(
      "_delta_log/00000000000000000013.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
      """
      {"checkpointMetadata":{"version":13}}
      {"sidecar":{"path":"side.parquet","sizeInBytes":16068,"modificationTime":1}}
      """)
    let table = try await DeltaTable.open(files)
    try expectRows(try await rows(table), table.columns, "delta/checkpoint.expected.jsonl")
  }

  @Test func `columns are found by their numbers where the table says so`() async throws {
    // The files of an Iceberg table have numbers, and names of which one was renamed.
    let path = "data/00000-0-2f8d58f3-2264-4ef6-9188-ecdc710dc998.parquet"
    let fields = [("id", "long", 1), ("label", "string", 2), ("name", "string", 9)].map { name, type, id in
      #"""
      {"name":"\#(name)","type":"\#(type)","nullable":true,"metadata":{"delta.columnMapping.id":\#(id),\#
      "delta.columnMapping.physicalName":"p\#(id)"}}
      """#
    }
    let schema = #"{"type":"struct","fields":[\#(fields.joined(separator: ","))]}"#
    var files = FolderFiles()
    files.files[path] = try LakeData.bytes("iceberg/wh/test/evolved/\(path)")
    files.write(
      "_delta_log/00000000000000000000.json",
      #"""
      {"protocol":{"minReaderVersion":2,"minWriterVersion":5}}
      {"metaData":{"id":"x","format":{"provider":"parquet"},"schemaString":\#(JSONValue.string(schema).text()),\#
      "partitionColumns":[],"configuration":{"delta.columnMapping.mode":"id"}}}
      {"add":{"path":"\#(path)","partitionValues":{},"size":1649,"modificationTime":1,"dataChange":true}}
      """#)
    let read = try await rows(try await DeltaTable.open(files))
    #expect(read.count == 10)
    let expected = try LakeData.lines("iceberg/evolved.expected.jsonl").prefix(10)
    for (row, promised) in zip(read, expected) {
      #expect(row == [promised["id"] ?? .null, promised["label"] ?? .null, .null])
    }
  }

  @Test func `nested members have the names of today`() async throws {
    var files = try FolderFiles("delta/append")
    var log = String(decoding: files.files["_delta_log/00000000000000000000.json"] ?? [], as: UTF8.self)
    log = log.replacingFirst(#""minReaderVersion":1"#, #""minReaderVersion":2"#)
    log = log.replacingFirst(#""configuration":{}"#, #""configuration":{"delta.columnMapping.mode":"name"}"#)
    log = log.replacingFirst(
      #"{\"name\":\"city\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}"#,
      #"{\"name\":\"town\",\"type\":\"string\",\"nullable\":true,\"metadata\":{\"delta.columnMapping.physicalName\":\"city\"}}"#
    )
    files.write("_delta_log/00000000000000000000.json", log)
    let read = try await rows(try await DeltaTable.open(files))
    let promised = try LakeData.lines("delta/append.expected.jsonl")
    #expect(read.count == promised.count)
    for row in read {
      let wanted = promised.first { $0["id"] == row[0] }?["addr"]
      #expect(row[6]["town"] == wanted?["city"] && row[6]["zip"] == wanted?["zip"])
      #expect(row[6]["city"] == nil)
    }
  }

  @Test func `a deletion vector in a file is read, and its checksum counts`() async throws {
    var files = try FolderFiles("delta/deletion_vectors")
    let inline = try #require(Self.inlineVector(files))
    // Version, size, data and checksum, as the protocol lays a file of them out.
    var bytes: [UInt8] = [1] + Self.big(UInt32(inline.count)) + inline
    bytes += Self.big(Self.crc(inline))
    files.files["ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"] = bytes
    var log = String(decoding: files.files["_delta_log/00000000000000000001.json"] ?? [], as: UTF8.self)
    log = log.replacingFirst(
      #""storageType":"i","pathOrInlineDv":"^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rri42(<@9""#,
      #""storageType":"u","offset":1,"pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^""#)
    files.write("_delta_log/00000000000000000001.json", log)
    let table = try await DeltaTable.open(files)
    try expectRows(try await rows(table), table.columns, "delta/deletion_vectors.expected.jsonl")
    files.files["ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"]?[20] ^= 1
    let broken = files
    await expectRefusal(saying: "checksum") { _ = try await rows(try await DeltaTable.open(broken)) }
  }

  private static func inlineVector(_ files: FolderFiles) -> [UInt8]? {
    // 38 bytes, of which base 85 makes 40.
    Z85.decode("^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rri42(<@9").map { Array($0.prefix(38)) }
  }

  private static func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

  private static func crc(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { CRC32.checksum($0) } }

  @Test(arguments: [
    ("../other/part-0.parquet", "does not lie below"), ("/etc/passwd", "does not lie below"),
    ("s3://elsewhere/part-0.parquet", "does not lie below"), ("a%zz.parquet", "is no URI"),
    ("a/%2e%2e/%2e%2e/b", "does not lie below"),
  ])
  func `paths stay below the table's root`(path: String, problem: String) async throws {
    var files = try FolderFiles("delta/empty")
    files.write(
      "_delta_log/00000000000000000001.json",
      #"{"add":{"path":"\#(path)","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}"#)
    let changed = files
    await expectRefusal(saying: problem) { _ = try await DeltaTable.open(changed, location: "s3://lake/orders") }
  }

  @Test func `a whole address below the root is a path below it`() async throws {
    var files = try FolderFiles("delta/empty")
    files.write(
      "_delta_log/00000000000000000001.json",
      #"{"add":{"path":"s3a://lake/orders/x%20y.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}"#
    )
    #expect(try await DeltaTable.open(files, location: "s3://lake/orders/").files.map(\.path) == ["x y.parquet"])
  }
}

extension String {
  /// Asserts that the text is there, so that no test goes on with what it did not change.
  func replacingFirst(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else {
      Issue.record("the data no longer holds \(old)")
      return self
    }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
