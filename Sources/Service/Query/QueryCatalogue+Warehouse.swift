public import Catalogue
public import HogQL

extension QueryCatalogue {
  /// The tables of product analytics: their NOT NULL columns are never NULL for HogQL either.
  static let coreTables: Set<String> = ["events", "persons", "person_distinct_ids", "groups", "sessions"]

  /// What the catalogue and the namespace offer to queries.
  public static func stored(
    _ tables: [QueryTable], joins: [StoredJoin], timeZone: String = "UTC", weekStartsOnSunday: Bool = true
  ) -> QueryCatalogue {
    let dotted = tables.compactMap { table in table.dottedName.map { ($0, table.name) } }
    return QueryCatalogue(
      tables: tables.map { Table($0, isCore: coreTables.contains($0.name)) },
      dottedNames: Dictionary(dotted) { first, _ in first }, joins: joins.map(Join.init), timeZone: timeZone,
      weekStartsOnSunday: weekStartsOnSunday)
  }

  /// What a configuration file makes of the tables of the namespace.
  public static func configured(_ config: QueryConfig, _ tables: [QueryTable]) -> QueryCatalogue {
    QueryCatalogue(
      tables: tables.map { Table($0, isCore: config.coreTables.contains($0.name)) }, dottedNames: config.tables,
      joins: config.joins.map(Join.init), timeZone: config.timeZone, weekStartsOnSunday: config.weekStartsOnSunday)
  }
}

extension QueryCatalogue.Table {
  /// Columns of types that HogQL has nothing for are left out.
  init(_ table: QueryTable, isCore: Bool) {
    self.init(
      name: table.name, schema: table.namespace, relation: table.name,
      columns: table.columns.compactMap {
        QueryCatalogue.Column(name: $0.name, postgresType: $0.type, isNotNull: $0.isRequired, isCore: isCore)
      })
  }
}

extension QueryCatalogue.Join {
  init(_ join: StoredJoin) {
    self.init(
      table: join.table, field: join.field, key: Self.path(join.key), target: join.target, targetKey: Self.path(join.targetKey))
  }

  private static func path(_ key: String) -> [String] { key.split(separator: ".").map(String.init) }
}
