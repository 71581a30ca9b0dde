import HogQL

// What docs/hogql-library.md shows: its pieces of Swift are pieces of this file, which sees the library as others do.

enum LibraryExamples {
  static func catalogue() -> QueryCatalogue {
    let columns = [("id", "bigint"), ("status", "text"), ("total", "numeric(12,2)"), ("placed_at", "timestamp with time zone")]
    let orders = QueryCatalogue.Table(
      name: "orders", schema: "warehouse", relation: "shop_orders",
      columns: columns.compactMap {
        QueryCatalogue.Column(name: $0.0, postgresType: $0.1, isNotNull: $0.0 == "id", isCore: false)
      })
    let catalogue = QueryCatalogue(
      tables: [orders], dottedNames: ["shop.orders": "orders"], timeZone: "Europe/Berlin", weekStartsOnSunday: false)
    return catalogue
  }

  static func translation(_ catalogue: QueryCatalogue) throws -> (sql: String, columns: [(name: String, type: HogQLType)]) {
    let text = "select status, count() as orders from shop.orders where total > {least} group by status order by status"
    let query = try compile(text, catalogue: catalogue, values: ["least": .integer(100)])
    print(query.sql)
    for column in query.columns { print(column.name, column.type.clickHouseName) }
    return (query.sql, query.columns)
  }

  static func mistake(_ catalogue: QueryCatalogue) -> String {
    var shown = ""
    let text = "select statsu from orders"
    do {
      _ = try compile(text, catalogue: catalogue)
    } catch {
      shown = error.rendered(in: text)
    }
    return shown
  }

  static func limits(_ catalogue: QueryCatalogue) throws -> String {
    let options = CompileOptions(defaultLimit: nil, maximumLimit: 1_000, collationIsC: true)
    return try compile("select id from orders limit 5000", catalogue: catalogue, options: options).sql
  }

  static func placeOfAnError(_ catalogue: QueryCatalogue) throws -> String? {
    let text = "select intDiv(id, 0) as a from orders"
    let query = try compile(text, catalogue: catalogue)
    let position = query.sql.unicodeScalars.count / 2
    guard let span = query.span(atSQLPosition: position) else { return nil }
    let error = QueryError("division by zero", at: span)
    return error.rendered(in: text)
  }

  static func tree() throws -> Int {
    let query = try Parser.parse("select 1 union all select 2")
    return query.rest.count
  }
}
