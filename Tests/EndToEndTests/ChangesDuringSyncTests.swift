import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// The source's tables change their shape at random moments, while they are synced.
@Suite(.serialized) struct ChangesDuringSyncTests {
  @Test(.timeLimit(.minutes(4)), arguments: EvolutionTests.modes)
  func `each row has the old shape or the new one, and none is lost`(mode: String) async throws {
    let random = SeededRandom("changes during syncs, \(mode)")
    let fixture = try SyncFixture(
      """
      CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, updated_at timestamptz NOT NULL DEFAULT clock_timestamp(), a text);
      INSERT INTO items (updated_at, a) SELECT now() - interval '1 h', repeat('a', 200) || g FROM generate_series(1, 20000) g;
      CREATE INDEX ON items (updated_at);
      """)
    try await fixture.link()
    try await fixture.hedgerow("set", "shop.items", "mode=\(mode)", "cursor=updated_at")
    let isOver = Flag()
    let changes = Task { [fixture] in
      var shape = ChangingShape(random: random, updatesRows: mode != "append")
      let session = try await fixture.sourceSession()
      try await session.execute("SET search_path = public")
      while !isOver.isSet {
        for statement in shape.next() { try await session.execute(.text(statement)) }
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...60, using: &shape.random)))
      }
      return shape.changes
    }
    for round in 1...10 {
      let result = try await fixture.hedgerow("sync", "shop")
      #expect(result.exit == 0, "seed \(random.seed), round \(round)")
    }
    isOver.set()
    let changed = try await changes.value
    #expect(changed > 20, "so many changes of the shape were meant to fall into the syncs")
    try await fixture.sync()
    try fixture.expectEqual("items")
    try fixture.expectNoLeftovers()
  }
}

/// Makes one change after another: to the columns, whose names are never used twice, and to the rows.
private struct ChangingShape {
  var random: SeededRandom
  let updatesRows: Bool
  /// How many changes of the columns there were.
  private(set) var changes = 0
  private var columns: [(name: String, type: String)] = []
  private var used = 0

  init(random: SeededRandom, updatesRows: Bool) {
    self.random = random
    self.updatesRows = updatesRows
  }

  mutating func next() -> [String] {
    let rows = [
      "INSERT INTO items (a) SELECT 'new ' || g FROM generate_series(1, \(Int.random(in: 1...50, using: &random))) g",
      updatesRows ? "UPDATE items SET a = a || '.', updated_at = clock_timestamp() WHERE id % 997 = \(Int.random(in: 0..<997, using: &random))" : "SELECT",
    ]
    changes += 1
    switch Int.random(in: 0..<6, using: &random) {
    case 0 where columns.count > 1:
      return rows + ["ALTER TABLE items DROP COLUMN \(columns.remove(at: index()).name)"]
    case 1 where !columns.isEmpty:
      let index = index()
      let old = columns[index].name
      columns[index].name = newName()
      return rows + ["ALTER TABLE items RENAME COLUMN \(old) TO \(columns[index].name)"]
    case 2 where columns.contains { $0.type == "int" }:
      let index = columns.firstIndex { $0.type == "int" } ?? 0
      columns[index].type = "bigint"
      return rows + ["ALTER TABLE items ALTER COLUMN \(columns[index].name) TYPE bigint"]
    case 3, 4:
      return rows
    default:
      let type = Bool.random(using: &random) ? "int" : "text"
      columns.append((newName(), type))
      let value = type == "int" ? "7" : "'seven'"
      return rows + ["ALTER TABLE items ADD COLUMN \(columns[columns.count - 1].name) \(type)\(Bool.random(using: &random) ? " DEFAULT \(value)" : "")"]
    }
  }

  private mutating func index() -> Int { Int.random(in: columns.indices, using: &random) }

  private mutating func newName() -> String {
    used += 1
    return "c\(used)"
  }
}
