import Catalogue
import ConnectorKit
import Failpoints
import Postgres
import Rows
import SQLText
import Warehouse

/// Loads every row into the next generation and swaps it in; or, with `refresh=difference`, writes only what
/// changed.
struct FullRefresh {
  let job: SyncJob
  let opened: SyncJob.Opened

  private var claim: Claim { job.claim }
  private var warehouse: Connection { job.warehouse }
  private var shape: TableShape { opened.shape }
  private var source: SourceTable { opened.session.table }

  func run() async throws -> SyncReport {
    try await warehouse.execute(Commits.dropLeftovers(claim, keepingShape: ChunkedLoad.shape(job, opened)))
    job.progress.expect(claim.rowFilter == nil ? source.estimatedRows : nil)
    if let session = opened.session as? any CheckpointedSession, !isDifference {
      return try await CheckpointedLoad(job: job, opened: opened, session: session).run()
    }
    if ChunkedLoad.isFitting(claim, source) { return try await ChunkedLoad(job: job, opened: opened, refresh: self).run() }
    if isDifference { return try await DifferenceRefresh(job: job, opened: opened).run() }
    return (claim.parallel ?? 1) > 1 || claim.maxRejects > 0 ? try await runInParallel() : try await runAtOnce()
  }

  private var isDifference: Bool {
    guard claim.refresh == "difference", claim.mode == .fullRefresh, let table = opened.table else { return false }
    return table.generation != nil && table.key == shape.key && opened.plan.changes.isEmpty
  }

  /// One transaction makes the generation, fills it frozen and swaps it in: a reader whose snapshot is older
  /// than the load sees the new rows too.
  private func runAtOnce() async throws -> SyncReport {
    job.progress.enter("load")
    let name = try await generationName()
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    try await warehouse.execute(shape.createGeneration(name))
    let loaded = try await Loading(warehouse: warehouse, progress: job.progress)
      .copy(try await opened.session.read(.all), shape.copy(into: name, freeze: true))
    await opened.session.close()
    return try await finish(name, rows: loaded.rows, bytes: loaded.bytes)
  }

  /// Several connections fill a generation that is committed and not yet seen.
  private func runInParallel() async throws -> SyncReport {
    job.progress.enter("load")
    let name = try await generationName()
    let shape = shape
    let claim = claim
    try await warehouse.transaction { transaction in
      try transaction.execute(Commits.hold(claim))
      try transaction.execute(Commits.begin(claim, name, shape: ""))
      try transaction.execute(shape.createGeneration(name))
    }
    let readers = try await opened.session.readInParts(claim.parallel ?? 1)
    let loads = try await ParallelLoad(job: job).run(readers, shape.copy(into: name, freeze: false))
    await opened.session.close()
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    return try await finish(
      name, rows: loads.reduce(0) { $0 + $1.rows }, bytes: loads.reduce(0) { $0 + $1.bytes }, unseenBefore: loads.map(\.transaction),
      rejects: loads.flatMap(\.rejects))
  }

  private func generationName() async throws -> String {
    try await warehouse.query(Commits.newGenerationName)[0].text("name")
  }

  // MARK: The end of every load

  /// Builds the keys, waits for the moment, swaps and commits. The transaction is open, the rows are in.
  ///
  /// - Parameters:
  ///   - rows: how many were read, rejected ones included.
  ///   - unseenBefore: transactions that loaded rows without freezing them.
  func finish(
    _ name: String, rows: Int, bytes: Int, unseenBefore: [String] = [], rejects: [TolerantLoading.Reject] = []
  ) async throws -> SyncReport {
    if rows == 0, let before = claim.rows, before > 0, !claim.allowEmpty {
      throw Failure(
        .permanent, "\(claim.label): the source returned no rows, and the table holds \(before): they stay",
        hint: "If the source is meant to be empty: hedgerow set \(claim.label) allow_empty=true")
    }
    job.progress.enter("index")
    let isCommitted = !unseenBefore.isEmpty
    let overwritten = try await removeDuplicates(name, isCommitted: isCommitted)
    for statement in shape.finishGeneration(name) { try await warehouse.execute(statement) }
    for statement in shape.sampleGeneration(name, isUncommitted: !isCommitted && overwritten == 0) { try await warehouse.execute(statement) }
    let high = try await high(name)
    var counts = RowCounts()
    let taken = rows - rejects.count - overwritten
    (counts.read, counts.written, counts.bytes, counts.held, counts.rejected) = (rows - overwritten, taken, bytes, taken, rejects.count)
    counts.rechecked = overwritten
    job.progress.enter("swap")
    let said = try await swapIn(name, unseenBefore)
    let cursor = try await job.cursor(opened, high: high, checkpoint: opened.checkpoint)
    let notes = opened.plan.notes + source.columns.compactMap { column in column.note.map { "\(column.name): \($0)" } }.filter { _ in !claim.hasCompleted }
    try await warehouse.execute(Commits.makeCurrent(claim, name))
    for reject in rejects { try await warehouse.execute(Commits.reject(claim, reject.place, reject.reason, reject.sqlState)) }
    try await warehouse.execute(Commits.batch(claim, counts, cursor: cursor, identity: opened.identity, replaces: true))
    try await warehouse.execute(
      Commits.complete(
        claim, timings: job.progress.timings, notes: notes, bytes: try await job.tableBytes(name), columns: opened.columnsJSON,
        remote: source.remote, deletesChecked: true))
    try await job.commit()
    await afterwards(said, rows: taken)
    return job.report(counts, notes)
  }

  /// Of rows with the same key a merge keeps the newest, also in its first load. An older snapshot would see the others
  /// too, so their deletion is committed, and such snapshots are waited for, while the generation is not yet seen.
  ///
  /// - Parameter isCommitted: whether the generation is; it is in any case when there were others.
  /// - Returns: how many others there were.
  private func removeDuplicates(_ name: String, isCommitted: Bool) async throws -> Int {
    guard claim.mode == .merge || source.mayRepeat, !source.key.isEmpty else { return 0 }
    var shape = shape
    if shape.key.isEmpty { shape.key = source.key.map(SyncJob.warehouseName) }
    let landing = Landing(shape: shape, generation: name, keyIsUnique: opened.keyIsUnique, hasSoftDeletes: false)
    // Where a source may repeat a row, what was read later is newer.
    let cursorField = source.mayRepeat ? nil : claim.cursorField.map(SyncJob.warehouseName)
    guard let statement = landing.removeDuplicates(cursorField: cursorField) else { return 0 }
    let removed = try await warehouse.execute(statement)
    guard removed > 0 else { return 0 }
    try await warehouse.execute(Commits.hold(claim))
    if !isCommitted { try await warehouse.execute(Commits.begin(claim, name, shape: "")) }
    let id = try await warehouse.query("SELECT pg_current_xact_id()::xid AS id")[0].text("id")
    try await warehouse.commit()
    try await SwapMoment(job: job, table: shape.name).waitForSnapshots([id])
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    return removed
  }

  private func high(_ name: String) async throws -> String? {
    guard let field = claim.cursorField, let type = opened.cursorType else { return nil }
    return try await warehouse.query(
      Landing.generationHigh(name, cursorField: SyncJob.warehouseName(field), isTime: type.isTime))[0]["high"]
  }

  /// - Returns: statements to run after the commit.
  private func swapIn(_ name: String, _ unseenBefore: [String]) async throws -> [String] {
    if let table = opened.table {
      try await warehouse.execute(Swap.copyIndexes(table.name, name, opened.plan.changes))
      Failpoint.beforeSwap.pass()
      try await SwapMoment(job: job, table: table.name).wait(unseenBefore)
      return try await exchange(name)
    }
    Failpoint.beforeSwap.pass()
    try await warehouse.execute("SELECT hedgerow.open_namespace(\(claim.namespace))")
    for statement in shape.createParent { try await warehouse.execute(statement) }
    try await warehouse.execute("SELECT hedgerow.introduce(\("\(shape.name)")::regclass, \(claim.label))")
    return try await exchange(name)
  }

  private func exchange(_ name: String) async throws -> [String] {
    let changes = opened.plan.changes
    return try await warehouse.query(Swap.exchange(shape.name, name, changes, key: shape.key))[0]["said"].map(ArrayText.parse) ?? []
  }

  /// What may come later than the commit: statistics of the table as a whole, and the check of foreign keys. The sync
  /// is done by then.
  private func afterwards(_ said: [String], rows: Int) async {
    if let rows = try? await warehouse.query(shape.lacksStatistics(rows: rows, before: claim.rows.map(Int.init))), rows.first?.bool("lacks") == true {
      _ = try? await warehouse.execute("ANALYZE \(shape.name)")
    }
    for statement in said where statement.hasPrefix("validate:") {
      _ = try? await warehouse.execute(SQL(verbatim: String(statement.dropFirst("validate:".count))))
    }
  }
}
