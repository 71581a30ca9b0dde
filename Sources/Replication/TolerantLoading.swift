import ConnectorKit
import Postgres
import Rows
import SQLText

/// Loads rows of which some may be refused: each batch in a savepoint, halved until the rows that the server
/// does not take stand alone. For `max_rejects` above 0 only.
struct TolerantLoading {
  let warehouse: Connection
  let progress: Progress
  let limit: Int64
  let label: String

  /// A row that the warehouse could not take.
  struct Reject: Codable, Sendable, Equatable {
    /// Its place in the read, from 1.
    var place: Int
    var reason: String
    var sqlState: String
  }

  struct Outcome: Sendable {
    var rows = 0
    var bytes = 0
    var rejects: [Reject] = []
  }

  /// - Returns: what was read, rejected rows included.
  /// - Throws: `Failure`, when more rows are refused than may be.
  func copy(_ reader: any BatchReader, _ sql: SQL) async throws -> Outcome {
    var outcome = Outcome()
    var splitter = BinaryRows()
    while let batch = try await reader.next() {
      try Task.checkCancellation()
      guard let rows = splitter.rows(in: batch.bytes) else {
        throw Failure(.bug, "\(label): the source's rows could not be told apart", hint: "Nothing was committed. Please report it.")
      }
      try await load(batch.bytes, rows[...], sql, from: outcome.rows + 1, &outcome)
      outcome.rows += rows.count
      outcome.bytes += batch.bytes.count
      progress.add(rows: rows.count, bytes: batch.bytes.count)
    }
    return outcome
  }

  private func load(
    _ bytes: [UInt8], _ rows: ArraySlice<Range<Int>>, _ sql: SQL, from place: Int, _ outcome: inout Outcome
  ) async throws {
    guard !rows.isEmpty else { return }
    try await warehouse.execute("SAVEPOINT batch")
    do {
      try await warehouse.beginCopyIn(sql)
      try await warehouse.write(Batch(bytes: BinaryRows.stream(bytes, rows), rows: rows.count))
      _ = try await warehouse.endCopyIn()
      try await warehouse.execute("RELEASE SAVEPOINT batch")
    } catch {
      guard Self.isOfTheRow(error) else { throw error }
      try await warehouse.execute("ROLLBACK TO SAVEPOINT batch")
      guard rows.count > 1 else { return try reject(error, place, &outcome) }
      let middle = rows.startIndex + rows.count / 2
      try await load(bytes, rows[..<middle], sql, from: place, &outcome)
      try await load(bytes, rows[middle...], sql, from: place + (middle - rows.startIndex), &outcome)
    }
  }

  /// Data that the server cannot take, a NULL where none may be, a value over a limit. Everything else is no
  /// row's fault, and nothing is put aside for it.
  private static func isOfTheRow(_ error: PostgresError) -> Bool {
    error.kind == .refused && (["22", "23"].contains(String(error.sqlState.prefix(2))) || error.sqlState == "54000")
  }

  private func reject(_ error: PostgresError, _ place: Int, _ outcome: inout Outcome) throws {
    guard outcome.rejects.count < limit else {
      throw Failure(
        .permanent, "\(label): more than \(limit) rows are refused by the warehouse, the last one because: \(error.message)",
        hint: "Nothing was committed. Mend the rows at the source, or raise max_rejects.")
    }
    let column = error.context.flatMap { $0.split(separator: ",").last.map(String.init) }.flatMap { $0.contains("column") ? " (\($0.drop { $0 == " " }))" : nil } ?? ""
    outcome.rejects.append(Reject(place: place, reason: error.message + column, sqlState: error.sqlState))
  }
}
