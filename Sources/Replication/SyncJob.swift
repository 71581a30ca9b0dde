import Catalogue
import ConnectorKit
import Failpoints
import FoundationEssentials
import Postgres
import Rows
import SQLText
import Warehouse

/// One sync of one schema, from an open lease to its commit.
///
/// What the modes share: the shape of source and table, the plan between them, and the end of the sync.
struct SyncJob {
  var claim: Claim
  let connector: any Connector
  let warehouse: Connection
  let openWarehouse: @Sendable () async throws -> Connection
  let leases: Leases
  let progress: Progress
  let began = ContinuousClock.now

  /// Everything that is known once the schema is open.
  struct Opened {
    var session: any SchemaSession
    var table: SyncedTable?
    var shape: TableShape
    var plan: TablePlan
    var identity: String?
    var columnsJSON: String
    var keyIsUnique: Bool
    /// Nil in `full_refresh`.
    var cursorType: CursorType?
    /// What a load of a source with checkpoints ended with.
    var checkpoint: String?
  }

  func run() async throws -> SyncReport {
    let request = try request()
    let session = try await connector.open(request)
    do {
      // What cursor and key rest on is not left to each connector alone.
      try request.refuseReplaced(by: session.table.identity)
      try request.following(session.table.renames).checkNames(in: session.table.columns)
      let report = try await following(session.table.renames).run(session)
      await session.close()
      return report
    } catch {
      await session.close()
      throw error
    }
  }

  private func request() throws -> ReadRequest {
    ReadRequest(
      label: claim.label, remote: claim.remote, identity: claim.sourceIdentity, columns: claim.selectedColumns,
      filter: claim.rowFilter, key: claim.key, cursorField: claim.cursorField, known: try knownColumns(),
      mayBeNew: claim.mustReload || !claim.hasCompleted,
      goesOn: claim.mode != .fullRefresh && claim.cursor != nil && !claim.mustReload,
      mode: claim.mode, checkpoint: claim.mustReload ? nil : claim.cursor?.checkpoint)
  }

  /// The source's columns when they were last seen.
  private func knownColumns() throws -> [SourceColumn] { try JSONDecoder().decode([SourceColumn].self, from: Data(claim.columns.utf8)) }

  /// The same job by the names that the source's columns have now.
  private func following(_ renames: [String: String]) -> SyncJob {
    var result = self
    result.claim = claim.following(renames)
    return result
  }

  private func run(_ session: any SchemaSession) async throws -> SyncReport {
    var opened = try await look(session)
    if let reason = reloadReason(opened) {
      if !reason.isEmpty { opened.plan.notes.append("loaded from the start, since \(reason)") }
      return try await FullRefresh(job: self, opened: opened).run()
    }
    if claim.mode == .fullRefresh { return try await FullRefresh(job: self, opened: opened).run() }
    var job = self
    if !opened.plan.changes.isEmpty { job.claim = claim.withRenamesStored }
    opened = try await Reshape(job: self, opened: opened).runIfNeeded()
    if let session = session as? any CheckpointedSession {
      var changes = try CheckpointedChanges(job: job, opened: opened, session: session)
      return try await changes.run()
    }
    return try await Incremental(job: job, opened: opened).run()
  }

  /// Why an incremental schema is loaded from the start; empty for its first load, nil when it is not.
  private func reloadReason(_ opened: Opened) -> String? {
    guard claim.mode != .fullRefresh else { return nil }
    if claim.mustReload, claim.hasCompleted { return "its settings changed or a reload was asked for" }
    guard claim.cursor != nil, let table = opened.table, table.generation != nil else { return "" }
    if let session = opened.session as? any CheckpointedSession {
      if claim.cursor?.checkpoint == nil { return "its cursor is of another kind" }
      if let reason = session.reloadReason { return reason }
    }
    if !opened.plan.reloadReasons.isEmpty { return opened.plan.reloadReasons.joined(separator: ", and ") }
    return Self.applied(opened.plan.changes, to: table.key) == opened.shape.key ? nil : "the key of its table is another one"
  }

  // MARK: Looking

  private func look(_ session: any SchemaSession) async throws -> Opened {
    let source = session.table
    let columns = source.columns
    guard !columns.isEmpty else { throw Failure(.permanent, "\(claim.label) has no columns to sync", hint: "Leave it out with: hedgerow set \(claim.label) enabled=false") }
    try checkColumns(columns)
    let name = QualifiedName(claim.namespace, claim.tableName)
    let table = try await SyncedTable.find(name, of: claim.label, on: warehouse)
    let known = claim.hasCompleted ? try knownColumns().filter { !source.leavesOut($0) } : []
    let own = ownColumns
    var plan = TablePlan.make(
      incoming: columns.map(Self.incoming), known: known.map(Self.incoming), keepsNumbers: source.keepsNumbers,
      existing: table?.columns, own: own)
    plan.notes += settingsThatFollow
    if !source.keepsNumbers, claim.hasCompleted { plan.notes.append(Self.anotherTable(sameSystem: claim.sourceIdentity == source.identity)) }
    var all = table.map { Self.applied(plan.changes, to: $0.columns) } ?? columns.map { Self.incoming($0).column } + own
    for index in all.indices { all[index].isRequired = false }
    let key = key(of: source)
    let shape = TableShape(
      name: name, columns: all, incoming: columns.map { Self.warehouseName($0.name) }, key: key,
      indexed: claim.mode == .append ? claim.cursorField : nil, isUpdated: claim.mode == .merge)
    return Opened(
      session: session, table: table, shape: shape, plan: plan, identity: source.identity,
      columnsJSON: try Commits.json(source.allColumns), keyIsUnique: source.keyIsUnique && !source.mayRepeat,
      cursorType: columns.first { $0.name == claim.cursorField }.flatMap { CursorType($0.type) })
  }

  private static func anotherTable(sameSystem: Bool) -> String {
    sameSystem ? "the table was made anew at the source, and its columns are told by their names"
      : "the source is another system than before: its table of the same name was loaded, and columns are told by their names"
  }

  /// Sentences on the settings that name a column which was renamed.
  private var settingsThatFollow: [String] {
    let new = Set(claim.renames.values)
    let field = claim.cursorField.flatMap { new.contains($0) ? "the cursor field is \($0) from now on" : nil }
    let key = new.isDisjoint(with: claim.key) ? nil : "the key is \(claim.key.joined(separator: ", ")) from now on"
    return [field, key].compactMap { $0 }
  }

  private func checkColumns(_ columns: [SourceColumn]) throws {
    if columns.count > 1590 {
      throw Failure(.permanent, "\(claim.label) has \(columns.count) columns, and PostgreSQL holds 1600", hint: "Choose some with columns=.")
    }
    if let field = claim.cursorField, let column = columns.first(where: { $0.name == field }), CursorType(column.type) == nil {
      throw ConnectorError(
        .unusable, "\(claim.label): its cursor field \(field) is now of type \(column.sourceType), which has no usable order",
        hint: "Choose another with: hedgerow set \(claim.label) cursor=COLUMN")
    }
  }

  private var ownColumns: [Column] {
    (claim.mode == .fullRefresh ? [] : [OwnColumn.syncedAt]) + (claim.deletes == "soft" && claim.mode != .fullRefresh ? [OwnColumn.deletedAt] : [])
  }

  /// The key that the table has in the warehouse. Rows that are appended may repeat theirs.
  private func key(of source: SourceTable) -> [String] {
    switch claim.mode {
    case .append: []
    case .merge: claim.key.map(Self.warehouseName)
    case .fullRefresh:
      (source.keyIsUnique || claim.refresh == "difference") && source.key.allSatisfy { name in source.columns.contains { $0.name == name } }
        ? source.key.map(Self.warehouseName) : []
    }
  }

  private static func incoming(_ column: SourceColumn) -> IncomingColumn {
    IncomingColumn(
      number: column.number, column: Column(name: warehouseName(column.name), type: ColumnType(column.type)), fill: column.fill,
      needsReload: column.isFilledAtSource ?? false)
  }

  /// Names that begin as Hedgerow's own do are moved out of their way.
  static func warehouseName(_ name: String) -> String {
    name.hasPrefix(OwnColumn.prefix) && name != OwnColumn.extra ? "source" + name : name
  }

  static func applied(_ changes: [TableChange], to columns: [Column]) -> [Column] {
    var result = columns
    for change in changes {
      switch change {
      case .rename(let from, let to):
        for index in result.indices where result[index].name == from { result[index].name = to }
      case .add(let column, _): result.append(column)
      case .relabel(let name, let type), .widen(let name, let type):
        for index in result.indices where result[index].name == name { result[index].type = type }
      }
    }
    return result
  }

  /// The same names after the renames among `changes`.
  static func applied(_ changes: [TableChange], to names: [String]) -> [String] {
    let renames = changes.renames
    return names.map { renames[$0] ?? $0 }
  }

  // MARK: The end

  /// Compares what was asked to be safe with what was read, in the warehouse's own arithmetic.
  ///
  /// - Parameter checkpoint: where a source with checkpoints goes on: then nothing has to be compared.
  func cursor(_ opened: Opened, high: String?, checkpoint: String? = nil) async throws -> CursorState? {
    guard let type = opened.cursorType else { return nil }
    let name = SQL(verbatim: SafePoint.typeName(type))
    let highest = try await warehouse.query(
      "SELECT greatest(\(Literal(claim.mustReload ? nil : claim.cursor?.high))::\(name), \(Literal(high))::\(name))::text AS high")[0]["high"]
    if let checkpoint { return CursorState(floor: nil, high: highest, checkpoint: checkpoint) }
    let previous = claim.mustReload ? nil : claim.cursor
    let safe = SafePoint.next(after: previous, opened.session.horizon, type)
    let floor = try await warehouse.query(
      "SELECT \(safe.floor(previous: previous, high: highest, type, zone: opened.session.horizon.timeZone)) AS floor")[0]["floor"]
    return CursorState(floor: floor, high: highest, pending: safe.pending)
  }

  func tableBytes(_ generation: String) async throws -> Int64? {
    try await warehouse.query("SELECT pg_total_relation_size(\("\(TableShape.generation(generation))")::regclass) AS bytes")[0].integer("bytes")
  }

  func report(_ counts: RowCounts, _ notes: [String]) -> SyncReport {
    SyncReport(
      source: claim.source, schema: claim.schema, table: "\(claim.namespace).\(claim.tableName)", mode: claim.mode.rawValue,
      counts: counts, seconds: Double((ContinuousClock.now - began) / .milliseconds(1)) / 1000, timings: progress.timings, notes: notes)
  }

  /// Commits. Whether a commit whose answer was lost took place is asked of the history.
  func commit() async throws {
    Failpoint.beforeCommit.pass()
    do { try await warehouse.commit() } catch {
      guard error.kind == .connectionLost else { throw error }
      guard try await leases.isCompleted(claim) else { throw error }
    }
    Failpoint.afterCommit.pass()
  }
}

extension SourceTable {
  /// Whether a column of before is still there, and was not chosen.
  fileprivate func leavesOut(_ known: SourceColumn) -> Bool {
    func holds(_ columns: [SourceColumn]) -> Bool {
      columns.contains { keepsNumbers ? $0.number == known.number : $0.name == known.name }
    }
    return holds(allColumns) && !holds(columns)
  }
}
