import ConnectorKit
import Connectors
import JSON
import Rows
import TestSupport
import Testing

/// The first load: every object, whatever happens on the way.
@Suite struct StripeLoadTests {
  private func shop(customers: Int = 400) -> StripeStandIn { .shop(customers: customers, now: secondsNow) }

  @Test func `a load brings every object with its values`() async throws {
    let shop = shop()
    let table = try await Stripe.connector(StandInWire(shop: shop)).loaded("charge")
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
    #expect(table.text("ch_7", "customer") == "cus_2")
    #expect(table.integer("ch_7", "amount_refunded") == 0)
    #expect(table.text("ch_7", "payment_method_details").map { $0.dropFirst() } == #"{"type":"card"}"#)
    #expect(table.rows["ch_7"]?["_hedgerow_extra"] == nil)
  }

  @Test func `texts come as they are, and a missing value is NULL`() async throws {
    let table = try await Stripe.connector(StandInWire(shop: shop(customers: 12))).loaded("customer")
    #expect(table.text("cus_1", "name") == "Zoë 1 🌿")
    #expect(table.rows["cus_9"]?["name"] == nil)
    #expect(table.text("cus_1", "metadata")?.contains(#""note":"line1\nline2\t\"q\" \\""#) == true)
  }

  @Test func `a load goes on where it died, after any batch`() async throws {
    let shop = shop()
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = HeldTable(try await connector.session("charge").table.columns.map(\.name))
    var lives = 0
    var isDone = false
    while !isDone {
      lives += 1
      let session = try await connector.session("charge")
      isDone = try await table.take(try await session.load(after: table.checkpoint), dyingAfter: 2)
      await session.close()
    }
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
    #expect(lives >= 4, "the load was cut \(lives) times")
    #expect(table.landed < 2 * shop.count("charges"))
  }

  @Test func `what is there all the time is read although others come and go`() async throws {
    let shop = shop()
    let all = shop.ids("charges")
    let doomed = Set(all.enumerated().filter { $0.offset % 97 == 50 }.map(\.element))
    let session = try await Stripe.connector(StandInWire(shop: shop)).session("charge")
    let reader = try await session.load(after: nil)
    var table = HeldTable(session.table.columns.map(\.name))
    var random = SeededRandom(seed: 3)
    var batches = 0
    while try await !table.take(reader, dyingAfter: 1) {
      batches += 1
      shop.addCharge(100_000 + batches, customer: 1, created: secondsNow(), &random)
      // The last one of a page is where the next page begins: it goes first.
      for id in doomed.prefix(batches * 2) { shop.remove("charges", id, event: nil) }
    }
    await session.close()
    #expect(Set(all).subtracting(doomed).isSubset(of: Set(table.rows.keys)))
  }

  @Test func `a place that is deleted before it is used is made up for`() async throws {
    let shop = shop()
    let session = try await Stripe.connector(StandInWire(shop: shop)).session("charge")
    let reader = try await session.load(after: nil)
    guard let first = try await reader.next(), let text = first.checkpoint else { throw TestFailure("no first batch") }
    await session.close()
    let firstPage = Array(shop.ids("charges").suffix(100))
    shop.remove("charges", firstPage[0], event: nil)
    #expect(text.contains(firstPage[0]))
    let again = try await Stripe.connector(StandInWire(shop: shop)).session("charge")
    var table = HeldTable(session.table.columns.map(\.name))
    _ = try await table.take(try await again.load(after: text))
    await again.close()
    #expect(Set(shop.ids("charges").dropLast(99)).isSubset(of: Set(table.rows.keys)))
  }

  @Test func `lists that are cut at ten are fetched to the end`() async throws {
    let table = try await Stripe.connector(StandInWire(shop: shop(customers: 45))).loaded("invoice")
    let whole = try #require(table.text("in_20", "lines"))
    #expect(whole.components(of: "line_item") == 23)
    #expect(whole.contains("\"has_more\":false"))
    #expect(try #require(table.text("in_4", "lines")).components(of: "line_item") == 2)
  }

  @Test func `a stream of a parent is read for each parent, and resumes between pages of parents`() async throws {
    let shop = shop(customers: 350)
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = HeldTable(try await connector.session("payment_method", .fullRefresh).table.columns.map(\.name))
    var isDone = false
    while !isDone {
      let session = try await connector.session("payment_method", .fullRefresh)
      isDone = try await table.take(try await session.load(after: table.checkpoint), dyingAfter: 30)
      await session.close()
    }
    #expect(Set(table.rows.keys) == Set(shop.ids("customers/payment_methods")))
    #expect(table.text("pm_10", "customer") == "cus_10")
  }

  @Test func `an empty account is a load with no rows, and the next one begins there`() async throws {
    let shop = shop(customers: 0)
    let connector = Stripe.connector(StandInWire(shop: shop))
    var table = try await connector.loaded("charge")
    #expect(table.rows.isEmpty)
    var random = SeededRandom(seed: 1)
    shop.addCharge(1, customer: 1, created: secondsNow(), &random)
    try await connector.update(&table, "charge", .append)
    #expect(table.rows.count == 1)
  }
}

extension String {
  func components(of part: String) -> Int { ranges(of: part).count }
}
