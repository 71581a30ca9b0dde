import Catalogue
import ConnectorKit
import Failpoints
import Postgres
import Rows
import SQLText
import Warehouse

/// Brings in the rows from the safe point on: `append` or `merge`, in one transaction with the cursor.
struct Incremental {
  let job: SyncJob
  let opened: SyncJob.Opened

  private var claim: Claim { job.claim }
  private var warehouse: Connection { job.warehouse }
  private var shape: TableShape { opened.shape }

  func run() async throws -> SyncReport {
    guard let generation = opened.table?.generation, let type = opened.cursorType, let field = claim.cursorField else {
      throw Failure(.bug, "\(claim.label) is incremental and has no table or no cursor field")
    }
    let cursorField = SyncJob.warehouseName(field)
    job.progress.enter("load")
    try await warehouse.begin()
    try await warehouse.execute(shape.createStaging)
    let loading = Loading(warehouse: warehouse, progress: job.progress)
    let loaded = try await loading.copy(try await opened.session.read(slice), shape.copyIntoStaging, for: claim)
    let keys = try await readKeys(loading)
    await opened.session.close()

    Failpoint.beforeMerge.pass()
    job.progress.enter("merge")
    let staged = try await warehouse.query(Landing.stagedSummary(cursorField: cursorField, isTime: type.isTime))[0]
    var counts = RowCounts()
    counts.bytes = loaded.bytes
    if loaded.rows > 0 { try await land(generation, cursorField, type, &counts) }
    counts.rechecked = loaded.rows - loaded.rejects.count - counts.read
    counts.rejected = loaded.rejects.count
    counts.read += loaded.rejects.count
    for reject in loaded.rejects { try await warehouse.execute(Commits.reject(claim, reject.label, reject.reason, reject.sqlState)) }
    var notes = opened.plan.notes
    if keys { try await DeletionCheck(job: job, opened: opened).run(generation, &counts, &notes) }
    let cursor = try await job.cursor(opened, high: staged["high"])
    try await warehouse.execute(Commits.batch(claim, counts, cursor: cursor, identity: opened.identity, replaces: false))
    let grew = counts.written > 0 || counts.deleted > 0
    try await warehouse.execute(
      Commits.complete(
        claim, timings: job.progress.timings, notes: notes, bytes: grew ? try await job.tableBytes(generation) : nil,
        columns: opened.columnsJSON, remote: opened.session.table.remote, deletesChecked: keys))
    try await job.commit()
    return job.report(counts, notes)
  }

  private var slice: RowSlice {
    claim.cursor?.floor.map { .since(from: $0, lookback: claim.lookback) } ?? .all
  }

  /// Reads the keys of every row, under the same snapshot, when it is time to look for deletions.
  private func readKeys(_ loading: Loading) async throws -> Bool {
    guard claim.deletesDue else { return false }
    job.progress.enter("compare keys")
    let key = Set(claim.key)
    let order = opened.session.table.columns.map(\.name).filter { key.contains($0) }.map(SyncJob.warehouseName)
    try await warehouse.execute(Deletion.createKeys(shape, order))
    try await loading.copy(try await opened.session.read(.keysOnly), Deletion.copyKeys(order))
    return true
  }

  private func land(_ generation: String, _ cursorField: String, _ type: CursorType, _ counts: inout RowCounts) async throws {
    let landing = Landing(
      shape: shape, generation: generation, keyIsUnique: opened.keyIsUnique, hasSoftDeletes: shape.columns.contains { $0.name == OwnColumn.deletedAt.name })
    let name = SQL(verbatim: SafePoint.typeName(type))
    if claim.mode == .merge {
      let row = try await warehouse.query(landing.merge(cursorField: cursorField, stampsRows: true))[0]
      counts.updated = Int(row.integer("updated") ?? 0)
      counts.written = Int(row.integer("inserted") ?? 0) + counts.updated
    } else {
      let row = try await warehouse.query(
        landing.append(cursorField: cursorField, type: name, from: readFrom(type), high: claim.cursor?.high))[0]
      counts.written = Int(row.integer("inserted") ?? 0)
    }
    counts.read = counts.written
  }

  /// Where this read began, in the cursor's type.
  private func readFrom(_ type: CursorType) -> SQL? {
    guard let floor = claim.cursor?.floor else { return nil }
    let name = SQL(verbatim: SafePoint.typeName(type))
    guard let lookback = claim.lookback else { return "\(Literal(floor))::\(name)" }
    let step: SQL = type.isTime ? "interval" : "numeric"
    return "(\(Literal(floor))::\(name) - \(Literal(lookback))::\(step))::\(name)"
  }
}
