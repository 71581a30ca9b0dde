import Catalogue
import ConnectorKit
import Failpoints
import Postgres
import Rows
import SQLText
import Warehouse

/// Loads the ranges of a chunked load side by side. Each chunk is one short read at the source and one commit
/// here, together with the key it has reached.
struct ChunkWorkers {
  let job: SyncJob
  let opened: SyncJob.Opened
  let generation: String
  let ranges: [ChunkedLoad.Range]

  func run() async throws -> [ChunkedLoad.Range] {
    try await withThrowingTaskGroup(of: ChunkedLoad.Range.self) { group in
      for (index, range) in ranges.enumerated() where !range.isDone {
        group.addTask { try await load(index, range) }
      }
      return try await group.reduce(into: ranges.filter(\.isDone)) { $0.append($1) }
    }
  }

  private func load(_ index: Int, _ start: ChunkedLoad.Range) async throws -> ChunkedLoad.Range {
    var range = start
    let connection = try await job.openWarehouse()
    while !range.isDone {
      range = try await chunk(index, range, connection)
      Failpoint.afterChunk.pass()
    }
    return range
  }

  private func chunk(_ index: Int, _ range: ChunkedLoad.Range, _ connection: Connection) async throws -> ChunkedLoad.Range {
    let request = job.chunkRequest(opened)
    let session = try await job.connector.open(request)
    do {
      try refuseChanged(session)
      var next = range
      let after = range.reached ?? range.after
      let border = try await session.nextKey(after: after, through: range.through, bytes: job.claim.chunkBytes)
      try await connection.begin()
      try await Loading.prepare(connection)
      let loaded = try await Loading(warehouse: connection, progress: job.progress)
        .copy(try await session.read(.keys(after: after, through: border ?? range.through)), opened.shape.copy(into: generation, freeze: false))
      await session.close()
      next.rows += loaded.rows
      next.bytes += loaded.bytes
      next.reached = border
      next.isDone = border == nil
      next.transaction = try await connection.query("SELECT pg_current_xact_id()::xid AS id")[0].text("id")
      try await connection.execute(Commits.hold(job.claim))
      try await connection.execute(Commits.progress(job.claim, range: index, try Commits.json(next)))
      Failpoint.beforeCommit.pass()
      try await connection.commit()
      return next
    } catch {
      await session.close()
      await connection.rollback()
      throw error
    }
  }

  /// A chunk that has another shape than the ones before would mix them.
  private func refuseChanged(_ session: any SchemaSession) throws {
    let (now, begun) = (session.table, opened.session.table)
    guard now.columns == begun.columns, now.identity == begun.identity, now.remote["number"] == begun.remote["number"] else {
      throw ConnectorError(.busy, "\(job.claim.label): the source's table, columns or system changed during the load", hint: "The load begins anew.")
    }
  }
}

extension SyncJob {
  /// Reads a part of the same table; the cursor was settled when the load began.
  func chunkRequest(_ opened: Opened) -> ReadRequest {
    ReadRequest(
      label: claim.label, remote: opened.session.table.remote, identity: opened.identity, columns: claim.selectedColumns,
      filter: claim.rowFilter, key: claim.key, cursorField: nil, mayBeNew: claim.mustReload || !claim.hasCompleted)
  }
}
