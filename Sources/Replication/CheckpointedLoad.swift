import Catalogue
import ConnectorKit
import Failpoints
import FoundationEssentials
import Postgres
import Rows
import SQLText
import Warehouse

/// Loads every row of a source whose batches carry checkpoints into a generation that is not seen yet, group by
/// group, each committed with its checkpoint, and swaps it in. After a crash of any party it goes on with the group
/// that was under way.
struct CheckpointedLoad {
  let job: SyncJob
  let opened: SyncJob.Opened
  let session: any CheckpointedSession

  /// What is stored with a load that is under way.
  struct Stored: Codable, Sendable {
    var checkpoint: String?
    var rows = 0
    var bytes = 0
    var rejects: [TolerantLoading.Reject] = []
    /// The newest transaction that wrote, as `xid`.
    var transaction: String?
  }

  private var warehouse: Connection { job.warehouse }

  func run() async throws -> SyncReport {
    job.progress.enter("load")
    var (name, stored) = try await resumeOrBegin()
    job.progress.add(rows: stored.rows, bytes: stored.bytes)
    let groups = BatchGroups(try await session.load(after: stored.checkpoint), cutsAnywhere: false)
    var current = try await groups.group()
    while let group = current {
      // The next pages are read while these land.
      async let following = groups.group()
      try await land(group, name, &stored)
      current = try await following
    }
    return try await finish(name, stored)
  }

  private func finish(_ name: String, _ stored: Stored) async throws -> SyncReport {
    var after = opened
    after.checkpoint = stored.checkpoint
    after.plan.notes += await session.notes
    guard stored.checkpoint != nil || job.claim.mode == .fullRefresh else {
      throw Failure(.bug, "\(job.claim.label): the load ended without a place to go on from", hint: "Nothing was swapped in. Please report it.")
    }
    await session.close()
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    return try await FullRefresh(job: job, opened: after).finish(
      name, rows: stored.rows, bytes: stored.bytes, unseenBefore: stored.transaction.map { [$0] } ?? [], rejects: stored.rejects)
  }

  private func land(_ group: BatchGroup, _ name: String, _ stored: inout Stored) async throws {
    guard group.content == .rows else { return }
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    let loaded = try await Loading(warehouse: warehouse, progress: job.progress)
      .copy(JoinedBatches(group.batches), opened.shape.copy(into: name, freeze: false), for: job.claim)
    for reject in loaded.rejects {
      stored.rejects.append(TolerantLoading.Reject(place: stored.rows + reject.place, reason: reject.reason, sqlState: reject.sqlState))
    }
    stored.rows += loaded.rows
    stored.bytes += loaded.bytes
    stored.checkpoint = group.checkpoint ?? stored.checkpoint
    if loaded.rows > 0 { stored.transaction = try await warehouse.query("SELECT pg_current_xact_id()::xid AS id")[0].text("id") }
    try await warehouse.execute(Commits.hold(job.claim))
    try await warehouse.execute(Commits.progress(job.claim, try Commits.json(stored)))
    Failpoint.beforeCommit.pass()
    try await warehouse.commit()
    Failpoint.afterChunk.pass()
  }

  private func resumeOrBegin() async throws -> (String, Stored) {
    let shape = ChunkedLoad.shape(job, opened)
    let found = try await warehouse.query(Commits.loadingGeneration(job.claim, shape: shape)).first
    if let found, let text = found["progress"], let name = found["name"] {
      return (name, try JSONDecoder().decode(Stored.self, from: Data(text.utf8)))
    }
    let name = try await warehouse.query(Commits.newGenerationName)[0].text("name")
    let (claim, table) = (job.claim, opened.shape)
    let stored = try Commits.json(Stored())
    try await warehouse.transaction { transaction in
      try transaction.execute(Commits.hold(claim))
      try transaction.execute(Commits.begin(claim, name, shape: shape))
      try transaction.execute(Commits.progress(claim, stored))
      try transaction.execute(table.createGeneration(name))
    }
    return (name, Stored())
  }
}
