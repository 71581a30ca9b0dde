import Postgres
import SQLText
import TestSupport
import Testing

/// What `append` promises: each row once, and each new version of it once more.
@Suite(.serialized) struct AppendTests {
  /// A cursor field's type, and how its value comes from a number.
  static let cursors = [
    ("smallint", "n"), ("integer", "n"), ("bigint", "5000000000 + n"), ("numeric", "n + 0.5"), ("numeric(20,4)", "n / 7.0"),
    ("date", "date '2020-01-01' + n"), ("timestamp", "timestamp '2020-01-01' + n * interval '1 s'"),
    ("timestamptz", "timestamptz '2020-01-01 00:00Z' + n * interval '1 s'"), ("timestamptz(0)", "now() - interval '1 h' + n * interval '1 s'"),
  ]

  @Test(arguments: cursors)
  func `new rows come once, and changed ones as new versions`(type: String, value: String) async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE events (id int PRIMARY KEY, at \(type), note text);
      CREATE FUNCTION value(n int) RETURNS \(type) LANGUAGE sql AS $$ SELECT (\(value))::\(type) $$;
      INSERT INTO events SELECT g, value(g), 'first' FROM generate_series(1, 100) g;
      """)
    try await fixture.link(mode: "append")
    try await fixture.hedgerow("set", "shop.events", "cursor=at")
    try await fixture.sync()
    try fixture.expectEqual("events")
    try fixture.source(
      """
      INSERT INTO events SELECT g, value(g), 'second' FROM generate_series(101, 200) g;
      UPDATE events SET at = value(200 + id), note = 'changed' WHERE id <= 10;
      """)
    try await fixture.sync()
    #expect(try await fixture.synced("rows") == 0)
    #expect(
      try fixture.warehouse(
        "SELECT count(*), count(DISTINCT id), count(*) FILTER (WHERE note = 'changed') FROM warehouse.postgres_events") == "210|200|10")
    try fixture.expectSame(
      "id, at, note", keys: "id", source: "events",
      warehouse: "(SELECT DISTINCT ON (id) * FROM warehouse.postgres_events ORDER BY id, at DESC) e")
    try fixture.expectNoLeftovers()
  }

  @Test(arguments: ["int NOT NULL DEFAULT 7", "timestamptz NOT NULL DEFAULT '2024-05-05 00:00Z'", "date DEFAULT '2024-05-05'"])
  func `rows that tie at the boundary are neither lost nor doubled`(type: String) async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE events (id int PRIMARY KEY, at \(type));
      INSERT INTO events SELECT g FROM generate_series(1, 500) g;
      """)
    try await fixture.link(mode: "append")
    try await fixture.hedgerow("set", "shop.events", "cursor=at")
    try await fixture.sync()
    try fixture.source("INSERT INTO events SELECT g FROM generate_series(501, 1000) g")
    #expect(try await fixture.synced("rows") == 500)
    try fixture.expectEqual("events")
    #expect(try await fixture.synced("rows") == 0)
    try fixture.expectEqual("events")
  }

  @Test(arguments: ["timestamptz", "int", "numeric"])
  func `rows without a cursor are loaded once`(type: String) async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE events (id int PRIMARY KEY, at \(type));
      INSERT INTO events SELECT g FROM generate_series(1, 10) g;
      """)
    try await fixture.link(mode: "append")
    try await fixture.hedgerow("set", "shop.events", "cursor=at")
    try await fixture.sync()
    try fixture.source("INSERT INTO events SELECT g FROM generate_series(11, 15) g")
    #expect(try await fixture.synced("rows") == 5)
    try fixture.source("INSERT INTO events VALUES (16, \(type == "timestamptz" ? "now()" : "3")), (17, NULL)")
    #expect(try await fixture.synced("rows") == 2)
    #expect(try await fixture.synced("rows") == 0)
    try fixture.expectEqual("events")
  }

  @Test func `equal rows of a table without a key are counted, not merged`() async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE events (at timestamptz, note text);
      INSERT INTO events SELECT '2024-05-05 00:00Z', 'same' FROM generate_series(1, 3);
      INSERT INTO events VALUES (NULL, NULL), (NULL, NULL);
      """)
    try await fixture.link(mode: "append")
    try await fixture.sync()
    try fixture.source(
      """
      INSERT INTO events SELECT '2024-05-05 00:00Z', 'same' FROM generate_series(1, 2);
      INSERT INTO events VALUES (NULL, NULL);
      """)
    #expect(try await fixture.synced("rows") == 3)
    #expect(try await fixture.synced("rows") == 0)
    try fixture.expectEqual("events")
  }

  @Test func `a cursor that is not a number or not finite hides no row after it`() async throws {
    let infinite = TestCluster.hasNumericInfinity ? ", (3, 'Infinity'), (4, '-Infinity')" : ""
    let fixture = try SyncFixture(
      """
      CREATE TABLE amounts (id int PRIMARY KEY, value numeric);
      CREATE TABLE moments (id int PRIMARY KEY, at timestamptz);
      INSERT INTO amounts VALUES (1, 10), (2, 'NaN')\(infinite);
      INSERT INTO moments VALUES (1, '2024-01-01'), (2, 'infinity'), (3, '-infinity');
      """)
    try await fixture.link(mode: "append")
    try await fixture.hedgerow("set", "shop.amounts", "cursor=value")
    try await fixture.hedgerow("set", "shop.moments", "cursor=at")
    try await fixture.sync()
    try fixture.source("INSERT INTO amounts VALUES (5, 20), (6, 'NaN'); INSERT INTO moments VALUES (5, '2024-01-02'), (6, 'infinity')")
    try await fixture.sync()
    try fixture.expectEqual("amounts")
    try fixture.expectEqual("moments")
    #expect(try await fixture.synced("rows", of: "shop.amounts") == 0)
    #expect(try await fixture.synced("rows", of: "shop.moments") == 0)
  }
}

/// A transaction takes its id or its time, and commits after a sync has gone past it.
@Suite(.serialized) struct LateRowTests {
  enum Writer: String, CaseIterable { case plain, savepoint, prepared, unmonitored }

  @Test(arguments: ["append", "merge"], ["id", "updated_at"])
  func `a row that is committed late comes with the next sync`(mode: String, cursor: String) async throws {
    for writer in Writer.allCases { try await check(writer, mode, cursor) }
  }

  private func check(_ writer: Writer, _ mode: String, _ cursor: String) async throws {
    let fixture = try SyncFixture(
      """
      CREATE TABLE events (id bigserial PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT clock_timestamp(), note text);
      INSERT INTO events (note) SELECT 'first' FROM generate_series(1, 10);
      """)
    try await link(fixture, mode, isMonitored: writer != .unmonitored)
    try await fixture.hedgerow("set", "shop.events", "cursor=\(cursor)")
    try await fixture.sync()

    let late = try await fixture.sourceSession()
    try await late.begin()
    if writer == .savepoint { try await late.execute("SAVEPOINT part") }
    try await late.execute("INSERT INTO public.events (note) VALUES ('late')")
    if writer == .savepoint { try await late.execute("RELEASE SAVEPOINT part") }
    let name = Literal("late in \(fixture.sourceURL.suffix(12))")
    if writer == .prepared { try await late.execute("PREPARE TRANSACTION \(name)") }
    try fixture.source("INSERT INTO events (note) SELECT 'meanwhile' FROM generate_series(1, 5)")
    #expect(try await fixture.synced("rows") == 5, "\(writer): new rows do not wait for an open transaction")
    #expect(try await fixture.synced("rows") == 0)

    if writer == .prepared { try await late.execute("COMMIT PREPARED \(name)") } else { try await late.commit() }
    #expect(try await fixture.synced("rows") == 1, "\(writer), \(mode) by \(cursor)")
    try fixture.expectEqual("events")
    #expect(try await fixture.synced("rows") == 0)
    try fixture.expectEqual("events")
    try fixture.expectNoLeftovers()
  }

  private func link(_ fixture: SyncFixture, _ mode: String, isMonitored: Bool) async throws {
    if isMonitored { return try await fixture.link(mode: mode) }
    let role = "reader_" + (try fixture.source("SELECT current_database()"))
    try fixture.source("CREATE ROLE \(role) LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(role)")
    let url = fixture.sourceURL.replacing("postgres@", with: "\(role)@")
    try await fixture.hedgerow("link", "postgres", "shop", "url=\(url)", "--all", "--mode", mode)
  }
}
