import ConnectorKit
import Postgres
import SQLText

/// Fills one table over several connections, each in a transaction of its own.
struct ParallelLoad {
  let job: SyncJob

  struct Part: Sendable {
    var rows: Int
    var bytes: Int
    /// The transaction that wrote them, as `xid`.
    var transaction: String
    var rejects: [TolerantLoading.Reject] = []
  }

  /// All parts, or an error when one of them fails; the others are then stopped.
  func run(_ readers: [any BatchReader], _ copy: SQL) async throws -> [Part] {
    try await withThrowingTaskGroup(of: Part.self) { group in
      for reader in readers {
        let progress = job.progress
        let open = job.openWarehouse
        let claim = job.claim
        group.addTask {
          let connection = try await open()
          try await connection.begin()
          try await Loading.prepare(connection)
          let loaded = try await Loading(warehouse: connection, progress: progress).copy(reader, copy, for: claim)
          let id = try await connection.query("SELECT pg_current_xact_id()::xid AS id")[0].text("id")
          try await connection.commit()
          return Part(rows: loaded.rows, bytes: loaded.bytes, transaction: id, rejects: loaded.rejects)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
