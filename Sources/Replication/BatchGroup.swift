import ConnectorKit
import Rows

/// Batches that land in one transaction: those at hand when it began, and, where they end without a checkpoint, those
/// that follow up to the next one, as they come.
actor BatchGroup: BatchReader {
  nonisolated var format: CopyFormat { .binary }
  nonisolated let content: Batch.Content
  /// Whether more of the group has yet to come from the source. The source may not be asked for the next group
  /// before such a one has ended.
  nonisolated let isOpen: Bool
  /// Whether there is no row in it. An open group is taken to have some.
  nonisolated let isEmpty: Bool
  /// The last checkpoint among the batches that were handed out.
  private(set) var checkpoint: String?
  /// Of the batches that were handed out.
  private(set) var bytes = 0
  /// Of the batches that were handed out.
  private(set) var rejects = RejectedRows()
  private var waiting: [Batch]
  private let rest: (@Sendable () async throws -> Batch?)?
  private var isEnded = false

  /// - Parameter rest: the batches after those at hand; nil where the group ends with them.
  init(_ batches: [Batch], rest: (@Sendable () async throws -> Batch?)? = nil) {
    content = batches.first?.content ?? .rows
    isOpen = rest != nil
    isEmpty = rest == nil && batches.allSatisfy { $0.rows == 0 && $0.rejects.isEmpty }
    waiting = batches.reversed()
    self.rest = rest
  }

  /// Takes the group as it is, without its rows: its checkpoint counts.
  func skip() {
    for batch in waiting { checkpoint = batch.checkpoint ?? checkpoint }
    waiting = []
  }

  func next() async throws -> Batch? {
    if let batch = waiting.popLast() { return counted(batch) }
    guard !isEnded, let rest else { return nil }
    guard let batch = try await rest() else {
      isEnded = true
      return nil
    }
    isEnded = batch.checkpoint != nil
    return counted(batch)
  }

  private func counted(_ batch: Batch) -> Batch {
    checkpoint = batch.checkpoint ?? checkpoint
    bytes += batch.bytes.count
    rejects.add(batch.rejects)
    return batch
  }
}

/// Gathers a reader's batches, so that a commit is worth its while and no transaction waits for a slow source.
actor BatchGroups {
  private let reader: any BatchReader
  /// Whether a group may end between two checkpoints: its rows may then land twice.
  private let cutsAnywhere: Bool
  private var following: Batch?
  private var isEnded = false

  /// A group is large enough with so many bytes, or old enough after so long. What goes on to be larger before its
  /// checkpoint comes, such as a large file, lands as it comes.
  static let size = 4 << 20
  static let age = Duration.seconds(2)

  init(_ reader: any BatchReader, cutsAnywhere: Bool) {
    self.reader = reader
    self.cutsAnywhere = cutsAnywhere
  }

  /// The next group, nil after the last.
  func group() async throws -> BatchGroup? {
    var batches: [Batch] = []
    var size = 0
    let began = ContinuousClock.now
    while let batch = try await take() {
      if let first = batches.first, first.content != batch.content {
        following = batch
        break
      }
      batches.append(batch)
      size += batch.bytes.count
      let isFull = size >= Self.size || ContinuousClock.now - began > Self.age
      guard isFull else { continue }
      if cutsAnywhere || batch.checkpoint != nil { break }
      if size >= Self.size { return BatchGroup(batches) { [weak self] in try await self?.take() } }
    }
    return batches.isEmpty ? nil : BatchGroup(batches)
  }

  private func take() async throws -> Batch? {
    if let batch = following {
      following = nil
      return batch
    }
    guard !isEnded else { return nil }
    let batch = try await reader.next()
    isEnded = batch == nil
    return batch
  }
}
