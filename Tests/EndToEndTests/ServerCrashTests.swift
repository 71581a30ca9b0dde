import Glibc
import TestSupport
import Testing

/// Servers that go down in the middle of a sync and come back.
@Suite(.serialized) struct ServerCrashTests {
  /// Servers of this suite's own: it stops them.
  private static let servers = Result { (source: try TestCluster.start(), warehouse: try TestCluster.start()) }

  enum Side: String, CaseIterable { case source, warehouse }
  enum Moment: String, CaseIterable { case load, end }

  /// Where each table's sync waits while a server goes down, and how that is seen at the warehouse.
  private static func place(_ table: String, _ moment: Moment) -> (failpoint: String, seen: String) {
    switch (moment, table) {
    case (.load, _): ("during_copy=1:sleep:2500", "query LIKE 'COPY%' AND state = 'active'")
    case (.end, "whole"): ("before_swap=1:sleep:2500", "query LIKE '%copy_indexes%' AND state = 'idle in transaction'")
    case (.end, _): ("before_commit=1:sleep:2500", "query LIKE '%complete_sync%' AND state = 'idle in transaction'")
    }
  }

  @Test(arguments: Side.allCases, Moment.allCases)
  func `a server that crashes during a sync costs nothing`(side: Side, moment: Moment) async throws {
    let servers = try Self.servers.get()
    let fixture = try await CrashFixture.usual(rows: 5_000, source: servers.source, warehouse: servers.warehouse)
    try await fixture.sync()
    for table in CrashFixture.usual {
      try fixture.change()
      let before = try fixture.fingerprint(ofWarehouse: table)
      let place = Self.place(table, moment)
      let process = try fixture.startSync(table, failpoints: place.failpoint)
      try await fixture.waitForSession(place.seen)
      try await Self.crashAndRestart(side == .source ? servers.source : servers.warehouse)
      let result = try await process.wait()
      if result.exit == 0 {
        #expect(try fixture.fingerprint(ofWarehouse: table) == fixture.fingerprint(ofSource: table), "\(table): said to be done")
      } else {
        #expect(result.exit == 1 && result.stderr.contains("shop.\(table) failed"), "\(table): \(result.stderr)")
        #expect(try fixture.fingerprint(ofWarehouse: table) == before, "\(table): the rows of before stay")
      }
      try await fixture.sync()
      try await fixture.expectExact(CrashFixture.usual, "\(table), \(side) at \(moment)")
    }
  }

  private static func crashAndRestart(_ server: TestCluster) async throws {
    try await onOwnThread {
      Result {
        try server.crash()
        usleep(300_000)
        try server.start()
      }
    }.get()
  }
}
