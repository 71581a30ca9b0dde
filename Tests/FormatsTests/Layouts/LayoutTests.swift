import Formats
import Testing

@Suite struct LayoutTests {
  @Test func `Airbyte's rows count by the highest generation and the newest extraction`() throws {
    let header = try Self.header("layouts/airbyte_like.csv")
    let layout = try #require(
      Layout.recognise(columns: header, paths: ["public/invoices/2024_02_29_1709164800000_0.csv"]))
    #expect(layout.tool == .airbyte)
    #expect(layout.generation == "_airbyte_generation_id")
    #expect(layout.order == [.init("_airbyte_extracted_at", .descending)])
    #expect(layout.key == .chosen)
    #expect(layout.record == "_airbyte_data")
    #expect(layout.deleted == nil)
  }

  @Test func `Airbyte's flattened changes have a mark of deletion and places in the log`() throws {
    let columns = [
      "_airbyte_raw_id", "_airbyte_extracted_at", "_airbyte_meta", "_airbyte_generation_id", "id", "amount",
      "_ab_cdc_lsn",
      "_ab_cdc_deleted_at", "_ab_cdc_updated_at",
    ]
    let layout = try #require(Layout.recognise(columns: columns))
    #expect(layout.record == nil)
    #expect(layout.order.map(\.column) == ["_airbyte_extracted_at", "_ab_cdc_lsn", "_ab_cdc_updated_at"])
    #expect(layout.deleted == .isNotNull("_ab_cdc_deleted_at"))
  }

  @Test func `Airbyte's older columns are known too`() throws {
    let layout = try #require(Layout.recognise(columns: ["_airbyte_ab_id", "_airbyte_emitted_at", "_airbyte_data"]))
    #expect(layout.order.map(\.column) == ["_airbyte_emitted_at"])
    #expect(layout.generation == nil)
  }

  @Test func `Stitch's rows count by the highest table version and the newest sequence`() throws {
    let layout = try #require(Layout.recognise(columns: try Self.header("layouts/stitch_like.csv")))
    #expect(layout.tool == .stitch)
    #expect(layout.generation == "_sdc_table_version")
    #expect(layout.order.map(\.column) == ["_sdc_sequence", "_sdc_batched_at"])
    #expect(layout.key == .chosen)
    #expect(!layout.keepsTies)
  }

  @Test func `Stitch's rejected rows are no rows`() throws {
    let layout = try #require(Layout.recognise(columns: ["_sdc_sequence", "id"]))
    #expect(layout.skips("postgres/_sdc_rejected/1_20240229.jsonl"))
    #expect(!layout.skips("postgres/orders/1_20240229.csv"))
  }

  @Test func `Stitch's own key, marks of deletion and lists within records are known`() throws {
    let plain = try #require(Layout.recognise(columns: ["__sdc_primary_key", "_sdc_sequence", "_sdc_deleted_at", "a"]))
    #expect(plain.key == .columns(["__sdc_primary_key"]))
    #expect(plain.deleted == .isNotNull("_sdc_deleted_at"))
    let list = try #require(
      Layout.recognise(columns: ["_sdc_source_key_id", "_sdc_level_0_id", "_sdc_sequence", "_sdc_batched_at", "value"]))
    #expect(list.key == .columns(["_sdc_source_key_id"]))
    #expect(list.keepsTies)
    #expect(list.order.map(\.column) == ["_sdc_sequence"])
  }

  @Test func `Fivetran's files are read as the tables that they belong to`() throws {
    let layout = try #require(Layout.recognise(columns: ["id", "_fivetran_synced", "_fivetran_deleted"]))
    #expect(layout.tool == .fivetran)
    #expect(layout.isOnlyReadAsTable)
    #expect(layout.deleted == .isTrue("_fivetran_deleted"))
    let keyed = try #require(Layout.recognise(columns: ["_fivetran_id", "_fivetran_synced"]))
    #expect(keyed.key == .columns(["_fivetran_id"]))
  }

  @Test func `old versions in a history of Fivetran are not deleted`() throws {
    let columns = [
      "_fivetran_id", "_fivetran_synced", "_fivetran_start", "_fivetran_end", "_fivetran_active", "_fivetran_deleted",
    ]
    let layout = try #require(Layout.recognise(columns: columns))
    #expect(layout.key == .columns(["_fivetran_id", "_fivetran_start"]))
    #expect(layout.deleted == nil)
  }

  @Test func `PostHog's events repeat by their uuid and its persons by their id`() throws {
    let events = try #require(
      Layout.recognise(columns: [
        "uuid", "event", "distinct_id", "person_id", "properties", "person_properties", "elements_chain", "timestamp",
        "created_at", "_inserted_at",
      ]))
    #expect(events.key == .columns(["uuid"]))
    #expect(events.order.map(\.column) == ["_inserted_at"])
    #expect(events.skips("2024-02-29_events/manifest.json"))
    let persons = try #require(
      Layout.recognise(columns: [
        "team_id", "distinct_id", "person_id", "properties", "person_distinct_id_version", "person_version",
        "created_at",
        "_inserted_at", "is_deleted",
      ]))
    #expect(persons.key == .columns(["distinct_id"]))
    #expect(persons.order.map(\.column) == ["person_version", "person_distinct_id_version"])
    #expect(persons.deleted == .isTrue("is_deleted"))
  }

  @Test func `events of others are taken for PostHog's only by the names of their files`() {
    let columns = ["uuid", "event", "distinct_id", "properties", "timestamp"]
    #expect(Layout.recognise(columns: columns) == nil)
    let path = "2024-02-29_events/2024-02-29T00_00_00-2024-02-29T01_00_00.parquet"
    #expect(Layout.recognise(columns: columns, paths: [path])?.tool == .posthog)
  }

  @Test func `plain files have no layout`() {
    #expect(Layout.recognise(columns: ["id", "name", "_etag"], paths: ["a.csv"]) == nil)
  }

  @Test(arguments: [
    ("_SUCCESS", true), ("_temporary/0/part-0.parquet", true), (".part-0.crc", true), ("dt=2024-02-29/", true),
    ("dt=2024-02-29/part-0.parquet", false), ("_day=1/part-0.parquet", false), ("a_b/c.csv", false),
    ("_delta_log/0.json", true),
  ])
  func `hidden files are no data`(path: String, isHidden: Bool) {
    #expect(Layout.isHidden(path) == isHidden)
  }

  @Test func `tables of lakes are found by their metadata`() {
    let paths = [
      "shop/orders/_delta_log/00000000000000000000.json", "shop/orders/part-0.parquet",
      "shop/users/metadata/00001-ab.metadata.json", "shop/users/data/0.parquet", "loose.parquet",
    ]
    #expect(
      TableFolder.recognise(paths: paths).map { "\($0.format) \($0.root)" } == [
        "delta shop/orders", "iceberg shop/users",
      ])
    #expect(TableFolder.recognise(paths: ["_delta_log/_last_checkpoint"]).map(\.root) == [""])
  }

  private static func header(_ path: String) throws -> [String] {
    let line = try LakeData.bytes(path).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: line, as: UTF8.self).split(separator: ",").map(String.init)
  }
}
