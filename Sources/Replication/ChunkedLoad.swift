import Catalogue
import ConnectorKit
import Failpoints
import FoundationEssentials
import Postgres
import Rows
import SQLText
import Warehouse

/// Loads a very large table in committed chunks by ranges of its key. After a crash of any party it goes on
/// with the chunk that was under way.
struct ChunkedLoad {
  let job: SyncJob
  let opened: SyncJob.Opened
  let refresh: FullRefresh

  /// One range of keys, and how far it has got.
  struct Range: Codable, Sendable, Equatable {
    /// Nil for the first range.
    var after: [String]?
    /// Nil for the last range.
    var through: [String]?
    /// The last key that is committed; nil before the first chunk.
    var reached: [String]?
    var isDone = false
    var rows = 0
    var bytes = 0
    /// The newest transaction that wrote, as `xid`.
    var transaction: String?
  }

  static func isFitting(_ claim: Claim, _ source: SourceTable) -> Bool {
    let isLarge = (source.estimatedRows ?? 0) > claim.chunkAboveRows || (source.estimatedBytes ?? 0) > claim.chunkAboveBytes
    return isLarge && !source.key.isEmpty && source.keyIsUnique && (claim.refresh == "swap" || claim.mode != .fullRefresh)
  }

  /// What a load that was begun must share with one that goes on with it.
  static func shape(_ job: SyncJob, _ opened: SyncJob.Opened) -> String {
    let columns = opened.shape.columns.map { "\($0.name) \($0.type)" }.joined(separator: ",")
    return "\(opened.identity ?? "")|\(opened.session.table.remote["number"] ?? "")|\(job.claim.rowFilter ?? "")|\(opened.shape.incoming.joined(separator: ","))|\(columns)|\(opened.shape.key.joined(separator: ","))"
  }

  func run() async throws -> SyncReport {
    job.progress.enter("load")
    let (name, ranges, began) = try await resumeOrBegin()
    await opened.session.close()
    job.progress.add(rows: ranges.reduce(0) { $0 + $1.rows }, bytes: ranges.reduce(0) { $0 + $1.bytes })
    let done = try await ChunkWorkers(job: job, opened: opened, generation: name, ranges: ranges).run()
    var after = opened
    after.session = ClosedSession(opened.session, horizon: began)
    try await job.warehouse.begin()
    try await Loading.prepare(job.warehouse)
    let end = FullRefresh(job: job, opened: after)
    return try await end.finish(
      name, rows: done.reduce(0) { $0 + $1.rows }, bytes: done.reduce(0) { $0 + $1.bytes }, unseenBefore: done.compactMap(\.transaction))
  }

  /// What is stored with a load that is under way.
  struct Stored: Codable, Sendable {
    var ranges: [Range]
    /// What was open at the source when the load began: what it commits is read again after the swap.
    var horizon: StoredHorizon
  }

  private func resumeOrBegin() async throws -> (String, [Range], Horizon) {
    let shape = Self.shape(job, opened)
    let found = try await job.warehouse.query(Commits.loadingGeneration(job.claim, shape: shape)).first
    if let found, let text = found["progress"], let name = found["name"] {
      let stored = try JSONDecoder().decode(Stored.self, from: Data(text.utf8))
      return (name, stored.ranges, stored.horizon.horizon)
    }
    let ranges = try await plan()
    let name = try await job.warehouse.query(Commits.newGenerationName)[0].text("name")
    let stored = try Commits.json(Stored(ranges: ranges, horizon: StoredHorizon(opened.session.horizon)))
    let (claim, table) = (job.claim, opened.shape)
    try await job.warehouse.transaction { transaction in
      try transaction.execute(Commits.hold(claim))
      try transaction.execute(Commits.begin(claim, name, shape: shape))
      try transaction.execute(Commits.progress(claim, stored))
      try transaction.execute(table.createGeneration(name))
    }
    return (name, ranges, opened.session.horizon)
  }

  private func plan() async throws -> [Range] {
    let borders = try await opened.session.rangeKeys(job.claim.parallel ?? 2)
    let starts = [nil] + borders.map { Optional($0) }
    let ends = borders.map { Optional($0) } + [nil]
    return zip(starts, ends).map { Range(after: $0, through: $1) }
  }
}

/// A horizon as it is stored beside a load.
struct StoredHorizon: Codable, Sendable {
  var clock: String
  var oldestStart: String?
  var open: [String]
  var isComplete: Bool
  var largestBefore: String?
  var timeZone: String

  init(_ horizon: Horizon) {
    clock = horizon.clock
    oldestStart = horizon.oldestStart
    open = horizon.open.map(\.id)
    isComplete = horizon.isComplete
    largestBefore = horizon.largestBefore
    timeZone = horizon.timeZone
  }

  var horizon: Horizon {
    Horizon(
      clock: clock, oldestStart: oldestStart, open: open.map { .init(id: $0, startedAt: nil) }, isComplete: isComplete,
      largestBefore: largestBefore, timeZone: timeZone)
  }
}

/// A session that is over, whose shape and horizon are still asked for.
struct ClosedSession: SchemaSession {
  let table: SourceTable
  let horizon: Horizon

  init(_ session: any SchemaSession, horizon: Horizon) {
    table = session.table
    self.horizon = horizon
  }

  private var closed: Failure { Failure(.bug, "a session that is closed was read") }
  func read(_ slice: RowSlice) async throws -> any BatchReader { throw closed }
  func readInParts(_ count: Int) async throws -> [any BatchReader] { throw closed }
  func nextKey(after key: [String]?, through end: [String]?, bytes: Int64) async throws -> [String]? { throw closed }
  func rangeKeys(_ count: Int) async throws -> [[String]] { throw closed }
  func close() async {}
}
