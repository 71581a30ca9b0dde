import TestSupport
import Testing

/// `kill -9` at every named place, in every mode: the next sync puts all right, at once.
@Suite(.serialized) struct FailpointTests {
  /// In the order in which a sync comes by them.
  private static let places = [
    "whole": ["after_read", "during_copy=3:kill", "before_swap", "before_commit", "after_commit"],
    "entries": ["after_read", "during_copy", "before_merge", "before_commit", "after_commit"],
    "items": ["after_read", "during_copy", "before_merge", "before_commit", "after_commit"],
  ]

  private static func action(_ place: String) -> String { place.contains("=") ? place : place + "=kill" }

  @Test(arguments: CrashFixture.usual)
  func `a first load that is killed at each place leaves nothing and is made up for`(table: String) async throws {
    let fixture = try await CrashFixture.usual(rows: 10_000)
    for place in ["after_read", "during_copy=2:kill", "before_swap", "before_commit"] {
      let killed = try await fixture.startSync(table, failpoints: Self.action(place)).wait()
      #expect(killed.exit == -9, "\(place): \(killed.stderr)")
      #expect(try fixture.atWarehouse("SELECT to_regclass('warehouse.postgres_\(table)') IS NULL") == "t", "\(place)")
    }
    try await fixture.sync()
    try await fixture.expectExact()
  }

  @Test(arguments: CrashFixture.usual)
  func `a sync that is killed at any place is made up for by the next one`(table: String) async throws {
    let fixture = try await CrashFixture.usual(rows: 10_000)
    try await fixture.sync()
    for place in Self.places[table] ?? [] {
      try fixture.change()
      let before = try fixture.fingerprint(ofWarehouse: table)
      let killed = try await fixture.startSync(table, failpoints: Self.action(place)).wait()
      #expect(killed.exit == -9, "\(place): \(killed.stderr)")
      let isCommitted = place == "after_commit"
      #expect(
        try fixture.fingerprint(ofWarehouse: table) == (isCommitted ? fixture.fingerprint(ofSource: table) : before),
        "what readers see after \(place)")
      if isCommitted { #expect(try fixture.newestSync(of: table).hasPrefix("completed"), "its history") }
      try await fixture.sync()
      if isCommitted, table != "whole" { #expect(try fixture.newestSync(of: table) == "completed 0 rows", "nothing is done twice") }
      try await fixture.expectExact(CrashFixture.usual, "\(place)")
    }
  }
}
