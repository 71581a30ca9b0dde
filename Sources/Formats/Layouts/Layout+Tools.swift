/// The rules of each tool.
extension Layout {
  /// Rows are written at least once, and a full refresh raises the generation before old files go.
  static func airbyte(_ names: Set<String>) -> Layout? {
    let isOld = names.contains("_airbyte_ab_id") && names.contains("_airbyte_emitted_at")
    guard isOld || names.contains("_airbyte_raw_id") && names.contains("_airbyte_extracted_at") else { return nil }
    var layout = Layout(
      tool: .airbyte, key: .chosen, order: [Order(isOld ? "_airbyte_emitted_at" : "_airbyte_extracted_at")])
    if names.contains("_airbyte_generation_id") { layout.generation = "_airbyte_generation_id" }
    if names.contains("_airbyte_data") { layout.record = "_airbyte_data" }
    // Changes of one transaction are extracted in one instant: their places in the log tell them apart.
    layout.order += ["_ab_cdc_cursor", "_ab_cdc_lsn", "_ab_cdc_updated_at"].filter(names.contains).map { Order($0) }
    if names.contains("_ab_cdc_deleted_at") { layout.deleted = .isNotNull("_ab_cdc_deleted_at") }
    return layout
  }

  static func stitch(_ columns: [String], _ names: Set<String>) -> Layout? {
    guard names.contains("_sdc_sequence") else { return nil }
    var layout = Layout(tool: .stitch, key: .chosen, order: [Order("_sdc_sequence")])
    let parents = columns.filter { $0.hasPrefix("_sdc_source_key_") }
    if names.contains("__sdc_primary_key") {
      layout.key = .columns(["__sdc_primary_key"])
    } else if !parents.isEmpty {
      // A list within a record has a file of its own, and comes as a whole with each version of the record.
      layout.key = .columns(parents)
      layout.keepsTies = true
    }
    if names.contains("_sdc_batched_at"), !layout.keepsTies { layout.order.append(Order("_sdc_batched_at")) }
    if names.contains("_sdc_table_version") { layout.generation = "_sdc_table_version" }
    if names.contains("_sdc_deleted_at") { layout.deleted = .isNotNull("_sdc_deleted_at") }
    return layout
  }

  /// Its files are those of Iceberg or Delta tables, which hold each row once.
  static func fivetran(_ names: Set<String>) -> Layout? {
    guard names.contains("_fivetran_synced") else { return nil }
    var layout = Layout(tool: .fivetran, key: .chosen, order: [Order("_fivetran_synced")])
    layout.isOnlyReadAsTable = true
    let isHistory = names.isSuperset(of: ["_fivetran_start", "_fivetran_end", "_fivetran_active"])
    if names.contains("_fivetran_id") {
      layout.key = .columns(isHistory ? ["_fivetran_id", "_fivetran_start"] : ["_fivetran_id"])
    }
    // With a history an old version is no deleted row, and there is no column that says so.
    if names.contains("_fivetran_deleted"), !isHistory { layout.deleted = .isTrue("_fivetran_deleted") }
    return layout
  }

  /// Exports of events repeat those that came late; exports of persons repeat those that changed.
  static func posthog(_ names: Set<String>, _ paths: [String]) -> Layout? {
    if names.isSuperset(of: ["distinct_id", "person_id", "person_version", "person_distinct_id_version"]) {
      var layout = Layout(
        tool: .posthog, key: .columns(["distinct_id"]),
        order: [Order("person_version"), Order("person_distinct_id_version")])
      if names.contains("is_deleted") { layout.deleted = .isTrue("is_deleted") }
      return layout
    }
    guard names.isSuperset(of: ["uuid", "event", "distinct_id", "properties", "timestamp"]) else { return nil }
    // Others have events with such columns too; the export's own ones, or its files' names, tell.
    let isExport = !names.isDisjoint(with: ["_inserted_at", "elements_chain", "person_properties"])
    guard isExport || paths.contains(where: isInterval) else { return nil }
    let order = ["_inserted_at", "created_at"].first(where: names.contains).map { [Order($0)] } ?? []
    return Layout(tool: .posthog, key: .columns(["uuid"]), order: order)
  }

  /// `2024-02-29T00_00_00-2024-02-29T01_00_00.parquet`, with `:` or `_` in the times.
  private static func isInterval(_ path: String) -> Bool {
    let name = Array((path.split(separator: "/").last ?? "").utf8)
    let form = Array("dddd-dd-ddTdd_dd_dd-dddd-dd-ddTdd_dd_dd".utf8)
    guard name.count >= form.count else { return false }
    return zip(name, form).allSatisfy { byte, expected in
      switch expected {
      case UInt8(ascii: "d"): (0x30...0x39).contains(byte)
      case UInt8(ascii: "_"): byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
      default: byte == expected
      }
    }
  }
}
