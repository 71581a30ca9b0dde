import Testing

@testable import HogQL

/// In which order names are looked up, and what hides what.
@Suite struct ScopeTests {
  @Test func `an alias serves in later items and in WHERE`() throws {
    let sql = try Shop.plain("select quantity * 2 as q, q + 1 as r from orders where q > 4")
    #expect(
      sql == "SELECT orders.quantity * 2 AS q, orders.quantity * 2 + 1 AS r FROM warehouse.orders WHERE orders.quantity * 2 > 4")
  }

  @Test func `in its own item a name still means the column`() throws {
    let sql = try Shop.plain("select quantity + 1 as quantity, quantity as same from orders")
    #expect(sql == "SELECT orders.quantity + 1 AS quantity, orders.quantity + 1 AS same FROM warehouse.orders")
  }

  @Test func `a qualified name is the column, whatever the aliases`() throws {
    let sql = try Shop.plain("select quantity + 1 as quantity, orders.quantity as old from orders")
    #expect(sql == "SELECT orders.quantity + 1 AS quantity, orders.quantity AS old FROM warehouse.orders")
  }

  @Test func `a lambda's parameter hides everything`() throws {
    let sql = try Shop.plain("select arrayMap(status -> status + 1, [1]) from orders")
    #expect(!sql.contains("orders.status"))
  }

  @Test func `a linked table is joined once, and only when it is used`() throws {
    let sql = try Shop.plain("select person.id, person.created_at from events where person.is_identified")
    #expect(sql.components(of: "LEFT JOIN") == 1)
    #expect(try !Shop.plain("select event from events").contains("JOIN"))
  }

  @Test func `links lead on through other links`() throws {
    let sql = try Shop.plain("select person.stripe_customer.balance from events")
    #expect(sql.components(of: "LEFT JOIN") == 2)
  }

  @Test func `a subquery does not see the tables around it`() {
    let error = Shop.error("select (select o.id) from orders o")
    #expect(error?.message == "There is no column o.id.")
  }

  @Test func `a subquery sees the queries of WITH`() throws {
    let sql = "WITH t (x) AS (SELECT 1::bigint AS x) SELECT orders.id FROM warehouse.orders WHERE orders.id IN (SELECT t 2.x FROM t AS t 2)"
    #expect(try Shop.plain("with t as (select 1 as x) select id from orders where id in (select x from t)") == sql)
    #expect(try Shop.plain("with t as (select 1 as x) select id from orders where id in t") == sql)
  }

  @Test func `queries of WITH that nobody uses are left out`() throws {
    #expect(try Shop.plain("with t as (select 1 as x) select 2 as y") == "SELECT 2::bigint AS y")
  }

  @Test func `columns carry their labels`() throws {
    let compiled = try compile(
      "select o.status, o.id as number, count() from orders o group by 1, 2", catalogue: Shop.catalogue)
    #expect(compiled.columns.map(\.name) == ["status", "number", "count"])
    #expect(compiled.columns.map(\.type.clickHouseName) == ["Nullable(String)", "Nullable(Int64)", "Int64"])
  }
}

extension String {
  /// How many times a piece stands in the text.
  func components(of piece: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: piece) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }

  @Test func `a link whose column is gone says how to store it anew`() throws {
    var catalogue = Shop.catalogue
    catalogue.joins = [QueryCatalogue.Join(table: "persons", field: "buyer", key: ["id"], target: "stripe_customer", targetKey: ["mail"])]
    let error = #expect(throws: QueryError.self) { _ = try compile("select buyer.balance from persons", catalogue: catalogue) }
    #expect(error?.message == "The link persons.buyer goes by column mail of stripe_customer, which has none of that name.")
    #expect(error?.hint?.contains("hedgerow join add persons KEY stripe_customer TARGET-KEY --as buyer") == true)
  }
}
