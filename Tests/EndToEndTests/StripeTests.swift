import JSON
import SQLText
import TestSupport
import Testing

/// `hedgerow link stripe`, `hedgerow sync`: from the API to tables, and what stays right in them.
@Suite(.serialized) struct StripeTests {
  private let environment = StripeServer.environment

  private func link(_ fixture: SyncFixture, _ server: StripeServer, _ more: String...) async throws {
    let result = try await HedgerowProcess.run(
      ["link", "stripe", "acme", "key=env:STRIPE_KEY", "base_url=\(server.baseURL)", "rate=0"] + more,
      environment: environment.merging(["HEDGEROW_DATABASE_URL": fixture.warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key]) { $1 })
    #expect(result.exit == 0, "\(result.stdout)\(result.stderr)")
  }

  private func sync(_ fixture: SyncFixture, _ name: String = "acme", expecting exit: Int32 = 0) async throws -> HedgerowProcess.Result {
    try await fixture.hedgerow("sync", name, expecting: exit, environment: environment)
  }

  @Test func `an account becomes typed tables, with the right values`() async throws {
    let fixture = try SyncFixture()
    let server = try StripeServer(.shop(customers: 120, now: StripeServer.now))
    try await link(fixture, server, "--all")
    _ = try await sync(fixture)
    #expect(try fixture.warehouse("SELECT count(*), sum(amount) IS NOT NULL, min(created) < now() FROM warehouse.stripe_charge") == "360|t|t")
    #expect(try fixture.warehouse("SELECT name, metadata ->> 'note' = E'line1\\nline2\\t\"q\" \\\\' FROM warehouse.stripe_customer WHERE id = 'cus_1'") == "Zoë 1 🌿|t")
    #expect(try fixture.warehouse("SELECT unit_amount_decimal FROM warehouse.stripe_price WHERE id = 'price_1'") == "1800.5")
    #expect(try fixture.warehouse("SELECT jsonb_array_length(lines -> 'data') FROM warehouse.stripe_invoice WHERE id = 'in_20'") == "23")
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.stripe_payment_method") == "24")
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.status WHERE status <> 'completed'") == "0")
    #expect(try fixture.warehouse("SELECT pg_get_indexdef(indexrelid) ~ '\\(id\\)' FROM pg_index WHERE indrelid = 'warehouse.stripe_charge'::regclass AND indisprimary") == "t")
  }

  @Test func `changes and deletions arrive, and a sync with nothing new asks once`() async throws {
    let fixture = try SyncFixture()
    let server = try StripeServer(.shop(customers: 60, now: StripeServer.now))
    try await link(fixture, server, "--tables", "customer")
    _ = try await sync(fixture)
    #expect(try fixture.status("mode", of: "customer") == "merge")
    server.shop.update("customers", "cus_3", [("name", "Changed")], event: "customer.updated")
    server.shop.remove("customers", "cus_4", event: "customer.deleted")
    server.shop.add("customers", "cus_new", created: StripeServer.now(), [("object", "customer"), ("name", "New")], event: "customer")
    _ = try await sync(fixture)
    #expect(try fixture.warehouse("SELECT string_agg(name, ',' ORDER BY id) FROM warehouse.stripe_customer WHERE id IN ('cus_3', 'cus_4', 'cus_new')") == "Changed,New")
    #expect(try fixture.warehouse("SELECT rows FROM hedgerow.status WHERE schema = 'customer'") == "60")
    let before = server.shop.requests.count
    _ = try await sync(fixture)
    #expect(server.shop.requests.count == before + 1)
    #expect(try fixture.warehouse("SELECT rows_read, rows_written FROM hedgerow.history ORDER BY id DESC LIMIT 1") == "0|0")
  }

  @Test func `a load that is killed goes on from its last commit`() async throws {
    let fixture = try SyncFixture()
    let server = try StripeServer(.shop(customers: 9000, now: StripeServer.now))
    try await link(fixture, server, "--tables", "charge")
    let process = try HedgerowProcess.start(
      ["sync", "acme"],
      environment: environment.merging([
        "HEDGEROW_DATABASE_URL": fixture.warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key, "HEDGEROW_FAILPOINTS": "after_chunk=kill",
      ]) { $1 })
    let died = try await process.wait()
    #expect(died.exit == -9)
    let before = server.shop.requests.count
    _ = try await sync(fixture)
    #expect(try fixture.warehouse("SELECT count(*), count(DISTINCT id) FROM warehouse.stripe_charge") == "27000|27000")
    // Of 270 pages those of the first commit are not asked for again.
    #expect(server.shop.requests.count - before < 220, "\(server.shop.requests.count - before) requests after \(before)")
    #expect(before > 20)
  }

  @Test func `cut bodies, errors of the server and limits do not change what arrives`() async throws {
    let fixture = try SyncFixture()
    let shop = StripeStandIn.shop(customers: 700, now: StripeServer.now) { number, _ in
      number % 7 == 0 ? .init(429, .object([]), headers: [(name: "Retry-After", value: "0.1")]) : number % 11 == 0 ? .init(500, .object([])) : nil
    }
    let server = try StripeServer(shop) { $0 % 9 == 4 ? [.close(afterBytes: 3000)] : $0 % 13 == 5 ? [.resetBeforeHead] : [] }
    try await link(fixture, server, "--tables", "charge,customer")
    _ = try await sync(fixture)
    #expect(try fixture.warehouse("SELECT count(*), count(DISTINCT id) FROM warehouse.stripe_charge") == "2100|2100")
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.stripe_customer") == "700")
  }

  @Test func `what the key may not read is said at the link, and the rest is linked`() async throws {
    let fixture = try SyncFixture()
    let server = try StripeServer(.shop(customers: 3, now: StripeServer.now))
    server.shop.deny("disputes")
    let result = try await fixture.hedgerow(
      "link", "stripe", "acme", "key=env:STRIPE_KEY", "base_url=\(server.baseURL)", "rate=0", "--all", environment: environment)
    #expect(result.stdout.contains("dispute cannot be read") && result.stdout.contains("rak_disputes_read"))
    #expect(!result.stdout.contains("rk_test_standin") && !result.stderr.contains("rk_test_standin"))
    _ = try await sync(fixture)
    #expect(try fixture.warehouse("SELECT count(*) FROM hedgerow.status WHERE schema = 'dispute'") == "0")
  }

  @Test func `an append adds new objects once, however often they are read`() async throws {
    let fixture = try SyncFixture()
    let server = try StripeServer(.shop(customers: 30, now: StripeServer.now))
    try await link(fixture, server, "--tables", "charge", "--mode", "append")
    _ = try await sync(fixture)
    var random = SeededRandom(seed: 2)
    for number in 0..<150 { server.shop.addCharge(7000 + number, customer: 1, created: StripeServer.now() - 600 + number, &random) }
    _ = try await sync(fixture)
    _ = try await sync(fixture)
    #expect(try fixture.warehouse("SELECT count(*), count(DISTINCT id) FROM warehouse.stripe_charge") == "240|240")
  }

  @Test func `events older than Stripe keeps them lead to a full pass, which says so`() async throws {
    let fixture = try SyncFixture()
    let server = try StripeServer(.shop(customers: 8, now: StripeServer.now))
    try await link(fixture, server, "--tables", "customer")
    _ = try await sync(fixture)
    try fixture.warehouse(
      """
      UPDATE hedgerow.schema SET cursor = jsonb_set(cursor, '{checkpoint}', to_jsonb(
        jsonb_set((cursor ->> 'checkpoint')::jsonb, '{events}', to_jsonb(extract(epoch FROM now())::bigint - 40 * 86400))::text))
      """)
    server.shop.remove("customers", "cus_2", event: nil)
    let result = try await sync(fixture)
    #expect((result.stdout + result.stderr).contains("keeps them for 30 days"))
    #expect(try fixture.warehouse("SELECT count(*) FROM warehouse.stripe_customer") == "7")
  }
}
