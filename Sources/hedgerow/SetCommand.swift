import ArgumentParser
import Catalogue
import ConnectorKit
import FoundationEssentials
import Postgres
import SQLText
import Terminal

struct SetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change settings of a source or of one of its schemas, and say what follows from it.",
    discussion: """
      Settings of a schema:
        enabled            true or false: whether it is synced
        mode               full_refresh, append or merge
        cursor             its cursor field: the column that tells what is new
        key                the columns that tell its rows apart
        columns            only these columns; * for all
        where              only rows that meet this condition, in the source's SQL
        frequency          how often; empty: as often as its source
        lookback           how much to read again: an interval, or a number
        refresh            swap: the whole table; difference: only what changed
        deletes            rows gone at the source: ignore, soft (mark), hard
        deletes_every      how often to look for them, by default 1d
        max_deleted_share  more of the rows, 0 to 1, are not deleted at once
        allow_empty        true: an empty source may empty the table
        max_rejects        how many rows the warehouse may refuse in one sync
        parallel           in how many ranges a load reads, 1 to 16
        chunk_above_rows   tables above it are loaded in chunks: rows,
        chunk_above_bytes  or bytes
        chunk_bytes        the size of such a chunk
        table              the name of its table in the warehouse

      Settings of a source:
        frequency          how often its schemas are synced
        max_connections    how many connections it is read through, 1 to 64
        host, password ... its fields; hedgerow kinds lists them

      Examples:
        hedgerow set shop.orders mode=merge cursor=updated_at key=id,region
        hedgerow set shop.orders where="status <> 'draft'" frequency=15min
        hedgerow set shop.orders deletes=soft deletes_every=1d
        hedgerow set shop frequency=1h password=env:SHOP_PASSWORD
      """)

  @Argument(help: "The source, or SOURCE.SCHEMA.") var name: String
  @Argument(help: "Settings, as key=value.") var settings: [String]
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let target = Target(name)
    let given = try Assignments(settings)
    try await Workplace.with(common) { workplace in
      let said: [String]
      if let schema = target.schema {
        try await check(given, target, workplace)
        said = try await workplace.catalogue.setSchema(target.source, schema, given.dictionary)
      } else {
        said = try await SourceSettings(given, workplace).apply(to: target.source)
      }
      let out = TerminalStream.standardOutput
      out.writeLine("\(name): \(given.values.map { "\($0.key)=\(Self.shown($0.key, $0.value))" }.joined(separator: " ")).".visible)
      for sentence in said { out.writeLine("  " + sentence.visible) }
    }
  }

  private static func shown(_ key: String, _ value: String) -> String {
    ["password", "url"].contains(key) ? "<secret>" : value
  }

  /// A filter and a lookback are checked where they will be used, before anything changes.
  private func check(_ given: Assignments, _ target: Target, _ workplace: Workplace) async throws {
    guard let filter = given.dictionary["where"], !filter.isEmpty, let schema = target.schema else { return }
    let source = try await workplace.catalogue.sources(named: target.source)[0]
    _ = try await workplace.catalogue.schemas(of: source, named: schema)
    let seen = try await workplace.connection.query(
      "SELECT remote::text AS remote, source_identity FROM hedgerow.schema WHERE source_id = \(source.id) AND name = \(schema)")[0]
    let connector = try workplace.connector(source, try await workplace.warehouseTypes())
    let place = try JSONDecoder().decode([String: String].self, from: Data(try seen.text("remote").utf8))
    do {
      let session = try await connector.open(
        ReadRequest(label: name, remote: place, identity: seen["source_identity"], filter: filter, mayBeNew: true))
      let reader = try await session.read(.keys(after: nil, through: nil))
      _ = try await reader.next()
      await session.close()
      await connector.close()
    } catch let error as ConnectorError where error.kind == .unusable {
      await connector.close()
      throw Complaint("where= is not a condition that the source understands: \(error.message)", hint: "Nothing was changed. \(error.hint ?? "Write it as it would stand after WHERE.")")
    }
  }
}
