import Catalogue
import Postgres
import Rows
import SQLText
import Warehouse

/// Makes a table ready for the columns that arrive, before the rows do. Columns whose values have to be written
/// anew are widened without the source and without a reader noticing: the rows go into a new generation with
/// the new types, which is swapped in.
struct Reshape {
  let job: SyncJob
  var opened: SyncJob.Opened

  /// - Returns: what is known of the schema afterwards.
  func runIfNeeded() async throws -> SyncJob.Opened {
    let widens = opened.plan.changes.contains { if case .widen = $0 { true } else { false } }
    let partition = SyncJob.applied(opened.plan.changes, to: [opened.table?.partitionColumn].compactMap { $0 }).first
    let touchesPartition = opened.plan.changes.contains { if case .relabel(let column, _) = $0 { column == partition } else { false } }
    guard !opened.plan.changes.isEmpty, let table = opened.table, let old = table.generation else { return opened }
    job.progress.enter("reshape")
    let said = widens || touchesPartition ? try await rewriteWhole(table, old) : try await relabel(table)
    _ = try await job.warehouse.execute("ANALYZE \(table.name)")
    var after = opened
    after.table = try await SyncedTable.find(table.name, of: job.claim.label, on: job.warehouse)
    after.plan.changes = []
    let views = said.filter { !$0.hasPrefix("validate:") }
    if !views.isEmpty { after.plan.notes.append("made anew for it: \(views.joined(separator: ", "))") }
    return after
  }

  /// Changes that PostgreSQL only notes down, in a locked moment of their own.
  private func relabel(_ table: SyncedTable) async throws -> [String] {
    let warehouse = job.warehouse
    try await warehouse.begin()
    try await SwapMoment(job: job, table: table.name).wait([])
    try await warehouse.execute(Commits.hold(job.claim))
    let said = try await warehouse.query(Swap.apply(opened.plan.changes, to: table.name))[0]["said"]
    try await warehouse.execute(Commits.columns(job.claim, opened.columnsJSON))
    try await warehouse.commit()
    return said.map(ArrayText.parse) ?? []
  }

  /// A rewrite leaves nothing behind when it fails, also when it was cancelled: a cancelled task's statements would be, too.
  private func rewriteWhole(_ table: SyncedTable, _ old: String) async throws -> [String] {
    do { return try await rewrite(table, old) } catch {
      let (warehouse, claim) = (job.warehouse, job.claim)
      await Task.detached {
        await warehouse.rollback()
        try? await warehouse.transaction { transaction in
          try transaction.execute(Commits.hold(claim))
          try transaction.execute(Commits.dropLeftovers(claim, keepingShape: ""))
        }
      }.value
      throw error
    }
  }

  private func rewrite(_ table: SyncedTable, _ old: String) async throws -> [String] {
    let warehouse = job.warehouse
    let name = try await warehouse.query(Commits.newGenerationName)[0].text("name")
    try await warehouse.execute(Commits.dropLeftovers(job.claim, keepingShape: ""))
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    try await warehouse.execute(Commits.hold(job.claim))
    try await warehouse.execute(Commits.begin(job.claim, name, shape: "rewrite"))
    try await warehouse.execute(opened.shape.createGeneration(name))
    try await warehouse.commit()
    try await warehouse.begin()
    try await warehouse.execute(copy(from: table, old, to: name))
    let writer = try await warehouse.query("SELECT pg_current_xact_id()::xid AS id")[0].text("id")
    try await warehouse.commit()
    try await warehouse.begin()
    try await Loading.prepare(warehouse)
    for statement in opened.shape.finishGeneration(name) { try await warehouse.execute(statement) }
    try await warehouse.execute(Swap.copyIndexes(table.name, name, opened.plan.changes))
    try await SwapMoment(job: job, table: table.name).wait([writer])
    try await warehouse.execute(Commits.hold(job.claim))
    let said = try await warehouse.query(Swap.exchange(table.name, name, opened.plan.changes, key: opened.shape.key))[0]["said"]
    try await warehouse.execute(Commits.makeCurrent(job.claim, name))
    try await warehouse.execute(Commits.columns(job.claim, opened.columnsJSON))
    try await warehouse.commit()
    return said.map(ArrayText.parse) ?? []
  }

  /// Each old column by its new name. A column that is added gets what rows from before have at the source.
  private func copy(from table: SyncedTable, _ old: String, to name: String) -> SQL {
    let renames = opened.plan.changes.renames
    var fills: [(column: Identifier, value: SQL)] = []
    for change in opened.plan.changes {
      switch change {
      case .add(let column, let fill): fills.append((Identifier(column.name), "\(Literal(fill))::\(SQL(verbatim: column.type.name))"))
      case .rename, .relabel, .widen: break
      }
    }
    let targets = table.columns.map { Identifier(renames[$0.name] ?? $0.name) } + fills.map(\.column)
    let values = table.columns.map { "\(Identifier($0.name))" as SQL } + fills.map(\.value)
    return "INSERT INTO \(TableShape.generation(name)) (\(targets.list)) SELECT \(values.joined(separator: ", ")) FROM \(TableShape.generation(old))"
  }
}
