import Glibc
import LocalPostgres
import TestSupport
import Testing

/// Where an answer goes: what a full disk, a reader who has enough and one who takes hours do to a query.
@Suite struct QueryOutputTests {
  /// Runs a line of the shell, in which `$HEDGEROW` is the program.
  private static func shell(_ line: String, _ fixture: SyncFixture) throws -> HedgerowProcess {
    try HedgerowProcess.start(
      ["-c", line],
      environment: ["HEDGEROW": try HedgerowProcess.binary(), "HEDGEROW_DATABASE_URL": fixture.warehouseURL], program: "/bin/bash")
  }

  @Test(arguments: ["query --format csv 'select 1'", "query 'select 1'", "translate 'select 1'", "query --batch <<<'{\"hogql\": \"select 1\"}'", "status"])
  func `a full disk is an error`(command: String) async throws {
    let fixture = try SyncFixture("SELECT 1")
    let result = try await Self.shell("\"$HEDGEROW\" \(command) > /dev/full", fixture).wait()
    #expect(result.exit == 1)
    #expect(result.stderr.contains("could not be written: No space left on device"), "\(result.stderr)")
  }

  @Test func `a reader that has enough ends the query without a word`() async throws {
    let fixture = try SyncFixture("SELECT 1")
    let query = "\"$HEDGEROW\" query --timeout 0 --limit 1000000000 --format csv 'select b.number as n from numbers(100000) a cross join numbers(100000) b'"
    let result = try await Self.shell("\(query) | head -n 2; echo ${PIPESTATUS[0]}", fixture).wait()
    #expect(result.stdout == "n\r\n0\r\n0\n")
    #expect(result.stderr.isEmpty || result.stderr.contains("catalogue was installed"), "\(result.stderr)")
  }

  @Test func `a slow reader gets the whole answer, though the query has long ended`() async throws {
    let fixture = try SyncFixture("SELECT 1")
    try await fixture.hedgerow("query", "select 1")
    let go = TestFolder.makeFolder("slow-reader") + "/go"
    let query = "select number, repeat(''x'', 300) as x from numbers(60000)".replacing("''", with: #"'\''"#)
    let run = try Self.shell(
      "\"$HEDGEROW\" query --limit 60000 --format csv '\(query)' | (until [ -e \(go) ]; do sleep 0.05; done; wc -lc)", fixture)
    let ended = """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'hedgerow' AND state = 'idle' AND query = 'COMMIT'
      """
    #expect(waitUntil(timeout: .seconds(60)) { (try? fixture.warehouse(ended)) == "1" })
    #expect(run.isRunning)
    close(creat(go, 0o600))
    let result = try await run.wait()
    let bytes = "number,x\r\n".utf8.count + (0..<60_000).reduce(0) { $0 + "\($1)".utf8.count + 303 }
    #expect(result.stdout.split(whereSeparator: \.isWhitespace).map { Int($0) } == [60_001, bytes], "\(result)")
  }
}
