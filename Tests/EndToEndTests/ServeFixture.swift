import Glibc
import LocalPostgres
import SQLText
import TestSupport
import Testing

/// A source and a warehouse with some `hedgerow serve` between them.
struct ServeFixture: Sendable {
  let shop: SyncFixture

  /// - Parameter tables: SQL that makes the source's tables, all of them enabled.
  init(_ tables: String, through url: String? = nil, connections: Int = 2) async throws {
    shop = try SyncFixture(tables)
    try await shop.hedgerow("link", "postgres", "shop", "url=\(url ?? shop.sourceURL)", "--all", "--mode", "full_refresh")
    try await shop.hedgerow("set", "shop", "max_connections=\(connections)")
  }

  /// Starts one and waits until it serves.
  ///
  /// - Parameter failpoints: as in `HEDGEROW_FAILPOINTS`.
  func serve(_ options: String..., failpoints: String = "", database: String? = nil, json: Bool = false) async throws -> HedgerowProcess {
    let process = try HedgerowProcess.start(
      ["serve"] + options,
      environment: [
        "HEDGEROW_DATABASE_URL": database ?? shop.warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key, "HEDGEROW_FAILPOINTS": failpoints,
        "HEDGEROW_LOG_FORMAT": json ? "json" : "",
      ])
    try await process.waitUntilPrinted("serving")
    return process
  }

  /// Waits until a query at the warehouse gives `t`.
  func wait(_ condition: String, timeout: Duration = .seconds(60), _ processes: [HedgerowProcess] = [], at location: SourceLocation = #_sourceLocation) async throws {
    let isTrue = await onOwnThread { waitUntil(timeout: timeout) { (try? shop.warehouse("SELECT \(condition)")) == "t" } }
    guard !isTrue else { return }
    let state = try shop.warehouse("SELECT schema, status, error, attempts, next_at, now() FROM hedgerow.status; SELECT schema, status, trigger, worker, error FROM hedgerow.recent_history h JOIN hedgerow.history i USING (id, schema, status, trigger, error)")
    Issue.record("not true within \(timeout): \(condition)\n\(state)\n\(processes.map(\.stderr).joined(separator: "\n"))", sourceLocation: location)
    throw TestFailure("gave up waiting")
  }

  /// Waits until so many syncs are completed in all.
  func waitForCompleted(_ count: Int, timeout: Duration = .seconds(60), _ processes: [HedgerowProcess] = [], at location: SourceLocation = #_sourceLocation) async throws {
    try await wait("count(*) >= \(count) FROM hedgerow.history WHERE status = 'completed'", timeout: timeout, processes, at: location)
  }

  func history(_ expression: String) throws -> String { try shop.warehouse("SELECT \(expression) FROM hedgerow.history") }

  /// Asks a process to stop, and expects that it does so well.
  func stop(_ process: HedgerowProcess, at location: SourceLocation = #_sourceLocation) async throws {
    process.signal(SIGTERM)
    let result = try await process.wait(timeout: .seconds(60))
    #expect(result.exit == 0 && result.stderr.contains("stopped"), "\(result.exit): \(result.stderr)", sourceLocation: location)
  }
}
