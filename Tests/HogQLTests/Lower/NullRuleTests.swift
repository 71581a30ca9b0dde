import Testing

@testable import HogQL

/// Comparisons are never NULL outside join conditions: the table of the rules, as conditions and as values.
@Suite struct NullRuleTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    var text: String
    var condition: String
    var value: String

    init(_ text: String, condition: String, value: String) {
      self.text = text
      self.condition = condition
      self.value = value
    }

    var testDescription: String { text }
  }

  static let rules = [
    Rule("status = 'a'", condition: "status = 'a'", value: "coalesce(status = 'a', false)"),
    Rule("status != 'a'", condition: "status IS DISTINCT FROM 'a'", value: "status IS DISTINCT FROM 'a'"),
    Rule("status = null", condition: "status IS NULL", value: "status IS NULL"),
    Rule("status != null", condition: "status IS NOT NULL", value: "status IS NOT NULL"),
    Rule("null = null", condition: "true", value: "true"),
    Rule("null != null", condition: "false", value: "false"),
    Rule(
      "customer_id = quantity", condition: "customer_id IS NOT DISTINCT FROM quantity",
      value: "customer_id IS NOT DISTINCT FROM quantity"),
    Rule(
      "customer_id != quantity", condition: "customer_id IS DISTINCT FROM quantity",
      value: "customer_id IS DISTINCT FROM quantity"),
    Rule("customer_id = id", condition: "customer_id = id", value: "coalesce(customer_id = id, false)"),
    Rule("quantity > 3", condition: "quantity > 3", value: "coalesce(quantity > 3, false)"),
    Rule("quantity > null", condition: "false", value: "false"),
    Rule("not (quantity > 3)", condition: "NOT coalesce(quantity > 3, false)", value: "NOT coalesce(quantity > 3, false)"),
    Rule("quantity between 1 and 3", condition: "quantity BETWEEN 1 AND 3", value: "coalesce(quantity BETWEEN 1 AND 3, false)"),
    Rule(
      "quantity not between 1 and 3", condition: "quantity NOT BETWEEN 1 AND 3",
      value: "coalesce(quantity NOT BETWEEN 1 AND 3, false)"),
    Rule("status like 'a%'", condition: "status LIKE 'a%'", value: "coalesce(status LIKE 'a%', false)"),
    Rule(
      "status not like 'a%'", condition: "coalesce(status NOT LIKE 'a%', true)", value: "coalesce(status NOT LIKE 'a%', true)"),
    Rule("status ~ 'a'", condition: "status ~ 'a'", value: "coalesce(status ~ 'a', false)"),
    Rule("status !~ 'a'", condition: "NOT coalesce(status ~ 'a', false)", value: "NOT coalesce(status ~ 'a', false)"),
    Rule("quantity in (1, 2)", condition: "quantity IN (1, 2)", value: "coalesce(quantity IN (1, 2), false)"),
    Rule(
      "quantity not in (1, 2)", condition: "coalesce(quantity NOT IN (1, 2), true)",
      value: "coalesce(quantity NOT IN (1, 2), true)"),
    Rule("quantity in (null)", condition: "quantity IS NULL", value: "quantity IS NULL"),
    Rule("null in (1)", condition: "false", value: "false"),
    Rule("null not in (1)", condition: "true", value: "true"),
    Rule("status is distinct from 'a'", condition: "status IS DISTINCT FROM 'a'", value: "status IS DISTINCT FROM 'a'"),
    Rule("status <=> 'a'", condition: "status IS NOT DISTINCT FROM 'a'", value: "status IS NOT DISTINCT FROM 'a'"),
    Rule("is_gift and quantity > 1", condition: "is_gift AND quantity > 1", value: "is_gift AND coalesce(quantity > 1, false)"),
    Rule("quantity", condition: "", value: "quantity"),
  ]

  @Test(arguments: rules.filter { !$0.condition.isEmpty })
  func `in WHERE NULL and false are one`(rule: Rule) throws {
    let sql = try Shop.plain("select 1 from orders where \(rule.text)")
    #expect(sql.split(separator: " WHERE ").last.map(bare) == rule.condition)
  }

  @Test(arguments: rules)
  func `as a value a comparison is true or false`(rule: Rule) throws {
    let sql = try Shop.plain("select \(rule.text) as v from orders")
    #expect(bare(sql.dropFirst("SELECT ".count)).split(separator: " AS v FROM").first.map { String($0) } == rule.value)
  }

  @Test func `in a join's condition comparisons are Postgres' own`() throws {
    let sql = try Shop.plain("select 1 from orders o join orders p on o.customer_id = p.customer_id and o.status != 'x'")
    #expect(sql.hasSuffix("ON o.customer_id = p.customer_id AND o.status <> 'x'"))
  }

  private func bare(_ sql: some StringProtocol) -> String {
    String(sql).split(separator: "orders.", omittingEmptySubsequences: false).joined()
      .split(separator: "FROM warehouse.").joined(separator: "FROM ")
  }
}
