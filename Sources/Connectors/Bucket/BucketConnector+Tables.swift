import ConnectorKit
import Formats
import ObjectStores
import Rows

/// Tables that are more than their files, and layouts of other tools.
extension BucketConnector {
  /// Where the table was linked, as other tools write it: `s3://lake/wh/orders`.
  var lakeAddress: String { place.base + place.root }

  func lake(_ format: FileFormat) async throws -> LakeTable {
    do {
      return try await LakeTable.open(format, LakeFiles(store: place.store, root: place.root), address: lakeAddress)
    } catch {
      throw BucketFailure.explain(error, place.name(place.root))
    }
  }

  func columns(of lake: LakeTable, known: [SourceColumn]) throws -> FileColumns {
    let seen = zip(lake.columns, ColumnNames.unique(lake.columns.map(\.name))).map { column, name in
      var named = column
      named.name = name
      return FilePlan.Seen(field: column.name, column: named)
    }
    return FileColumns.merged(known: known, seen: seen, partitions: [], chosen: settings.types, hasProvenance: settings.hasProvenance)
  }

  /// Whether what was linked is such a table: because the user said so, or because the pattern's folder is one and
  /// nothing but all of it is asked for.
  func tableFormat(_ listing: BucketListing) throws(ConnectorError) -> FileFormat? {
    if let format = settings.format { return format.isTable ? format : nil }
    let isWhole = !place.isPattern || ["*", "**", "**/*"].contains { place.patternText == "\(place.root)/\($0)" || place.root.isEmpty && place.patternText == $0 }
    guard isWhole, let table = listing.tables.first(where: { $0.root == place.root }) else { return nil }
    return table.format == .delta ? .delta : .iceberg
  }

  /// Of such a table's files some are dead: only its own log tells which.
  func refuseDeadFiles(_ plan: FilePlan, _ listing: BucketListing) throws(ConnectorError) {
    guard plan.format == .parquet || plan.format == .avro, settings.layout != .none else { return }
    for file in listing.files {
      guard let table = listing.tables.first(where: { $0.root.isEmpty || file.key.hasPrefix($0.root + "/") }) else { continue }
      let name = table.format == .delta ? "Delta" : "Iceberg"
      throw ConnectorError(
        .unusable, "\(place.name(file.key)) belongs to the \(name) table \(place.name(table.root)): only the table's own log tells which of its files count",
        hint: "Link the table: url=\(place.base)\(table.root) format=\(table.format.rawValue). Each such table is a source of its own.")
    }
  }

  // MARK: Layouts

  /// Which tool's rules the rows follow; nil where every row counts.
  func layout(_ columns: [String]) -> Layout? {
    guard settings.layout != .none, let layout = Layout.recognise(columns: columns) else { return nil }
    return settings.layout == .auto || settings.layout.rawValue == layout.tool.rawValue ? layout : nil
  }

  /// For the history of a load: by whose rules the rows count.
  func layoutNote(_ columns: [String], _ key: [String]) -> String? {
    guard let layout = layout(columns) else { return nil }
    let tool = layout.tool == .posthog ? "PostHog" : layout.tool.rawValue.prefix(1).uppercased() + layout.tool.rawValue.dropFirst()
    let rule = key.isEmpty ? "without a key every version of a row stays" : "of each \(key.joined(separator: ", ")) the newest row counts"
    let generation = layout.generation.map { ", of the highest \($0)" } ?? ""
    return "the columns are those of \(tool): \(rule)\(generation) (layout=none takes every row)"
  }

  func isSkipped(_ key: String) -> Bool {
    let parts = key.split(separator: "/")
    return settings.layout != .none && place.isPattern && (parts.contains("_sdc_rejected") || parts.last == "manifest.json")
  }

  /// - Parameter key: empty where rows are not told apart.
  func versions(_ columns: [String], _ key: [String]) -> RowVersions? {
    guard let layout = layout(columns) else { return nil }
    let deleted: RowVersions.Mark? =
      switch layout.deleted {
      case .isTrue(let column): .isTrue(column)
      case .isNotNull(let column): .isNotNull(column)
      case nil: nil
      }
    return RowVersions(
      key: key, order: layout.order.map(\.column).filter(columns.contains), keepsTies: layout.keepsTies,
      generation: layout.generation, deleted: key.isEmpty ? nil : deleted)
  }
}
