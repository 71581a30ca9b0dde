import Glibc
import Postgres
import SQLText
import TestSupport
import Testing

/// What people and programs rely on at the command line: exit codes, JSON, and several processes at once.
@Suite(.serialized) struct CommandLineTests {
  private static let items = """
    CREATE TABLE items (id int PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT now(), note text);
    INSERT INTO items (id, note) SELECT g, repeat('x', 100) FROM generate_series(1, 50000) g;
    """

  @Test(arguments: ["full_refresh", "append", "merge"])
  func `two processes that sync the same schema do it once, and right`(mode: String) async throws {
    let fixture = try SyncFixture(Self.items)
    try await fixture.link(mode: mode)
    try await fixture.hedgerow("set", "shop.items", "cursor=updated_at")
    for round in 1...3 {
      let runs = try (1...3).map { _ in try fixture.start("sync", "shop") }
      var codes: [Int32] = []
      for run in runs {
        let result = try await run.wait()
        codes.append(result.exit)
        if result.exit == 75 { #expect(result.stderr.contains("try again later")) }
      }
      #expect(codes.contains(0) && codes.allSatisfy { $0 == 0 || $0 == 75 }, "\(codes)")
      if round > 1 { try await fixture.sync() }
      try fixture.expectEqual("items")
      try fixture.source("INSERT INTO items (id, note) SELECT \(round * 100000) + g, 'new' FROM generate_series(1, 1000) g")
    }
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }

  @Test func `everything that is listed can be had as JSON`() async throws {
    let fixture = try SyncFixture(Self.items + "CREATE TABLE \(Identifier("quo\"te 🌿")) (id int)")
    let linked = try await fixture.hedgerow("link", "postgres", "shop", "url=\(fixture.sourceURL)", "--all", "--json").stdout
    #expect(try count(linked, fixture) == 2)
    let synced = try await fixture.hedgerow("sync", "--json").stdout
    #expect(try fixture.warehouse("SELECT sum((e ->> 'rows')::int), min(e ->> 'status') FROM jsonb_array_elements(\(Literal(synced))::jsonb) e") == "50000|completed")
    for (command, expected) in [(["status"], 2), (["sources"], 1), (["schemas", "shop"], 2), (["history"], 2), (["verify"], 2)] {
      let json = try await HedgerowProcess.run(
        command + ["--json"], environment: ["HEDGEROW_DATABASE_URL": fixture.warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key])
      #expect(json.exit == 0 && json.stderr.isEmpty, "\(command): \(json.stderr)")
      #expect(try count(json.stdout, fixture) == expected, "\(command): \(json.stdout)")
    }
    try fixture.source("DROP TABLE items")
    let failed = try await fixture.hedgerow("sync", "shop.items", "--json", expecting: 1).stdout
    #expect(try fixture.warehouse("SELECT \(Literal(failed))::jsonb -> 0 ->> 'status'") == "failed")
  }

  private func count(_ json: String, _ fixture: SyncFixture) throws -> Int? {
    Int(try fixture.warehouse("SELECT jsonb_array_length(\(Literal(json))::jsonb)"))
  }

  @Test func `several processes that install the catalogue at once install it once`() async throws {
    let fixture = try SyncFixture()
    let runs = try (1...4).map { _ in try fixture.start("migrate") }
    for run in runs {
      let result = try await run.wait()
      #expect(result.exit == 0, "\(result.stderr)")
    }
    #expect(try fixture.warehouse("SELECT count(*) = count(DISTINCT version) AND count(*) > 0 FROM hedgerow.migration") == "t")
  }

  @Test(arguments: [["status"], ["migrate"], ["sync"], ["unlink", "shop"]])
  func `a catalogue that is newer than the program is left alone`(command: [String]) async throws {
    let fixture = try SyncFixture()
    try await fixture.hedgerow("migrate")
    try fixture.warehouse("INSERT INTO hedgerow.migration (version, name) VALUES (9999, 'from the future')")
    let result = try await HedgerowProcess.run(command, environment: ["HEDGEROW_DATABASE_URL": fixture.warehouseURL])
    #expect(result.exit == 1, "\(result.stderr)")
    #expect(result.stderr.contains("version 9999, newer than"))
  }

  @Test func `a warehouse that cannot be reached is worth another try`() async throws {
    let result = try await HedgerowProcess.run(["status"], environment: ["HEDGEROW_DATABASE_URL": "postgresql://postgres@127.0.0.1:1/x"])
    #expect(result.exit == 75)
    #expect(result.stderr.contains("the warehouse cannot be reached"))
    #expect(result.stdout.isEmpty)
  }

  @Test func `a source that is paused does not sync, and goes on when resumed`() async throws {
    let fixture = try SyncFixture("CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items VALUES (1)")
    try await fixture.link()
    try await fixture.hedgerow("pause", "shop")
    #expect(try fixture.status("status", of: "items") == "paused")
    let refused = try await fixture.hedgerow("sync", "shop", expecting: 2)
    #expect(refused.stderr.contains("hedgerow resume shop"))
    try await fixture.hedgerow("resume", "shop")
    try await fixture.sync()
    #expect(try fixture.status("status", of: "items") == "completed")
  }

  @Test func `Ctrl-C leaves a clean state and the old rows`() async throws {
    let fixture = try SyncFixture(Self.items)
    try await fixture.link()
    try await fixture.sync()
    let reader = try await fixture.warehouseSession()
    try await reader.begin()
    _ = try await reader.query("SELECT count(*) FROM warehouse.postgres_items")
    let run = try fixture.start("sync", "shop")
    let isWaiting = "SELECT count(*) FROM hedgerow.history WHERE status = 'running'"
    while try fixture.warehouse(isWaiting) == "0", run.isRunning { try await Task.sleep(for: .milliseconds(50)) }
    run.signal(SIGINT)
    let result = try await run.wait(timeout: .seconds(60))
    #expect(result.exit == 1, "\(result.exit): \(result.stderr)")
    try await reader.commit()
    #expect(try fixture.warehouse("SELECT status FROM hedgerow.history ORDER BY id DESC LIMIT 1") == "cancelled")
    #expect(try fixture.status("status", of: "items") == "completed")
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
    try await fixture.sync()
  }

  private func discussion(_ help: String) -> [Substring] {
    help.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.isEmpty }.prefix { !$0.hasPrefix("USAGE:") }
  }

  @Test func `the help of set has every setting that there is`() async throws {
    let fixture = try SyncFixture()
    try await fixture.hedgerow("migrate")
    let help = try await fixture.hedgerow("set", "--help").stdout
    for name in try fixture.warehouse("SELECT name FROM hedgerow.setting_rules()").split(separator: "\n") {
      #expect(help.contains("\n  \(name) "), "\(name)")
    }
  }

  @Test(arguments: [
    "link", "kinds", "sources", "schemas", "set", "sync", "serve", "status", "history", "reload", "pause", "resume", "unlink", "verify", "doctor", "migrate", "query", "translate",
    "join", "project",
  ])
  func `each command explains itself with an example`(command: String) async throws {
    let help = try await HedgerowProcess.run([command, "--help"])
    #expect(help.exit == 0 && help.stderr.isEmpty)
    #expect(help.stdout.contains("hedgerow \(command)") && help.stdout.contains("Example"), "\(help.stdout)")
    #expect(try await HedgerowProcess.run(["help"]).stdout.contains("  \(command) "))
    // What is written in lines is not broken again on a terminal of the usual width.
    let wide = try await HedgerowProcess.run([command, "--help"], environment: ["COLUMNS": "300"]).stdout
    let narrow = try await HedgerowProcess.run([command, "--help"], environment: ["COLUMNS": "80"]).stdout
    #expect(discussion(wide) == discussion(narrow), "\(narrow)")
  }
}
