import Catalogue
import ConnectorKit
import Failpoints
import Postgres
import Rows
import SQLText
import Warehouse

/// A full refresh that writes only what changed: stage every row, then delete, update and insert, in one
/// transaction that takes no lock which a reader notices.
struct DifferenceRefresh {
  let job: SyncJob
  let opened: SyncJob.Opened

  func run() async throws -> SyncReport {
    let claim = job.claim
    let warehouse = job.warehouse
    guard let generation = opened.table?.generation else { throw Failure(.bug, "\(claim.label) has no generation") }
    job.progress.enter("load")
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    try await warehouse.execute(opened.shape.createStaging)
    let loaded = try await Loading(warehouse: warehouse, progress: job.progress)
      .copy(try await opened.session.read(.all), opened.shape.copyIntoStaging)
    await opened.session.close()
    if loaded.rows == 0, let before = claim.rows, before > 0, !claim.allowEmpty {
      throw Failure(
        .permanent, "\(claim.label): the source returned no rows, and the table holds \(before): they stay",
        hint: "If the source is meant to be empty: hedgerow set \(claim.label) allow_empty=true")
    }
    Failpoint.beforeMerge.pass()
    job.progress.enter("merge")
    try await warehouse.execute("ANALYZE pg_temp.\(TableShape.staging)")
    var counts = RowCounts()
    counts.bytes = loaded.bytes
    counts.deleted = try await warehouse.execute(Deletion(shape: opened.shape, generation: generation).hard(TableShape.staging))
    let landing = Landing(shape: opened.shape, generation: generation, keyIsUnique: opened.keyIsUnique, hasSoftDeletes: false)
    let row = try await warehouse.query(landing.merge(cursorField: nil, stampsRows: false))[0]
    counts.updated = Int(row.integer("updated") ?? 0)
    counts.written = Int(row.integer("inserted") ?? 0) + counts.updated
    counts.read = counts.written
    counts.rechecked = loaded.rows - counts.read
    try await warehouse.execute(Commits.batch(claim, counts, cursor: nil, identity: opened.identity, replaces: false))
    try await warehouse.execute(
      Commits.complete(
        claim, timings: job.progress.timings, notes: opened.plan.notes, bytes: try await job.tableBytes(generation),
        columns: opened.columnsJSON, remote: opened.session.table.remote, deletesChecked: true))
    try await job.commit()
    return job.report(counts, opened.plan.notes)
  }
}
