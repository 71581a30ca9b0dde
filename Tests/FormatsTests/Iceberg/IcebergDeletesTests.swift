import JSON
import Rows
import Testing

@testable import Formats

/// Deletes of rows, in files that the tests write themselves beside those of a table that only appends.
@Suite struct IcebergDeletesTests {
  private static let folder = "s3://lake/wh/test/append"
  private static let metadata = "metadata/00003-e189fb7e-a8cd-4e48-ab51-146e89313bb9.metadata.json"
  /// The data files of the three snapshots, in their order: 30, 30 and 15 rows.
  private static let data = [
    "data/00000-0-eb8ae2a5-7e5a-40c0-aabb-887c7fa67594.parquet",
    "data/00000-0-c4181a5f-bac2-4d42-b494-4449d7ccccdb.parquet",
    "data/00000-0-5d351190-e3b6-44e1-88f8-3641bec76a94.parquet",
  ]

  /// The table with one more manifest, of deletes, in its current snapshot.
  private func table(_ deletes: [JSONValue], _ extra: [String: [UInt8]] = [:]) async throws -> IcebergTable {
    var files = try FolderFiles("iceberg/wh/test/append")
    files.files.merge(extra) { $1 }
    let list = try #require(files.files.keys.first { $0.hasPrefix("metadata/snap-4858231459524437871") })
    var manifests: [JSONValue] = []
    try await AvroFile.open(PieceStream(files.files[list] ?? [])).records { manifests.append($0) }
    manifests.append([
      "manifest_path": .string("\(Self.folder)/metadata/deletes.avro"), "partition_spec_id": 0, "content": 1,
      "sequence_number": 4, "added_snapshot_id": 1,
    ])
    files.files[list] = try AvroWriter(Self.listSchema).file(manifests)
    files.files["metadata/deletes.avro"] = try AvroWriter(Self.manifestSchema).file(
      deletes.map { ["status": 1, "sequence_number": $0["sequence"] ?? .null, "data_file": $0] })
    return try await IcebergTable.open(files)
  }

  private func ids(_ table: IcebergTable) async throws -> Set<Int64> {
    var ids: [Int64] = []
    for file in table.files {
      let types = [ColumnType.text, ColumnType("bigint")]
      let rows = try await table.rows(
        of: file, [WantedColumn(.field("name"), type: .text), WantedColumn(.field("id"), type: types[1])])
      ids += try await CopiedRows(rows, types).rows.compactMap { $0[1].integerValue }
    }
    #expect(Set(ids).count == ids.count)
    return Set(ids)
  }

  /// The ids that the table had before, and has no more.
  private func gone(_ table: IcebergTable) async throws -> [Int64] {
    Set(0..<75).subtracting(try await ids(table)).sorted()
  }

  @Test func `rows are deleted by their positions`() async throws {
    let schema = #"""
      {"type":"record","name":"d","fields":[{"name":"file_path","type":"string","field-id":2147483546},
      {"name":"pos","type":"long","field-id":2147483545}]}
      """#
    let file = try AvroWriter(schema).file([
      ["file_path": .string("\(Self.folder)/\(Self.data[0])"), "pos": 0],
      ["file_path": .string("\(Self.folder)/\(Self.data[0])"), "pos": 24],
      ["file_path": .string("\(Self.folder)/\(Self.data[2])"), "pos": 3],
    ])
    let table = try await table([Self.entry("data/positions.avro", content: 1)], ["data/positions.avro": file])
    #expect(try await gone(table) == [0, 24, 63])
  }

  @Test func `rows are deleted by the values of their columns, in older files only`() async throws {
    let schema =
      #"{"type":"record","name":"d","fields":[{"name":"old_name_of_id","type":["null","long"],"field-id":1}]}"#
    let file = try AvroWriter(schema).file([
      ["old_name_of_id": 3], ["old_name_of_id": 30], ["old_name_of_id": 60], ["old_name_of_id": nil],
    ])
    var entry = Self.entry("data/equality.avro", content: 2)
    let all = try await table([entry], ["data/equality.avro": file])
    #expect(try await gone(all) == [3, 30, 60])
    // The files have the numbers 1, 2 and 3: a delete of number 2 holds for the first alone.
    entry = Self.entry("data/equality.avro", content: 2, sequence: 2)
    let older = try await table([entry], ["data/equality.avro": file])
    #expect(try await gone(older) == [3])
  }

  @Test func `NULL is deleted by NULL, and two columns have to match at once`() async throws {
    let schema = #"""
      {"type":"record","name":"d","fields":[{"name":"id","type":["null","long"],"field-id":1},
      {"name":"name","type":["null","string"],"field-id":2}]}
      """#
    let expected = try LakeData.lines("iceberg/append.expected.jsonl")
    let unnamed = expected.filter { $0["name"]?.isNull == true }
    let named = expected.filter { $0["name"]?.isNull == false }
    try #require(!unnamed.isEmpty)
    let file = try AvroWriter(schema).file([
      ["id": unnamed[0]["id"] ?? 0, "name": nil], ["id": named[0]["id"] ?? 0, "name": "another"],
      ["id": named[1]["id"] ?? 0, "name": named[1]["name"] ?? .null],
    ])
    let table = try await table(
      [Self.entry("data/equality.avro", content: 2, columns: [1, 2])], ["data/equality.avro": file])
    let ids = [unnamed[0], named[1]].compactMap { $0["id"]?.integerValue }.sorted()
    #expect(try await gone(table) == ids)
  }

  @Test func `rows are deleted by a vector, which takes the place of positions`() async throws {
    // The rows 1, 3 and 9, in the form that Delta and Iceberg share.
    let bitmap = try #require(Z85.decode("^Bg9^0rr910000000000iXQKl0rr91000625c8Xg0rri42(<@9")).prefix(38).dropFirst(4)
    let marked = [0xD1, 0xD3, 0x39, 0x64] + Array(bitmap)
    func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    let blob = big(UInt32(marked.count)) + marked + big(marked.withUnsafeBytes { CRC32.checksum($0) })
    var entry = Self.entry("data/vectors.puffin", content: 1, format: "PUFFIN")
    entry = Self.with(
      entry,
      [
        "referenced_data_file": .string("\(Self.folder)/\(Self.data[1])"), "content_offset": 4,
        "content_size_in_bytes": .integer(Int64(blob.count)),
      ])
    let table = try await table([entry], ["data/vectors.puffin": Array("PFA1".utf8) + blob])
    #expect(try await gone(table) == [31, 33, 39])
  }

  @Test func `deletes in a format that is not read are refused by its name`() async throws {
    let table = try await table([Self.entry("data/x.orc", content: 1, format: "orc")], ["data/x.orc": [0]])
    await expectRefusal(saying: "\"orc\"") { _ = try await ids(table) }
  }

  private static func entry(
    _ path: String, content: Int64, format: String = "AVRO", sequence: Int64? = nil, columns: [Int64] = [1]
  ) -> JSONValue {
    [
      "content": .integer(content), "file_path": .string("\(folder)/\(path)"), "file_format": .string(format),
      "partition": [:], "record_count": 3, "file_size_in_bytes": 1,
      "equality_ids": content == 2 ? .array(columns.map { .integer($0) }) : nil,
      "sequence": sequence.map { .integer($0) } ?? .null,
    ]
  }

  private static func with(_ entry: JSONValue, _ members: [(key: String, value: JSONValue)]) -> JSONValue {
    .object((entry.members ?? []) + members)
  }

  private static func with(_ entry: JSONValue, _ members: JSONValue) -> JSONValue { with(entry, members.members ?? []) }

  private static let listSchema = #"""
    {"type":"record","name":"manifest_file","fields":[{"name":"manifest_path","type":"string","field-id":500},
    {"name":"partition_spec_id","type":"int","field-id":502},{"name":"content","type":"int","field-id":517},
    {"name":"sequence_number","type":"long","field-id":515},{"name":"added_snapshot_id","type":"long","field-id":503}]}
    """#

  private static let manifestSchema = #"""
    {"type":"record","name":"manifest_entry","fields":[{"name":"status","type":"int","field-id":0},
    {"name":"sequence_number","type":["null","long"],"field-id":3},{"name":"data_file","field-id":2,"type":
    {"type":"record","name":"r2","fields":[{"name":"content","type":"int","field-id":134},
    {"name":"file_path","type":"string","field-id":100},{"name":"file_format","type":"string","field-id":101},
    {"name":"partition","type":{"type":"record","name":"r102","fields":[]},"field-id":102},
    {"name":"record_count","type":"long","field-id":103},{"name":"file_size_in_bytes","type":"long","field-id":104},
    {"name":"equality_ids","type":["null",{"type":"array","items":"int"}],"field-id":135},
    {"name":"referenced_data_file","type":["null","string"],"field-id":143},
    {"name":"content_offset","type":["null","long"],"field-id":144},
    {"name":"content_size_in_bytes","type":["null","long"],"field-id":145}]}}]}
    """#
}
