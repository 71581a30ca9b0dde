import ConnectorKit
import Connectors
import JSON
import Rows
import TestSupport
import Testing

/// After the first load: new, changed and deleted objects.
@Suite struct StripeChangesTests {
  private func shop(customers: Int = 150) -> StripeStandIn { .shop(customers: customers, now: secondsNow) }

  @Test func `new, changed and deleted objects are all seen by a merge`() async throws {
    let shop = shop()
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("customer")
    shop.update("customers", "cus_3", [("name", "Once"), ("balance", 5)], event: "customer.updated")
    shop.update("customers", "cus_3", [("name", "Twice")], event: "customer.updated")
    shop.remove("customers", "cus_4", event: "customer.deleted")
    shop.add("customers", "cus_new", created: secondsNow(), [("object", "customer"), ("name", "New")], event: "customer")
    try await connector.update(&table, "customer")
    #expect(Set(table.rows.keys) == Set(shop.ids("customers")))
    #expect(table.text("cus_3", "name") == "Twice")
    #expect(table.integer("cus_3", "balance") == 5)
    #expect(table.text("cus_new", "name") == "New")
  }

  @Test func `a subscription that ends stays, as cancelled`() async throws {
    let shop = shop(customers: 3)
    shop.add("subscriptions", "sub_1", created: secondsNow() - 86_400, [("object", "subscription"), ("status", "active")])
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("subscription")
    shop.update("subscriptions", "sub_1", [("status", "canceled")], event: "customer.subscription.deleted")
    try await connector.update(&table, "subscription")
    #expect(table.text("sub_1", "status") == "canceled")
  }

  @Test func `with nothing new a sync asks once`() async throws {
    let shop = shop()
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("customer")
    let before = shop.requests.count
    try await connector.update(&table, "customer")
    #expect(shop.requests.count - before == 1)
    #expect(shop.requests.last?.path == "/v1/events")
  }

  @Test func `an object whose event is of another version is read anew`() async throws {
    let shop = shop()
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("price")
    shop.update("prices", "price_1", [("nickname", "Gold")], event: "price.updated")
    let before = shop.requests.count
    try await connector.update(&table, "price")
    #expect(table.text("price_1", "nickname") == "Gold")
    #expect(shop.requests[before...].contains { $0.path == "/v1/prices/price_1" && $0.first("expand[]") == "tiers" })
  }

  @Test func `an append adds what is new and looks at no events`() async throws {
    let shop = shop()
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("charge", .append)
    var random = SeededRandom(seed: 5)
    for number in 0..<250 { shop.addCharge(5000 + number, customer: 1, created: secondsNow() - 300 + number, &random) }
    try await connector.update(&table, "charge", .append)
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
    #expect(!shop.requests.contains { $0.path == "/v1/events" })
  }

  @Test func `a pass over new objects that was cut goes on, and leaves no hole`() async throws {
    let shop = shop(customers: 20)
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("charge", .append)
    var random = SeededRandom(seed: 5)
    for number in 0..<450 { shop.addCharge(5000 + number, customer: 1, created: secondsNow() - 900 + number, &random) }
    let session = try await connector.session("charge", .append, checkpoint: table.checkpoint)
    #expect(try await !table.take(try await session.changes(after: table.checkpoint ?? ""), dyingAfter: 2))
    await session.close()
    shop.addCharge(9000, customer: 1, created: secondsNow(), &random)
    try await connector.update(&table, "charge", .append)
    try await connector.update(&table, "charge", .append)
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
  }

  @Test func `after more than thirty days everything is read anew, and it says so`() async throws {
    let shop = shop(customers: 10)
    let connector = Stripe.connector(StandInWire(shop: shop))
    let old = #"{"events":\#(secondsNow() - 41 * 86_400),"since":1700000000000000}"#
    let session = try await connector.session("customer", checkpoint: old)
    #expect(session.reloadReason?.contains("41 days ago") == true)
    let fresh = try await connector.session("customer", checkpoint: #"{"events":\#(secondsNow() - 3 * 86_400),"since":1700000000000000}"#)
    #expect(fresh.reloadReason == nil)
    let append = try await connector.session("customer", .append, checkpoint: old)
    #expect(append.reloadReason == nil)
  }
}
