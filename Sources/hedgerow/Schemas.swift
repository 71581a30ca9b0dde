import ArgumentParser
import Catalogue
import ConnectorKit
import JSON
import SQLText
import Terminal

struct Schemas: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the schemas of a source: mode, cursor field and candidates for it, table, rows.",
    discussion: """
      Example:
        hedgerow schemas shop
        hedgerow schemas shop --discover

      With --discover the source is looked at again: new tables are added, not
      enabled.
      """)

  @Argument(help: "The source.") var name: String
  @Flag(help: "Look at the source again first.") var discover = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common) { workplace in
      let source = try await workplace.catalogue.sources(named: name)[0]
      if discover { try await look(source, workplace) }
      let listing = try await Listing(
        """
        SELECT t.name AS schema, t.namespace || '.' || t.table_name AS table_name, t.enabled, t.mode, t.cursor_field, t.candidates, t.key, t.selected_columns AS columns_chosen,
          t.row_filter, t.refresh, t.deletes, s.status, t.rows, t.bytes, t.estimated_rows, t.last_completed_at, t.is_gone, t.columns,
          extract(epoch FROM now() - t.last_completed_at) AS freshness_seconds, t.error
        FROM hedgerow.schema t JOIN hedgerow.source o ON o.id = t.source_id JOIN hedgerow.status s ON s.source = o.name AND s.schema = t.name
        WHERE o.name = \(name) ORDER BY t.name
        """, on: workplace.connection)
      json ? listing.printJSON() : show(listing)
    }
  }

  private func look(_ source: Catalogue.Source, _ workplace: Workplace) async throws {
    let connector = try workplace.connector(source, try await workplace.warehouseTypes())
    let found = try await connector.discover()
    await connector.close()
    let choice = try SchemaChoice(found, tables: nil, all: false, mode: nil, label: source.name)
    try await workplace.catalogue.putSchemas(source, try Commits.json(choice.entries))
  }

  private func show(_ listing: Listing) {
    listing.printTable(
      [.init("schema"), .init("enabled"), .init("mode"), .init("cursor field"), .init("candidates", isFlexible: true), .init("key"), .init("table"), .init("status"), .init("rows", .right), .init("last sync")],
      empty: "The source has no schemas."
    ) { row in
      let candidates = (row["candidates"]?.elements ?? []).map { $0["name"]?.stringValue ?? "" }
      let key = (row["key"]?.elements ?? []).map { $0.stringValue ?? "" }
      return [
        row.cell("schema"), row.cell("enabled"), row.cell("mode"), row["mode"]?.stringValue == "full_refresh" ? "-" : row.cell("cursor_field"),
        .init(candidates.isEmpty ? "-" : candidates.joined(separator: ", ")), .init(key.isEmpty ? "-" : key.joined(separator: ", ")), row.cell("table_name"),
        (row["is_gone"]?.boolValue ?? false) ? .init("gone", .yellow) : .status(row["status"]?.stringValue ?? ""), row.count("rows"),
        .init(Readable.ago(row.seconds("freshness_seconds"))),
      ]
    }
    for row in listing.rows {
      let notes = (row["columns"]?.elements ?? []).compactMap { column in column["note"]?.stringValue.map { "\(column["name"]?.stringValue ?? ""): \($0)" } }
        + (row["candidates"]?.elements ?? []).filter { $0["name"] == row["cursor_field"] && row["mode"]?.stringValue != "full_refresh" }
        .compactMap { candidate in candidate["note"]?.stringValue.map { "cursor field \(candidate["name"]?.stringValue ?? ""): \($0)" } }
      for note in notes { TerminalStream.standardOutput.writeLine("  \(row["schema"]?.stringValue ?? ""): \(note)".visible) }
    }
  }
}
