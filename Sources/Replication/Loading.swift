import Catalogue
import ConnectorKit
import Failpoints
import Postgres
import Rows
import SQLText

/// Brings the batches of a reader into a `COPY` that takes as long as it takes: nobody sees the rows yet.
struct Loading {
  let warehouse: Connection
  let progress: Progress

  /// Settings of a transaction that loads many rows.
  static func prepare(_ warehouse: Connection) async throws {
    try await warehouse.execute(
      """
      SELECT set_config('maintenance_work_mem', '256MB', true) FROM pg_settings WHERE name = 'maintenance_work_mem' AND setting::bigint < 262144
      UNION ALL
      SELECT set_config('default_toast_compression', 'lz4', true) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
      """)
  }

  /// The same for a claim that may put rows aside.
  func copy(_ reader: any BatchReader, _ sql: SQL, for claim: Claim) async throws -> TolerantLoading.Outcome {
    if claim.maxRejects > 0 {
      return try await TolerantLoading(warehouse: warehouse, progress: progress, limit: claim.maxRejects, label: claim.label).copy(reader, sql)
    }
    let loaded = try await copy(reader, sql)
    return TolerantLoading.Outcome(rows: loaded.rows, bytes: loaded.bytes)
  }

  /// - Returns: how many rows were read, and so taken.
  /// - Throws: `Failure`, when the server took another number than was read.
  @discardableResult
  func copy(_ reader: any BatchReader, _ sql: SQL) async throws -> (rows: Int, bytes: Int) {
    var rows = 0
    var bytes = 0
    try await warehouse.beginCopyIn(sql)
    do {
      var current = try await reader.next()
      while let batch = current {
        Failpoint.afterRead.pass()
        try Task.checkCancellation()
        // The next batch is read meanwhile, so that the warehouse never waits for the source: two are in memory at a time.
        async let following = reader.next()
        try await warehouse.write(batch)
        rows += batch.rows
        bytes += batch.bytes.count
        progress.add(rows: batch.rows, bytes: batch.bytes.count)
        Failpoint.duringCopy.pass()
        current = try await following
      }
    } catch {
      await warehouse.abandonCopyIn()
      throw error
    }
    let taken = try await warehouse.endCopyIn()
    guard taken == rows else {
      throw Failure(.bug, "\(rows) rows were read and the warehouse took \(taken)", hint: "Nothing was committed. Please report it.")
    }
    return (rows, bytes)
  }
}
