import Glibc
import TestSupport
import Testing

/// A program that is killed again and again, whatever it is doing, while the source is written to.
@Suite struct KillLoopTests {
  @Test func `thirty kills at random moments lose nothing and double nothing`() async throws {
    var random = SeededRandom("thirty kills")
    let fixture = try await CrashFixture.usual(rows: 10_000)
    try fixture.atSource(Self.writer)
    let writers = (1...2).map { number in
      Task { await onOwnThread { Result { try fixture.atSource("CALL write(\(number))") } } }
    }
    var killed = 0
    var tries = 0
    while killed < 30, tries < 150 {
      tries += 1
      let process = try fixture.startSync()
      try await Task.sleep(for: .milliseconds(Int.random(in: 15...200, using: &random)))
      process.signal(SIGKILL)
      if try await process.wait().exit == -SIGKILL { killed += 1 }
    }
    try fixture.atSource("INSERT INTO stop VALUES (true)")
    for writer in writers { _ = try await writer.value.get() }
    #expect(killed >= 10, "seed \(random.seed), \(tries) tries: too few of the syncs were killed before their end")
    try await fixture.sync()
    try await fixture.expectExact(CrashFixture.usual, "seed \(random.seed)")
  }

  /// Writes in short transactions until told to stop.
  private static let writer = """
    CREATE TABLE stop (now boolean);
    CREATE PROCEDURE write(number integer) LANGUAGE plpgsql AS $$
    DECLARE
      turn integer := 0;
    BEGIN
      WHILE turn < 20000 AND NOT EXISTS (SELECT FROM stop) LOOP
        turn := turn + 1;
        INSERT INTO entries (body) SELECT md5(random()::text) FROM generate_series(1, 5);
        INSERT INTO items SELECT number * 1000000 + turn, md5(random()::text), now();
        UPDATE items SET body = md5(random()::text), updated_at = clock_timestamp() WHERE id % 2 = number - 1 AND id <= 10000 AND id / 20 = turn % 500;
        INSERT INTO whole VALUES (number * 1000000 + turn, md5(random()::text), turn);
        DELETE FROM whole WHERE id = turn * 2 + number;
        COMMIT;
        PERFORM pg_sleep(0.01);
      END LOOP;
    END
    $$
    """
}
