import ConnectorKit
import Rows

/// The rows that a source's reader could not take, up to a limit.
struct RejectedRows: Sendable {
  private(set) var rows: [TolerantLoading.Reject] = []

  mutating func add(_ rejects: [Batch.Reject]) {
    rows += rejects.map { TolerantLoading.Reject(place: 0, location: $0.place, reason: $0.reason, sqlState: "22000") }
  }

  /// - Throws: `Failure`, when there are more than may be.
  func check(_ limit: Int64, with others: Int = 0, of label: String) throws {
    guard let last = rows.last, rows.count + others > limit else { return }
    let place = last.location.map { "\($0): " } ?? ""
    throw Failure(
      .permanent, limit == 0 ? "\(label): \(place)\(last.reason)" : "\(label): more than \(limit) rows cannot be taken, the last one is \(place)\(last.reason)",
      hint: "Nothing of it was committed. Mend the file, give the column another type (types=), or let such rows be put aside: hedgerow set \(label) max_rejects=\(max(limit * 10, 100))")
  }
}

/// Passes batches on, and remembers what they said beside their rows.
actor WatchedReader: BatchReader {
  nonisolated var format: CopyFormat { reader.format }
  private nonisolated let reader: any BatchReader
  private let label: String
  private(set) var checkpoint: String?

  init(_ reader: any BatchReader, of label: String) {
    self.reader = reader
    self.label = label
  }

  func next() async throws -> Batch? {
    guard let batch = try await reader.next() else { return nil }
    var rejects = RejectedRows()
    rejects.add(batch.rejects)
    try rejects.check(0, of: label)
    checkpoint = batch.checkpoint ?? checkpoint
    return batch
  }
}
