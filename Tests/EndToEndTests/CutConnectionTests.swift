import LocalPostgres
import TestSupport
import Testing

/// Networks that cut, refuse and fall silent, on the way to the source and to the warehouse.
@Suite(.serialized) struct CutConnectionTests {
  /// A fixture that reaches both servers through proxies.
  private struct Proxied {
    let fixture: CrashFixture
    let source: FaultProxy
    let warehouse: FaultProxy
    var database: String { warehouse.url(for: fixture.warehouseURL) }

    init(rows: Int) async throws {
      fixture = try CrashFixture()
      source = try FaultProxy(to: fixture.source)
      warehouse = try FaultProxy(to: fixture.warehouse)
      try await fixture.prepareUsual(rows: rows, through: source.url(for: fixture.sourceURL))
      try await fixture.sync()
    }
  }

  @Test func `twenty cuts at random bytes cost nothing`() async throws {
    var random = SeededRandom("twenty cuts")
    let proxied = try await Proxied(rows: 2_000)
    let fixture = proxied.fixture
    for round in 1...20 {
      try fixture.change(200)
      let proxy = Bool.random(using: &random) ? proxied.source : proxied.warehouse
      let direction: ProxyDirection = Bool.random(using: &random) ? .toServer : .toClient
      // Small numbers as often as large ones: what a sync says first is as much worth cutting.
      let bytes = 1 << Int.random(in: 1...19, using: &random)
      proxy.cut(afterBytes: Int.random(in: bytes / 2...bytes, using: &random), direction)
      let result = try await fixture.startSync(database: proxied.database).wait()
      proxied.source.heal()
      proxied.warehouse.heal()
      #expect(result.exit == 0 || !result.stderr.isEmpty, "seed \(random.seed), round \(round)")
      try await fixture.sync(database: proxied.database)
      try await fixture.expectExact(CrashFixture.usual, "seed \(random.seed), round \(round), after exit \(result.exit): \(result.stderr)")
    }
  }

  @Test(arguments: CrashFixture.usual, [true, false])
  func `a commit that is cut is neither lost nor done twice`(table: String, isHeard: Bool) async throws {
    let proxied = try await Proxied(rows: 2_000)
    let fixture = proxied.fixture
    try fixture.change()
    proxied.warehouse.cut(at: "COMMIT\u{0}", isHeard ? .beforeAnswer : .beforeForwarding)
    let result = try await fixture.startSync(table, database: proxied.database).wait()
    #expect(proxied.warehouse.cutConnections == 1)
    #expect(result.exit == 0, "\(result.stderr)")
    #expect(try fixture.fingerprint(ofWarehouse: table) == fixture.fingerprint(ofSource: table))
    let syncs = try fixture.atWarehouse("SELECT string_agg(status, ', ' ORDER BY id) FROM hedgerow.history WHERE schema = '\(table)'")
    let errors = try fixture.atWarehouse("SELECT string_agg(error, '; ') FROM hedgerow.history WHERE schema = '\(table)'")
    #expect(syncs == (isHeard ? "completed, completed" : "completed, failed, completed"), "\(errors)")
    try await fixture.sync()
    try await fixture.expectExact()
  }

  @Test func `servers that refuse connections for a while are waited for`() async throws {
    let proxied = try await Proxied(rows: 1_000)
    let fixture = proxied.fixture
    try fixture.change()
    proxied.source.refuse(true)
    let process = try fixture.startSync(database: proxied.database)
    try await process.waitUntilPrinted("rying again")
    #expect(try fixture.atWarehouse("SELECT count(*) FROM hedgerow.status WHERE error IS NOT NULL AND status = 'retrying'") != "0")
    proxied.source.refuse(false)
    let result = try await process.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    try await fixture.expectExact()
  }

  @Test func `a warehouse that takes no connection is said to be unreachable`() async throws {
    let proxied = try await Proxied(rows: 10)
    proxied.warehouse.refuse(true)
    let result = try await proxied.fixture.startSync(database: proxied.database).wait()
    #expect(result.exit == 75 || result.exit == 1)
    #expect(result.stderr.contains("connection") || result.stderr.contains("connect"), "\(result.stderr)")
  }

  @Test(.timeLimit(.minutes(4)), arguments: [Side.source, .warehouse])
  func `a connection that falls silent is noticed, and the sync done over another one`(side: Side) async throws {
    let proxied = try await Proxied(rows: 20_000)
    let fixture = proxied.fixture
    let (proxy, direction) = side == .source ? (proxied.source, ProxyDirection.toClient) : (proxied.warehouse, .toServer)
    try fixture.change()
    let before = proxy.bytes(direction)
    proxy.trickle(bytesPerSecond: 300_000)
    let process = try fixture.startSync("whole", database: proxied.database)
    _ = await onOwnThread { waitForBytes(proxy, before + 400_000, direction) }
    proxy.stall()
    try await process.waitUntilPrinted("rying again", timeout: .seconds(120))
    proxy.heal()
    proxy.trickle(bytesPerSecond: nil)
    let result = try await process.wait()
    #expect(result.exit == 0, "\(result.stderr)")
    try await fixture.sync()
    try await fixture.expectExact()
  }

  enum Side { case source, warehouse }
}

private func waitForBytes(_ proxy: FaultProxy, _ count: Int, _ direction: ProxyDirection) -> Bool {
  waitUntil(timeout: .seconds(60)) { proxy.bytes(direction) >= count }
}
