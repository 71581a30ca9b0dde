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
      Examples, for a schema:
        hedgerow set shop.orders enabled=true mode=merge cursor=updated_at
        hedgerow set shop.orders key=id,region         the columns that are its key
        hedgerow set shop.orders columns=id,total      only these columns; columns=* for all
        hedgerow set shop.orders where="status <> 'draft'"   a condition in the source's SQL
        hedgerow set shop.orders frequency=15min lookback=1h
        hedgerow set shop.orders deletes=soft deletes_every=1d max_deleted_share=0.5   or hard, ignore
        hedgerow set shop.orders refresh=difference    write only what changed; or swap
        hedgerow set shop.orders allow_empty=true max_rejects=100 parallel=2 table=orders
        hedgerow set shop.orders chunk_above_bytes=5e9 chunk_above_rows=5e7 chunk_bytes=256e6

      For a source:
        hedgerow set shop frequency=1h max_connections=4 password=env:SHOP_PASSWORD host=db2.example
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
    let remote = try await workplace.connection.query(
      "SELECT remote::text AS remote FROM hedgerow.schema WHERE source_id = \(source.id) AND name = \(schema)")[0].text("remote")
    let connector = try workplace.connector(source, try await workplace.warehouseTypes())
    let place = try JSONDecoder().decode([String: String].self, from: Data(remote.utf8))
    do {
      let session = try await connector.open(ReadRequest(label: name, remote: place, filter: filter, mayBeNew: true))
      let reader = try await session.read(.keys(after: nil, through: nil))
      _ = try await reader.next()
      await session.close()
      await connector.close()
    } catch let error as ConnectorError where error.kind == .unusable {
      await connector.close()
      throw Complaint("where= is not a condition that the source understands: \(error.message)", hint: "Nothing was changed. Write it as it would stand after WHERE.")
    }
  }
}
