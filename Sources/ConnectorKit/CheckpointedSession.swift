public import Rows

/// A session whose reader knows where it is, and says so with its batches: for sources that cannot be asked for
/// "everything since this value" alone, such as an API (its place in a list, its event log) or a bucket (the files it
/// has loaded).
///
/// The contract:
/// - Every batch is a whole binary `COPY` stream, with header and trailer; `JoinedBatches` makes one of many.
/// - A batch may carry a `checkpoint`. Replication commits it in the transaction that lands the batch and all before
///   it, and hands the last committed one back, as `ReadRequest.checkpoint` and to `load` or `changes`. It is the
///   connector's own JSON, of bounded size; nobody else looks into it. A batch without rows may carry one too.
/// - A batch without a checkpoint may be committed before the next one with it. After a crash it is read again, so
///   what it holds must be right however often it lands (in `merge`, by key). In a load, and in `append`, batches are
///   committed only together with a checkpoint.
/// - `load` reads every row, from the start or from the checkpoint of a load that was broken off. Its rows go to a
///   generation that nobody sees until the end. The last checkpoint of a load is where `changes` begins.
/// - `changes` reads what is new or changed since a checkpoint, in an order in which what comes later is newer, and, as
///   batches of `goneKeys`, what is gone where the source tells. It ends when it has caught up with the time of its begin.
/// - Nothing here waits in a transaction of the warehouse: a slow source holds no lock.
public protocol CheckpointedSession: SchemaSession {
  /// Why `ReadRequest.checkpoint` cannot be gone on from, as the end of "loaded from the start, since ..."; nil where it can.
  var reloadReason: String? { get }

  /// Whether `changes` tells what is gone. Where it does not, deletions are found by comparing keys, which `read(.keysOnly)` lists.
  var tellsDeletions: Bool { get }

  /// Sentences for the history, from what was read so far: fields that are new, what was skipped and why.
  var notes: [String] { get async }

  func load(after checkpoint: String?) async throws -> any BatchReader

  func changes(after checkpoint: String) async throws -> any BatchReader
}

extension CheckpointedSession {
  public var horizon: Horizon {
    Horizon(clock: "", oldestStart: nil, open: [], isComplete: false, largestBefore: nil, timeZone: "UTC")
  }

  public func readInParts(_ count: Int) async throws -> [any BatchReader] { [try await read(.all)] }

  public func nextKey(after key: [String]?, through end: [String]?, bytes: Int64) async throws -> [String]? { nil }

  public func rangeKeys(_ count: Int) async throws -> [[String]] { [] }
}

/// One `COPY` stream from batches that are each a whole one.
public actor JoinedBatches: BatchReader {
  public nonisolated var format: CopyFormat { .binary }
  private let source: @Sendable () async throws -> Batch?
  private var isBegun = false
  private var isEnded = false

  public init(_ reader: any BatchReader) { source = { try await reader.next() } }

  public init(_ batches: [Batch]) {
    let queue = BatchQueue(batches)
    source = { await queue.next() }
  }

  public func next() async throws -> Batch? {
    guard !isEnded else { return nil }
    while let batch = try await source() {
      let body = BinaryRows.body(batch.bytes)
      if body.isEmpty { continue }
      defer { isBegun = true }
      return Batch(bytes: isBegun ? [UInt8](body) : BinaryRows.header + body, rows: batch.rows)
    }
    isEnded = true
    return Batch(bytes: isBegun ? BinaryRows.trailer : BinaryRows.header + BinaryRows.trailer, rows: 0)
  }
}

private actor BatchQueue {
  private var batches: [Batch]

  init(_ batches: [Batch]) { self.batches = batches.reversed() }

  func next() -> Batch? { batches.popLast() }
}
