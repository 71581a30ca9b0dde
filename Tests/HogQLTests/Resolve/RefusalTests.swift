import Testing

@testable import HogQL

/// What is refused, where the finger points, and what is said.
@Suite struct RefusalTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    var text: String
    /// The piece of the text that the error points at.
    var place: String
    var message: String
    var hint: String?

    init(_ text: String, at place: String, _ message: String, hint: String? = nil) {
      self.text = text
      self.place = place
      self.message = message
      self.hint = hint
    }

    var testDescription: String { text }
  }

  static let refusals = [
    Refusal("select statsu from orders", at: "statsu", "There is no column statsu.", hint: "Did you mean status?"),
    Refusal("select o.nope from orders o", at: "o.nope", "o has no column nope."),
    Refusal("select id from ordres", at: "ordres", "There is no table ordres.", hint: "Did you mean orders?"),
    Refusal(
      "select id from orders o join customers c on c.id = o.customer_id", at: "id",
      "The column id is ambiguous: o and c have it.", hint: "Write the table's name before it."),
    Refusal(
      "select id from orders join orders on 1", at: "orders on", "The table orders is there twice.",
      hint: "Give one of them an alias."),
    Refusal("select cuont() from orders", at: "cuont", "There is no function cuont.", hint: "Did you mean count?"),
    Refusal("select sum(1, 2, 3) from orders", at: "sum", "sum takes 1 argument, not 3."),
    Refusal(
      "select id from orders where sum(quantity) > 1", at: "sum(quantity) > 1", "An aggregate cannot stand in WHERE.",
      hint: "Use HAVING, or an alias of another name."),
    Refusal(
      "select sum(quantity) as quantity from orders where quantity > 5", at: "quantity > 5",
      "An aggregate cannot stand in WHERE.", hint: "Use HAVING, or an alias of another name."),
    Refusal(
      "select countIf(is_gift) as is_gift, countIf(not is_gift) from orders", at: "not is_gift",
      "An aggregate cannot stand inside the aggregate countIf.", hint: "Compute the inner one in a subquery."),
    Refusal(
      "select status, count() from orders", at: "status",
      "The column status is neither in GROUP BY nor inside an aggregate.", hint: "Group by it, or use any(status)."),
    Refusal(
      "select b + 1 as a, 2 as b", at: "b", "There is no column b yet.",
      hint: "The item that makes b must stand before this one."),
    Refusal("select 1 as a, 2 as a", at: "a", "The alias a is given twice.", hint: "Choose another name."),
    Refusal(
      "select id from orders where status = 5", at: "status = 5", "Nullable(String) and Int64 cannot be compared.",
      hint: "Convert one side, for instance with toString, toFloat or toDate."),
    Refusal("select * from orders, customers", at: "*", "* is ambiguous with several tables.", hint: "Write the table's name: t.*"),
    Refusal("select person from events", at: "person", "person is a linked table, not a column.", hint: "Name one of its columns after a dot."),
    Refusal("select {nobody} from orders", at: "{nobody}", "The placeholder {nobody} has no value.", hint: "Give one with the query."),
    Refusal(
      "select id from {t}", at: "{t}", "A placeholder cannot stand for a table.", hint: "Write the table's name into the query."),
    Refusal(
      "select status from orders order by status with fill", at: "with fill",
      "WITH FILL needs integers, dates or times, not Nullable(String).", hint: "Convert the key."),
    Refusal(
      "select id, quantity from orders order by id, quantity with fill", at: "with fill",
      "WITH FILL is only supported for the first key of ORDER BY.", hint: "Order by what is to be filled first."),
    Refusal(
      "select id from orders order by quantity with fill", at: "quantity", "The key of WITH FILL must be a selected column.",
      hint: "Select it."),
    Refusal(
      "select id from orders order by id desc with fill step 2", at: "2",
      "The step of WITH FILL must be negative, since the order is descending."),
    Refusal(
      "select distinct id from orders order by id with fill", at: "with fill",
      "WITH FILL is not supported beside DISTINCT, QUALIFY, LIMIT BY, WITH TIES and a percentage.",
      hint: "Put the rest into a subquery: select * from (..) order by day with fill"),
    Refusal(
      "(select 1 as a union all select 3 as a) order by a with fill", at: "with fill",
      "WITH FILL can only stand in the ORDER BY of a SELECT.",
      hint: "Put the rest into a subquery: select * from (..) order by day with fill"),
    Refusal(
      "with recursive t as (select 1 as n) select n from t", at: "with recursive t as (select 1 as n)",
      "WITH RECURSIVE is not supported: a query of WITH sees those before it, and never itself.",
      hint: "Leave RECURSIVE out. numbers(n) counts; a hierarchy needs a join for each of its levels."),
    Refusal(
      "select 1 as a union all by name select 2 as a", at: "union all by name",
      "BY NAME is not supported: HogQL's set operations match columns by their position.",
      hint: "Leave BY NAME out, and select the columns in the same order in each query."),
    Refusal("select id from orders where created_at > 'soon'", at: "'soon'", "'soon' is not a date or time.", hint: "Write it as 'YYYY-MM-DD' or 'YYYY-MM-DD hh:mm:ss'."),
    Refusal("select id from orders limit 1 with ties", at: "limit 1 with ties", "WITH TIES needs ORDER BY.", hint: "Say by what the rows are ordered."),
    Refusal("select id from orders final", at: "final", "FINAL is not supported.", hint: "Leave it out."),
    Refusal("select id from orders sample 0.1", at: "sample 0.1", "SAMPLE is not supported.", hint: "Filter instead."),
    Refusal("select row_number() from orders", at: "row_number()", "row_number needs OVER.", hint: "Write row_number(..) OVER (ORDER BY ..)."),
    Refusal(
      "select o.id from orders o join customers c on c.id = o.id any join customers d on d.id = o.id", at: "any join",
      "ANY JOIN needs a single table on its left.", hint: "Put the left side into a subquery."),
  ]

  @Test(arguments: refusals)
  func `a query that cannot be right is refused at its place, with advice`(refusal: Refusal) throws {
    let error = try #require(Shop.error(refusal.text))
    #expect(error.message == refusal.message)
    #expect(error.hint == refusal.hint)
    let scalars = Array(refusal.text.unicodeScalars)
    let place = String(String.UnicodeScalarView(scalars[error.span.start..<error.span.end]))
    #expect(refusal.place.hasPrefix(place) || place.hasPrefix(refusal.place))
  }
}
