import ConnectorKit
import Postgres
import SQLText
import TestSupport
import Testing

@testable import Connectors

/// Columns and tables that change their names between two reads, or while one is opened.
@Suite struct PostgresRenamesTests {
  @Test(arguments: ["id,a", "id,b"])
  func `a column that is renamed while the read is opened is followed, not lost`(columns: String) async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'in a', 'in b')")
    let found = try #require(try await source.discover()["t"])
    let connector = try source.connector()
    let writer = try await Connection.open(try ConnectionParameters(url: source.url), applicationName: "writer")
    try await writer.begin()
    try await writer.execute("ALTER TABLE public.t RENAME a TO x")
    try await writer.execute("ALTER TABLE public.t RENAME b TO a")
    let opening = Task {
      try await connector.open(
        ReadRequest(
          label: "s.t", remote: found.remote, columns: columns.split(separator: ",").map(String.init), key: ["id"],
          known: found.columns))
    }
    try await waitForLock(at: source)
    try await writer.commit()
    let session = try await opening.value
    #expect(session.table.columns.map(\.name) == (columns == "id,a" ? ["id", "x"] : ["id", "a"]))
    #expect(session.table.renames == ["a": "x", "b": "a"])
    await session.close()
  }

  @Test func `a table that another one replaces under its name while the read is opened is not mistaken for it`() async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE TABLE u (id int); INSERT INTO u VALUES (1), (2)")
    let found = try #require(try await source.discover()["t"])
    let connector = try source.connector()
    let writer = try await Connection.open(try ConnectionParameters(url: source.url), applicationName: "writer")
    try await writer.begin()
    try await writer.execute("ALTER TABLE public.t RENAME TO v")
    try await writer.execute("ALTER TABLE public.u RENAME TO t")
    let opening = Task { try await connector.open(ReadRequest(label: "s.t", remote: found.remote, key: ["id"], cursorField: "id", known: found.columns)) }
    try await waitForLock(at: source)
    try await writer.commit()
    let session = try await opening.value
    #expect(session.table.remote["table"] == "v")
    #expect(try await session.count(.all) == 1)
    #expect(try source.run("SELECT DISTINCT relation::regclass FROM pg_locks WHERE mode = 'AccessShareLock' AND relation >= 16384 AND relation IN (SELECT oid FROM pg_class WHERE relkind = 'r')") == "v")
    await session.close()
  }

  @Test func `a cursor field that is renamed while the read is opened is followed`() async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 7); CREATE INDEX ON t (a)")
    let found = try #require(try await source.discover()["t"])
    let connector = try source.connector()
    let writer = try await Connection.open(try ConnectionParameters(url: source.url), applicationName: "writer")
    try await writer.begin()
    try await writer.execute("ALTER TABLE public.t RENAME a TO changed")
    let request = ReadRequest(label: "s.t", remote: found.remote, key: ["id"], cursorField: "a", known: found.columns)
    let opening = Task { try await connector.open(request) }
    try await waitForLock(at: source)
    try await writer.commit()
    let session = try await opening.value
    #expect(session.table.renames == ["a": "changed"])
    #expect(session.horizon.largestBefore == "7")
    #expect(try await session.count(.since(from: "8", lookback: nil)) == 0)
    await session.close()
  }

  @Test(arguments: [
    (["a", "id"], [], nil, "no column a any more, which columns= chose"), (nil, ["a"], nil, "no column a any more, which is part of its key"),
    (nil, ["id"], "a", "no column a any more, which is its cursor field"),
  ] as [([String]?, [String], String?, String)])
  func `a column that is asked for and is gone is an error that names it`(
    columns: [String]?, key: [String], cursorField: String?, words: String
  ) async throws {
    let source = try SourceDatabase("CREATE TABLE t (id int PRIMARY KEY, a int)")
    let found = try #require(try await source.discover()["t"])
    try source.run("ALTER TABLE t DROP COLUMN a")
    let connector = try source.connector()
    let request = ReadRequest(label: "s.t", remote: found.remote, columns: columns, key: key, cursorField: cursorField, known: found.columns)
    let error = await #expect(throws: ConnectorError.self) { _ = try await connector.open(request) }
    #expect(error?.kind == .unusable)
    #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    #expect(error?.hint?.contains("hedgerow set s.t ") == true, "\(String(describing: error))")
    // Nothing is left open.
    #expect(try source.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hedgerow' AND xact_start IS NOT NULL AND datname = current_database()") == "0")
  }

  /// Waits until a session waits for a table.
  private func waitForLock(at source: SourceDatabase) async throws {
    let waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    for _ in 0..<1200 {
      if try source.run(waiting) == "t" { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw TestFailure("nobody waits for a lock")
  }
}
