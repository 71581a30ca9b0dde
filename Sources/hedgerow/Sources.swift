import ArgumentParser
import JSON
import SQLText
import Terminal

struct Sources: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what is linked.",
    discussion: """
      Example:
        hedgerow sources --json
      """)

  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await Workplace.with(common) { workplace in
      let listing = try await Listing(
        """
        SELECT o.name, o.kind, o.prefix, o.namespace, o.frequency::text AS frequency, o.is_paused AS paused, o.config, o.created_at,
          count(s.*) AS schemas, count(s.*) FILTER (WHERE s.enabled) AS enabled, count(s.*) FILTER (WHERE s.status = 'failed') AS failed,
          sum(s.rows)::bigint AS rows, sum(s.bytes)::bigint AS bytes, extract(epoch FROM now() - max(s.last_completed_at)) AS freshness_seconds
        FROM hedgerow.source o LEFT JOIN hedgerow.status s ON s.source = o.name GROUP BY o.id ORDER BY o.name
        """, on: workplace.connection)
      if json { return listing.printJSON() }
      listing.printTable(
        [.init("source"), .init("kind"), .init("from", isFlexible: true), .init("every"), .init("enabled", .right), .init("failed", .right), .init("rows", .right), .init("last sync")],
        empty: "Nothing is linked yet. Next: hedgerow link --help"
      ) { row in
        let config = row["config"] ?? .null
        let place = "\(config["host"]?.stringValue ?? "")/\(config["database"]?.stringValue ?? "")"
        return [
          row.cell("name"), row.cell("kind"), .init(place), .init((row["paused"]?.boolValue ?? false) ? "paused" : row["frequency"]?.stringValue ?? ""),
          .init("\(row["enabled"]?.integerValue ?? 0) of \(row["schemas"]?.integerValue ?? 0)"), row.count("failed"), row.count("rows"),
          .init(Readable.ago(row.seconds("freshness_seconds"))),
        ]
      }
    }
  }
}
