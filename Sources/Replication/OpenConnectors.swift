public import Catalogue
public import ConnectorKit

/// The connectors of the sources that are being read: one for each, shared by its syncs, closed after the last.
public actor OpenConnectors {
  private struct Entry {
    var source: Catalogue.Source
    var connector: any Connector
    var users: Int
  }

  private let make: @Sendable (Catalogue.Source) async throws -> any Connector
  private var entries: [Entry] = []

  public init(make: @escaping @Sendable (Catalogue.Source) async throws -> any Connector) { self.make = make }

  /// A connector for the source as it is now: one that was made with other settings serves its syncs to their end, and
  /// no new one. Give it back with `release`.
  func acquire(_ source: Catalogue.Source) async throws -> any Connector {
    if let index = entries.firstIndex(where: { $0.source == source }) {
      entries[index].users += 1
      return entries[index].connector
    }
    let connector = try await make(source)
    // Another sync of the source may have come here meanwhile.
    if let index = entries.firstIndex(where: { $0.source == source }) {
      entries[index].users += 1
      let known = entries[index].connector
      await connector.close()
      return known
    }
    entries.append(Entry(source: source, connector: connector, users: 1))
    return connector
  }

  func release(_ source: Catalogue.Source) async {
    guard let index = entries.firstIndex(where: { $0.source == source }) else { return }
    entries[index].users -= 1
    guard entries[index].users == 0 else { return }
    await entries.remove(at: index).connector.close()
  }
}
