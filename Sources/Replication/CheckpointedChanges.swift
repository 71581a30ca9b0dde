import Catalogue
import ConnectorKit
import Failpoints
import Postgres
import Rows
import SQLText
import Warehouse

/// Brings in what a source with checkpoints tells since the last one: `append` or `merge`, group by group, each in
/// one transaction with its checkpoint.
struct CheckpointedChanges {
  private var job: SyncJob
  private let opened: SyncJob.Opened
  private let session: any CheckpointedSession
  private let generation: String
  private let cursorField: String
  private let type: CursorType
  private var total = RowCounts()
  private var goneAndKept = 0

  init(job: SyncJob, opened: SyncJob.Opened, session: any CheckpointedSession) throws {
    guard let generation = opened.table?.generation, let type = opened.cursorType, let field = job.claim.cursorField else {
      throw Failure(.bug, "\(job.claim.label) is incremental and has no table or no cursor field")
    }
    self.job = job
    self.opened = opened
    self.session = session
    self.generation = generation
    self.type = type
    cursorField = SyncJob.warehouseName(field)
  }

  private var claim: Claim { job.claim }
  private var warehouse: Connection { job.warehouse }
  private var shape: TableShape { opened.shape }

  mutating func run() async throws -> SyncReport {
    guard let start = claim.cursor?.checkpoint else { throw Failure(.bug, "\(claim.label) has no checkpoint to go on from") }
    job.progress.enter("load")
    let groups = BatchGroups(try await session.changes(after: start), cutsAnywhere: claim.mode == .merge)
    var current = try await groups.group()
    while let group = current {
      async let following = groups.group()
      try await land(group)
      current = try await following
    }
    return try await complete()
  }

  // MARK: One group

  private mutating func land(_ group: BatchGroup) async throws {
    try await warehouse.begin()
    var counts = RowCounts()
    counts.bytes = group.bytes
    var high: String?
    switch group.content {
    case .rows where group.rows > 0: high = try await landRows(group, &counts)
    case .goneKeys where group.rows > 0: try await landGone(group, &counts)
    case .rows, .goneKeys: break
    }
    let cursor = try await job.cursor(opened, high: high, checkpoint: group.checkpoint ?? claim.cursor?.checkpoint)
    try await warehouse.execute(Commits.batch(claim, counts, cursor: cursor, identity: opened.identity, replaces: false))
    Failpoint.beforeCommit.pass()
    try await warehouse.commit()
    Failpoint.afterChunk.pass()
    job.claim.cursor = cursor
    add(counts)
  }

  /// - Returns: the largest cursor among the rows.
  private func landRows(_ group: BatchGroup, _ counts: inout RowCounts) async throws -> String? {
    try await warehouse.execute(shape.createStaging)
    let loaded = try await Loading(warehouse: warehouse, progress: job.progress).copy(JoinedBatches(group.batches), shape.copyIntoStaging, for: claim)
    Failpoint.beforeMerge.pass()
    let staged = try await warehouse.query(Landing.stagedSummary(cursorField: cursorField, isTime: type.isTime))[0]
    let hasSoftDeletes = shape.columns.contains { $0.name == OwnColumn.deletedAt.name }
    let landing = Landing(shape: shape, generation: generation, keyIsUnique: opened.keyIsUnique, hasSoftDeletes: hasSoftDeletes)
    if claim.mode == .merge {
      // What was read later is newer: the cursor field of an object that changes may stay as it is.
      let row = try await warehouse.query(landing.merge(cursorField: nil, stampsRows: true))[0]
      counts.updated = Int(row.integer("updated") ?? 0)
      counts.written = Int(row.integer("inserted") ?? 0) + counts.updated
    } else {
      let key = opened.session.table.key.map(SyncJob.warehouseName)
      counts.written = Int(try await warehouse.query(landing.append(cursorField: cursorField, key: key))[0].integer("inserted") ?? 0)
    }
    counts.rejected = loaded.rejects.count
    counts.read = counts.written + counts.rejected
    counts.rechecked = loaded.rows - counts.read
    for reject in loaded.rejects { try await warehouse.execute(Commits.reject(claim, reject.place, reject.reason, reject.sqlState)) }
    return staged["high"]
  }

  private mutating func landGone(_ group: BatchGroup, _ counts: inout RowCounts) async throws {
    guard claim.mode == .merge, claim.deletes != "ignore" else { return goneAndKept += group.rows }
    try await warehouse.execute(Deletion.createKeys(shape, keyOrder))
    try await Loading(warehouse: warehouse, progress: job.progress).copy(JoinedBatches(group.batches), Deletion.copyKeys(keyOrder))
    let deletion = Deletion(shape: shape, generation: generation)
    if claim.deletes == "soft" { try await warehouse.execute(deletion.softGone) } else { counts.deleted = try await warehouse.execute(deletion.hardGone) }
  }

  /// The key's columns in the order in which they are read.
  private var keyOrder: [String] {
    let key = Set(claim.key)
    return opened.session.table.columns.map(\.name).filter { key.contains($0) }.map(SyncJob.warehouseName)
  }

  private mutating func add(_ counts: RowCounts) {
    total.read += counts.read
    total.written += counts.written
    total.updated += counts.updated
    total.deleted += counts.deleted
    total.rejected += counts.rejected
    total.rechecked += counts.rechecked
    total.bytes += counts.bytes
  }

  // MARK: The end

  private mutating func complete() async throws -> SyncReport {
    var notes = opened.plan.notes + (await session.notes)
    if goneAndKept > 0 {
      notes.append("\(goneAndKept) rows are gone at the source and stay here (deletes=\(claim.deletes), mode \(claim.mode.rawValue))")
    }
    try await warehouse.begin()
    var counts = RowCounts()
    let comparesKeys = claim.deletesDue && claim.mode == .merge && !session.tellsDeletions
    if comparesKeys {
      job.progress.enter("compare keys")
      try await warehouse.execute(Deletion.createKeys(shape, keyOrder))
      try await Loading(warehouse: warehouse, progress: job.progress).copy(try await session.read(.keysOnly), Deletion.copyKeys(keyOrder))
      try await DeletionCheck(job: job, opened: opened).run(generation, &counts, &notes)
    }
    await session.close()
    add(counts)
    let grew = total.written > 0 || total.deleted > 0
    try await warehouse.execute(Commits.batch(claim, counts, cursor: claim.cursor, identity: opened.identity, replaces: false))
    try await warehouse.execute(
      Commits.complete(
        claim, timings: job.progress.timings, notes: notes, bytes: grew ? try await job.tableBytes(generation) : nil,
        columns: opened.columnsJSON, remote: opened.session.table.remote, deletesChecked: comparesKeys))
    try await job.commit()
    return job.report(total, notes)
  }
}
