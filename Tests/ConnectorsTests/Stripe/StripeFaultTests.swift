import ConnectorKit
import Connectors
import JSON
import Rows
import Synchronization
import TestSupport
import Testing

/// Stripe, and the way there, at their worst.
@Suite struct StripeFaultTests {
  @Test(arguments: [
    StandInWire.Fault.reset, .cut(500), .truncated(700),
  ])
  func `a page counts only when all of it came`(fault: StandInWire.Fault) async throws {
    let shop = StripeStandIn.shop(customers: 300, now: secondsNow)
    let wire = StandInWire(shop: shop, fault: { $0 % 4 == 2 ? fault : nil })
    let table = try await Stripe.connector(wire).loaded("charge")
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
  }

  @Test(arguments: [429, 500, 502, 503, 409])
  func `an answer that passes is asked for again`(status: Int) async throws {
    let shop = StripeStandIn.shop(customers: 200, now: secondsNow) { number, _ in
      number % 3 == 1 ? .init(status, .object([("error", .object([("message", "later")]))]), headers: status == 429 ? [(name: "Retry-After", value: "0.05")] : []) : nil
    }
    let table = try await Stripe.connector(StandInWire(shop: shop)).loaded("charge")
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
  }

  @Test func `a long Retry-After puts the sync off and is not slept through`() async throws {
    let shop = StripeStandIn.shop(customers: 2, now: secondsNow) { _, _ in
      .init(429, .object([]), headers: [(name: "Retry-After", value: "3600")])
    }
    let began = ContinuousClock.now
    await #expect {
      _ = try await Stripe.connector(StandInWire(shop: shop)).loaded("charge")
    } throws: { error in
      (error as? ConnectorError)?.kind == .busy
    }
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test func `a key that is revoked half-way stops the load, which goes on with a new one`() async throws {
    let shop = StripeStandIn.shop(customers: 300, now: secondsNow)
    let first = try await Stripe.connector(StandInWire(shop: shop)).session("charge")
    var table = HeldTable(first.table.columns.map(\.name))
    let reader = try await first.load(after: nil)
    #expect(try await !table.take(reader, dyingAfter: 2))
    shop.setKey("rk_test_other")
    await #expect {
      while try await reader.next() != nil {}
    } throws: { error in
      let error = error as? ConnectorError
      return error?.kind == .unauthorized && error?.message.contains("Invalid API Key") == true && error?.message.contains("rk_test_standin") == false
    }
    await first.close()
    let second = try await Stripe.connector(StandInWire(shop: shop), key: "rk_test_other").session("charge")
    _ = try await table.take(try await second.load(after: table.checkpoint))
    await second.close()
    #expect(Set(table.rows.keys) == Set(shop.ids("charges")))
  }

  @Test func `the check names each table that may not be read, with the right it needs`() async throws {
    let shop = StripeStandIn.shop(customers: 5, now: secondsNow)
    shop.deny("disputes")
    shop.deny("coupons")
    let connector = Stripe.connector(StandInWire(shop: shop))
    let report = try await connector.check()
    #expect(report.notes.count == 2)
    #expect(report.notes.contains { $0.contains("dispute cannot be read") && $0.contains("rak_disputes_read") })
    let schemas = try await connector.discover()
    #expect(schemas.filter { $0.mend != nil }.map(\.name).sorted() == ["coupon", "dispute"])
    #expect(schemas.first { $0.name == "charge" }?.usualMode == .merge)
  }

  @Test func `a key that may not read events links tables that are appended to, and says so`() async throws {
    let shop = StripeStandIn.shop(customers: 5, now: secondsNow)
    shop.deny("events")
    let connector = Stripe.connector(StandInWire(shop: shop))
    #expect(try await connector.check().notes.contains { $0.contains("events cannot be read") })
    #expect(try await connector.discover().first { $0.name == "charge" }?.usualMode == .append)
  }

  @Test func `a wrong key is said once, for all tables`() async throws {
    let connector = Stripe.connector(StandInWire(shop: .shop(customers: 1, now: secondsNow)), key: "rk_wrong")
    await #expect { _ = try await connector.check() } throws: { ($0 as? ConnectorError)?.kind == .unauthorized }
  }

  @Test func `an unknown field is kept, and a value of another type too`() async throws {
    let shop = StripeStandIn.shop(customers: 1, now: secondsNow)
    shop.add("refunds", "re_1", created: secondsNow() - 99, [("object", "refund"), ("amount", "a lot"), ("brand_new", .object([("a", 1)]))])
    let connector = Stripe.connector(StandInWire(shop: shop))
    let session = try await connector.session("refund")
    var table = HeldTable(session.table.columns.map(\.name))
    _ = try await table.take(try await session.load(after: nil))
    #expect(table.text("re_1", "_hedgerow_extra").map { $0.dropFirst() } == #"{"brand_new":{"a":1},"amount":"a lot"}"#)
    #expect(table.rows["re_1"]?["amount"] == nil)
    let notes = await session.notes.joined(separator: "\n")
    #expect(notes.contains("brand_new") && notes.contains("NULL in: amount"))
    await session.close()
  }

  @Test func `a limit of requests is never passed`() async throws {
    let times = Moments()
    let shop = StripeStandIn.shop(customers: 1000, now: secondsNow) { _, _ in
      times.note()
      return nil
    }
    let table = try await Stripe.connector(StandInWire(shop: shop), rate: "25").loaded("charge")
    #expect(table.rows.count == 3000)
    let rate = try #require(times.perSecond)
    #expect(rate < 26.5, "\(rate) requests a second")
  }
}

/// When something happened.
private final class Moments: Sendable {
  private let all = Mutex<[ContinuousClock.Instant]>([])

  func note() { all.withLock { $0.append(.now) } }

  var perSecond: Double? {
    all.withLock { all in
      guard let first = all.first, let last = all.last, all.count > 1 else { return nil }
      return Double(all.count - 1) / ((last - first) / .seconds(1))
    }
  }
}
