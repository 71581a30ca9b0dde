import ArgumentParser
import Catalogue
import JSON
import SQLText
import Terminal

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the syncs that ran, newest first.",
    discussion: """
      Example:
        hedgerow history shop.orders --limit 50
      """)

  @Argument(help: "A source, or SOURCE.SCHEMA; everything by default.") var name: String?
  @Option(help: "How many at most.") var limit = 20
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let target = name.map { Target($0) }
    try await Workplace.with(common) { workplace in
      if let target {
        let source = try await workplace.catalogue.sources(named: target.source)[0]
        _ = try await workplace.catalogue.schemas(of: source, named: target.schema)
      }
      let listing = try await Listing(
        """
        SELECT h.*, extract(epoch FROM h.duration) AS seconds, extract(epoch FROM now() - h.started_at) AS ago FROM hedgerow.recent_history h
        WHERE (\(target?.source)::text IS NULL OR h.source = \(target?.source)) AND (\(target?.schema)::text IS NULL OR h.schema = \(target?.schema))
        LIMIT \(limit)
        """, on: workplace.connection)
      if json { return listing.printJSON() }
      listing.printTable(
        [.init("started"), .init("schema"), .init("mode"), .init("status"), .init("read", .right), .init("updated", .right), .init("deleted", .right), .init("rejected", .right), .init("took", .right), .init("error", isFlexible: true)],
        empty: "Nothing was synced yet."
      ) { row in
        [
          .init(Readable.ago(row.seconds("ago"))), .init("\(row["source"]?.stringValue ?? "").\(row["schema"]?.stringValue ?? "")"), row.cell("mode"),
          .status(row["status"]?.stringValue ?? ""), row.count("rows_read"), row.count("rows_updated"), row.count("rows_deleted"), row.count("rows_rejected"),
          .init(row.seconds("seconds").map { Readable.duration($0) } ?? "-"), row.cell("error"),
        ]
      }
    }
  }
}
