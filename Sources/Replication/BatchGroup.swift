import ConnectorKit
import Rows

/// Batches that land in one transaction.
struct BatchGroup: Sendable {
  var batches: [Batch]
  /// The last checkpoint among them; nil where none carries one.
  var checkpoint: String?

  var content: Batch.Content { batches.first?.content ?? .rows }
  var rows: Int { batches.reduce(0) { $0 + $1.rows } }
  var bytes: Int { batches.reduce(0) { $0 + $1.bytes.count } }
}

/// Gathers a reader's batches, so that a commit is worth its while and no transaction waits for the source.
actor BatchGroups {
  private let reader: any BatchReader
  /// Whether a group may end between two checkpoints: its rows may then land twice.
  private let cutsAnywhere: Bool
  private var next: Batch?
  private var isEnded = false

  /// A group is large enough with so many bytes, or old enough after so long.
  static let size = 4 << 20
  static let age = Duration.seconds(2)

  init(_ reader: any BatchReader, cutsAnywhere: Bool) {
    self.reader = reader
    self.cutsAnywhere = cutsAnywhere
  }

  /// The next group, nil after the last.
  func group() async throws -> BatchGroup? {
    guard !isEnded else { return nil }
    var group = BatchGroup(batches: [])
    var size = 0
    let began = ContinuousClock.now
    while let batch = try await take() {
      if let first = group.batches.first, first.content != batch.content {
        next = batch
        break
      }
      group.batches.append(batch)
      group.checkpoint = batch.checkpoint ?? group.checkpoint
      size += batch.bytes.count
      let mayEnd = cutsAnywhere || batch.checkpoint != nil
      if mayEnd, size >= Self.size || ContinuousClock.now - began > Self.age { break }
    }
    return group.batches.isEmpty ? nil : group
  }

  private func take() async throws -> Batch? {
    if let batch = next {
      next = nil
      return batch
    }
    let batch = try await reader.next()
    isEnded = batch == nil
    return batch
  }
}
