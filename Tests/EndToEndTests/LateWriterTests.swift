import LocalPostgres
import Postgres
import TestSupport
import Testing

/// Transactions that take their ids and times early and commit late, while syncs go by.
@Suite struct LateWriterTests {
  private static let tables = ["numbered", "dated", "merged"]

  /// Whoever links the source: a superuser, or a role that may read the tables and see nobody's activity.
  enum Reader: String, CaseIterable { case superuser, plain }

  private func prepare(_ reader: Reader) async throws -> CrashFixture {
    let fixture = try CrashFixture()
    try fixture.atSource(
      """
      CREATE TABLE numbered (id bigserial PRIMARY KEY, body text);
      CREATE TABLE dated (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text, updated_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE merged (id bigint PRIMARY KEY, body text, updated_at timestamptz NOT NULL DEFAULT now());
      CREATE INDEX ON dated (updated_at);
      INSERT INTO numbered (body) SELECT 'from before' FROM generate_series(1, 100);
      INSERT INTO dated (body) SELECT 'from before' FROM generate_series(1, 100);
      INSERT INTO merged SELECT i, 'from before' FROM generate_series(1, 100) i;
      ANALYZE;
      """)
    try await fixture.link(Self.tables, through: try url(reader, fixture))
    try await fixture.set("numbered", "mode=append", "cursor=id")
    try await fixture.set("dated", "mode=append", "cursor=updated_at")
    try await fixture.set("merged", "mode=merge", "cursor=updated_at")
    return fixture
  }

  private func url(_ reader: Reader, _ fixture: CrashFixture) throws -> String? {
    guard reader == .plain else { return nil }
    let database = try fixture.atSource("SELECT current_database()")
    try fixture.atSource(
      "CREATE ROLE reader_\(database) LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_\(database)")
    return fixture.source.url(database: database, user: "reader_\(database)")
  }

  @Test(arguments: Reader.allCases)
  func `eight writers that commit late lose nothing and double nothing`(reader: Reader) async throws {
    var random = SeededRandom("late commits, \(reader)")
    let fixture = try await prepare(reader)
    let name = try fixture.atSource("SELECT current_database()")
    let writers = (1...8).map { number in
      let script = LateWriter(number: number, database: name).script(seconds: 10, &random)
      return Task { await onOwnThread { Result { try fixture.atSource(script) } } }
    }
    let ended = Task { for writer in writers { _ = try await writer.value.get() } }
    let end = ContinuousClock.now + .seconds(11)
    while ContinuousClock.now < end { try await fixture.sync() }
    try await ended.value
    try await fixture.sync()
    #expect(try fixture.atSource("SELECT count(*) > 200 FROM numbered") == "t")
    try await fixture.expectExact(Self.tables, "seed \(random.seed)")
  }

  @Test(arguments: Reader.allCases)
  func `a transaction that is prepared between two syncs and committed after them is not passed over`(reader: Reader) async throws {
    let fixture = try await prepare(reader)
    let name = try fixture.atSource("SELECT current_database()")
    try await fixture.sync()
    let late = try await Connection.open(try ConnectionParameters(url: fixture.sourceURL), applicationName: "late")
    try await late.script(
      "BEGIN; SAVEPOINT inner_one; INSERT INTO public.numbered (body) VALUES ('late'); INSERT INTO public.dated (body) VALUES ('late'); INSERT INTO public.merged VALUES (1001, 'late')")
    try fixture.atSource("INSERT INTO numbered (body) SELECT 'early' FROM generate_series(1, 10); INSERT INTO merged VALUES (1002, 'early')")
    try await fixture.sync()
    try await late.script("PREPARE TRANSACTION 'late_\(name)'")
    try fixture.atSource("INSERT INTO numbered (body) SELECT 'later' FROM generate_series(1, 10)")
    try await fixture.sync()
    try await fixture.sync()
    try fixture.atSource("COMMIT PREPARED 'late_\(name)'")
    try await fixture.sync()
    try await fixture.expectExact(Self.tables)
  }

  @Test(arguments: ["append", "merge"])
  func `a hundred thousand rows that tie at the boundary come once each`(mode: String) async throws {
    let fixture = try CrashFixture()
    let half = { (from: Int) in
      "INSERT INTO ties SELECT i, md5(i::text), '2024-02-29 12:00:00+00' FROM generate_series(\(from), \(from + 49_999)) i"
    }
    try fixture.atSource(
      "CREATE TABLE ties (id bigint PRIMARY KEY, body text, updated_at timestamptz NOT NULL); INSERT INTO ties VALUES (0, 'first', '2024-02-29 12:00:00+00'); ANALYZE;")
    try await fixture.link(["ties"])
    try await fixture.set("ties", "mode=\(mode)", "cursor=updated_at")
    try await fixture.sync()
    try fixture.atSource(half(1))
    try await fixture.sync()
    try await fixture.expectExact(["ties"])
    try fixture.atSource(half(50_001))
    try await fixture.sync()
    #expect(try fixture.newestSync(of: "ties") == "completed 50000 rows")
    try await fixture.sync()
    #expect(try fixture.newestSync(of: "ties") == "completed 0 rows")
    try await fixture.expectExact(["ties"])
  }
}

/// Writes the script of a client that is idle before and after its first write.
private struct LateWriter {
  let number: Int
  let database: String

  func script(seconds: Double, _ random: inout SeededRandom) -> String {
    var lines: [String] = []
    var left = seconds
    var turn = 0
    func pause(_ longest: Double, _ random: inout SeededRandom) {
      let length = Double.random(in: 0.01...longest, using: &random)
      left -= length
      lines.append("\\! sleep \(length)")
    }
    while left > 0 {
      turn += 1
      lines.append("BEGIN;")
      pause(0.5, &random)
      lines.append(writes(turn, 0, &random))
      if Bool.random(using: &random) {
        lines.append("SAVEPOINT s; " + writes(turn, 1, &random))
        pause(0.3, &random)
        lines.append(Bool.random(using: &random) ? "RELEASE s;" : "ROLLBACK TO s;")
      }
      pause(turn % 7 == 0 ? 3 : 0.7, &random)
      let gid = "'\(database)_\(number)_\(turn)'"
      switch Int.random(in: 0...9, using: &random) {
      case 0: lines.append("ROLLBACK;")
      case 1...3:
        lines.append("PREPARE TRANSACTION \(gid);")
        pause(0.8, &random)
        lines.append("COMMIT PREPARED \(gid);")
      default: lines.append("COMMIT;")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Each writer has rows of its own to change, so that none waits for another.
  private func writes(_ turn: Int, _ part: Int, _ random: inout SeededRandom) -> String {
    let time = Bool.random(using: &random) ? "now()" : "clock_timestamp()"
    let body = "'writer \(number) turn \(turn) part \(part)'"
    return """
      INSERT INTO numbered (body) SELECT \(body) FROM generate_series(1, \(Int.random(in: 1...3, using: &random)));
      INSERT INTO dated (body, updated_at) VALUES (\(body), \(time));
      INSERT INTO merged VALUES (\(number * 100_000 + turn * 2 + part), \(body), \(time));
      UPDATE merged SET body = \(body), updated_at = \(time) WHERE id <= 100 AND id % 8 = \(number - 1);
      """
  }
}
