import ConnectorKit
import Postgres
import Rows
import SQLText
import Secrets
import TestSupport
import Testing

@testable import Connectors

@Suite struct PostgresConnectorTests {
  @Test func `good credentials are answered with the server and how it is reached`() async throws {
    let report = try await SourceDatabase().connector().check()
    #expect(report.server.hasPrefix("PostgreSQL "))
    #expect(report.notes.contains { $0.hasPrefix("sslmode prefer") })
    #expect(!report.notes.contains { $0.contains("standby") || $0.contains("pooler") })
  }

  @Test(arguments: [
    (["host": "no-such-host.invalid"], .unreachable, ["no-such-host.invalid", "host="]), (["port": "1"], .unreachable, ["127.0.0.1:1", "port"]),
    (["database": "absent"], .unusable, ["no database absent", "psql"]), (["user": "nobody here"], .unauthorized, ["nobody here"]),
    (["sslmode": "require"], .unusable, ["TLS", "sslmode=disable"]),
  ] as [([String: String], ConnectorError.Kind, [String])])
  func `what is wrong with the connection is said in words that name the mend`(
    fields: [String: String], kind: ConnectorError.Kind, words: [String]
  ) async throws {
    let connector = try SourceDatabase().connector(fields)
    let error = await #expect(throws: ConnectorError.self) { _ = try await connector.check() }
    #expect(error?.kind == kind)
    let whole = "\(error?.message ?? "") \(error?.hint ?? "")"
    for word in words { #expect(whole.contains(word), "\(word) is missing in: \(whole)") }
  }

  @Test func `a role that may read nothing is told the GRANT, which works`() async throws {
    let source = try SourceDatabase("CREATE TABLE orders (id int); CREATE TABLE items (id int)")
    let role = try role(of: source)
    let refused = try source.connector(["user": role])
    let error = await #expect(throws: ConnectorError.self) { _ = try await refused.discover() }
    #expect(error?.kind == .forbidden)
    let hint = try #require(error?.hint)
    let grants = try #require(hint.firstRange(of: "GRANT"))
    try source.run(String(hint[grants.lowerBound...]))
    #expect(try await source.discover(["user": role]).keys.sorted() == ["items", "orders"])
  }

  @Test func `a table that lost its SELECT names the GRANT at the next read`() async throws {
    let source = try SourceDatabase("CREATE TABLE orders (id int)")
    let role = try role(of: source)
    try source.run("GRANT SELECT ON orders TO \"\(role)\"")
    let found = try #require(try await source.discover(["user": role])["orders"])
    try source.run("REVOKE SELECT ON orders FROM \"\(role)\"")
    let connector = try source.connector(["user": role])
    let error = await #expect(throws: ConnectorError.self) {
      _ = try await connector.open(ReadRequest(label: "shop.orders", remote: found.remote))
    }
    #expect(error?.kind == .forbidden)
    #expect(error?.hint?.contains("GRANT SELECT ON orders TO \"\(role)\"") == true)
  }

  @Test func `columns that may not be read are left out`() async throws {
    let source = try SourceDatabase("CREATE TABLE people (id int, name text, salary int)")
    let role = try role(of: source)
    try source.run("GRANT SELECT (id, name) ON people TO \"\(role)\"")
    #expect(try await source.discover(["user": role])["people"]?.columns.map(\.name) == ["id", "name"])
  }

  @Test func `rows that row-level security hides fail the read`() async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; INSERT INTO t VALUES (1)")
    let role = try role(of: source)
    try source.run("GRANT SELECT ON t TO \"\(role)\"; CREATE POLICY p ON t USING (false)")
    let connector = try source.connector(["user": role])
    let found = try #require(try await connector.discover().first)
    let error = await #expect(throws: ConnectorError.self) {
      let session = try await connector.open(ReadRequest(label: "shop.t", remote: found.remote))
      _ = try await session.count(.all)
    }
    #expect(error?.kind == .forbidden)
    #expect(error?.hint?.contains("BYPASSRLS") == true)
  }

  @Test func `an absent namespace and an empty one are told apart`() async throws {
    let source = try SourceDatabase()
    for (name, words) in [("absent", "no namespace named absent"), ("public", "no table in namespace public")] {
      let connector = try source.connector(["schema": name])
      let error = await #expect(throws: ConnectorError.self) { _ = try await connector.discover() }
      #expect(error?.kind == .missing)
      #expect(error?.message.contains(words) == true)
    }
  }

  @Test func `a renamed table is followed, a table made anew is not`() async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int); INSERT INTO t VALUES (1)")
    let remote = try #require(try await source.discover()["t"]).remote
    let connector = try source.connector()
    try source.run("ALTER TABLE t RENAME TO u")
    let session = try await connector.open(ReadRequest(label: "s.t", remote: remote))
    #expect(session.table.remote["table"] == "u")
    #expect(try await session.count(.all) == 1)
    await session.close()
    try source.run("DROP TABLE u; CREATE TABLE t (id int)")
    let error = await #expect(throws: ConnectorError.self) { _ = try await connector.open(ReadRequest(label: "s.t", remote: remote)) }
    #expect(error?.kind == .missing)
    let anew = try await connector.open(ReadRequest(label: "s.t", remote: remote, mayBeNew: true))
    #expect(try await anew.count(.all) == 0)
    await anew.close()
  }

  @Test func `one snapshot serves all reads of a session, also in parts`() async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int PRIMARY KEY, pad text); INSERT INTO t SELECT i, repeat('x', 500) FROM generate_series(1, 5000) i")
    let remote = try #require(try await source.discover()["t"]).remote
    let connector = try source.connector()
    let session = try await connector.open(ReadRequest(label: "s.t", remote: remote, key: ["id"]))
    try source.run("DELETE FROM t WHERE id % 2 = 0; INSERT INTO t SELECT i FROM generate_series(6000, 6100) i")
    #expect(try await session.count(.all) == 5000)
    #expect(try await session.count(.keysOnly) == 5000)
    #expect(try await session.count(.keys(after: ["10"], through: ["20"])) == 10)
    let parts = try await session.readInParts(2)
    #expect(parts.count == 2)
    var rows = 0
    for part in parts { while let batch = try await part.next() { rows += batch.rows } }
    #expect(rows == 5000)
    await session.close()
    await session.close()
  }

  /// Lists what is open as a role that may see when each began, and as one that may not.
  @Test(arguments: [true, false]) func `open transactions are listed before the snapshot`(monitors: Bool) async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (7)")
    let role = try role(of: source)
    try source.run("GRANT SELECT ON t TO \"\(role)\"; \(monitors ? "GRANT pg_read_all_stats TO \"\(role)\";" : "")")
    let remote = try #require(try await source.discover(["user": role])["t"]).remote
    let writer = try await Connection.open(try ConnectionParameters(url: source.url), applicationName: "writer")
    try await writer.begin()
    try await writer.execute("INSERT INTO public.t VALUES (3)")
    let connector = try source.connector(["user": role])
    let request = ReadRequest(label: "s.t", remote: remote, key: ["id"], cursorField: "id")
    let session = try await connector.open(request)
    #expect(session.horizon.isComplete)
    #expect(!session.horizon.open.isEmpty)
    #expect(session.horizon.largestBefore == "7")
    #expect(session.horizon.open.allSatisfy { ($0.startedAt != nil) == monitors })
    #expect((session.horizon.oldestStart != nil) == monitors)
    #expect(try await session.count(.all) == 1)
    await session.close()
    let name = Literal("held " + role)
    try await writer.execute("PREPARE TRANSACTION \(name)")
    let held = try await connector.open(request)
    #expect(held.horizon.open.contains { $0.startedAt == nil })
    #expect(held.horizon.oldestStart == nil)
    await held.close()
    try await writer.execute("ROLLBACK PREPARED \(name)")
  }

  private func role(of source: SourceDatabase) throws -> String {
    let role = "reader " + (try source.run("SELECT current_database()"))
    try source.run("CREATE ROLE \"\(role)\" LOGIN")
    return role
  }
}
