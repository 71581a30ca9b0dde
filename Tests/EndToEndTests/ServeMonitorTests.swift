import Glibc
import LocalPostgres
import TestSupport
import Testing

/// What `hedgerow serve --listen` tells those who watch it.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ServeMonitorTests {
  private static let items = "CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items SELECT generate_series(1, 500);"

  /// The port that a process says it listens at.
  private func port(of process: HedgerowProcess) throws -> Int {
    let line = process.stderr.split(separator: "\n").first { $0.contains("listening at http://127.0.0.1:") } ?? ""
    guard let port = Int(line.split(separator: ":").last ?? "") else { throw TestFailure("no port: \(process.stderr)") }
    return port
  }

  @Test func `health, readiness and metrics tell the truth, also while the warehouse is away`() async throws {
    let proxy = try FaultProxy(to: .warehouse)
    let fixture = try await ServeFixture(Self.items)
    let process = try await fixture.serve("--listen", "127.0.0.1:0", database: proxy.url(for: fixture.shop.warehouseURL))
    try await process.waitUntilPrinted("listening at")
    let port = try port(of: process)
    try await fixture.waitForCompleted(1, [process])
    let ready = try await PlainHTTP.get(port, "/readyz")
    #expect(ready.status == 200 && ready.body == "{\"ready\":true,\"warehouse\":\"ok\",\"catalogue\":\"ok\",\"scheduler\":\"ok\"}\n", "\(ready)")
    #expect(try await PlainHTTP.get(port, "/healthz").body == "ok\n")

    try await expectMetrics(port, ["hedgerow_schema_rows{source=\"shop\",schema=\"items\"} 500", "hedgerow_syncs_total{outcome=\"completed\"} 1", "hedgerow_schemas{status=\"completed\"} 1", "hedgerow_rows_written_total 500", "hedgerow_queue_depth 0", "hedgerow_warehouse_up 1", "process_resident_memory_bytes "])

    proxy.refuse(true)
    proxy.cut()
    try await process.waitUntilPrinted("It is asked again.")
    let away = try await PlainHTTP.get(port, "/readyz")
    #expect(away.status == 503 && away.body.contains("\"ready\":false,\"warehouse\":\"it does not answer\""), "\(away)")
    #expect(!away.body.contains("postgres"))
    #expect(try await PlainHTTP.get(port, "/healthz").status == 200)
    try await expectMetrics(port, ["hedgerow_warehouse_up 0", "hedgerow_workers 4"])
    proxy.refuse(false)
    let isBack = await eventually { try await PlainHTTP.get(port, "/readyz").status == 200 }
    #expect(isBack)
    try fixture.shop.warehouse("INSERT INTO hedgerow.migration (version, name) VALUES (9999, 'from the future')")
    let newer = try await PlainHTTP.get(port, "/readyz")
    #expect(newer.status == 503 && newer.body.contains("newer hedgerow (version 9999)"), "\(newer)")
    try await fixture.stop(process)
  }

  private func expectMetrics(_ port: Int, _ lines: [String]) async throws {
    let metrics = try await PlainHTTP.get(port, "/metrics")
    #expect(metrics.status == 200 && metrics.head.contains("text/plain; version=0.0.4"))
    for line in lines { #expect(metrics.body.contains("\n\(line)"), "\(line)\n\(metrics.body)") }
  }

  private func eventually(_ condition: () async throws -> Bool) async -> Bool {
    for _ in 0..<150 {
      if (try? await condition()) == true { return true }
      try? await Task.sleep(for: .milliseconds(200))
    }
    return false
  }

  @Test func `strange requests get an answer and do no harm`() async throws {
    let fixture = try await ServeFixture(Self.items)
    let process = try await fixture.serve("--listen", "0")
    try await process.waitUntilPrinted("listening at")
    let port = try port(of: process)
    #expect(try await PlainHTTP.get(port, "/").status == 404)
    #expect(try await PlainHTTP.get(port, "/metrics", method: "POST").status == 405)
    let head = try await PlainHTTP.get(port, "/healthz", method: "HEAD")
    #expect(head.status == 200 && head.body.isEmpty && head.head.contains("Content-Length: 3"))
    #expect(try await PlainHTTP.send(port, "\u{0}\u{1}nonsense\r\n\r\n").status == 400)
    #expect(try await PlainHTTP.send(port, "GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 9000))").status == 431)
    // One that never ends its request is sent away, and holds nobody up meanwhile.
    async let slow = PlainHTTP.send(port, "GET /healthz HTTP/1.1\r\n")
    #expect(try await PlainHTTP.get(port, "/healthz").status == 200)
    #expect(try await slow.status == 408)
    try await fixture.stop(process)
  }

  @Test(arguments: [
    ("0.0.0.0:8080", 2, "can be reached by others"), ("here", 2, "is no address"), ("192.0.2.1:80", 2, "--listen 127.0.0.1:PORT"),
  ] as [(String, Int32, String)])
  func `an address that others can reach, or that is none, is refused with the reason`(address: String, exit: Int32, text: String) async throws {
    let fixture = try SyncFixture()
    let result = try await fixture.run(["serve", "--listen", address])
    #expect(result.exit == exit && result.stderr.contains(text), "\(result.exit): \(result.stderr)")
  }

  @Test func `a port that is taken is told`() async throws {
    let fixture = try await ServeFixture(Self.items)
    let first = try await fixture.serve("--listen", "0")
    try await first.waitUntilPrinted("listening at")
    let port = try port(of: first)
    let second = try await fixture.shop.run(["serve", "--listen", "\(port)"])
    #expect(second.exit == 1 && second.stderr.contains("127.0.0.1:\(port) cannot be listened at"), "\(second)")
    try await fixture.stop(first)
  }
}
