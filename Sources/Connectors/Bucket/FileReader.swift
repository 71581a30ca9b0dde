import ConnectorKit
import Formats
import ObjectStores
import Rows

/// Reads files one after the other. The last batch of a file carries the list of all that are read by then, unless
/// little has come since the list before.
actor FileReader: BatchReader {
  nonisolated var format: CopyFormat { .binary }
  private let store: any ObjectStore
  private let plan: FilePlan
  private let columns: FileColumns
  private let files: [ObjectEntry]
  private let widen: @Sendable (BucketFile, RejectedRow) async throws -> Void
  private var marks: FileMarks
  private var at = 0
  private var rows: (any FileRows)?
  private var isFirst = true
  private var following: FileBatch?
  private var sinceMark = 0

  /// A list of files is worth storing after so many bytes.
  private static let markEvery = 4 << 20

  /// - Parameter widen: called for a rejected row; throws when a column of another type would take it.
  init(
    _ files: [ObjectEntry], after marks: FileMarks, store: any ObjectStore, plan: FilePlan, columns: FileColumns,
    widen: @escaping @Sendable (BucketFile, RejectedRow) async throws -> Void
  ) {
    self.files = files
    self.marks = marks
    self.store = store
    self.plan = plan
    self.columns = columns
    self.widen = widen
  }

  func next() async throws -> Batch? {
    guard at < files.count else { return nil }
    let entry = files[at]
    do {
      return try await batch(of: entry)
    } catch {
      throw BucketFailure.explain(error, entry.key)
    }
  }

  private func batch(of entry: ObjectEntry) async throws -> Batch {
    let file = BucketFile(store: store, entry: entry)
    if rows == nil {
      rows = try await plan.rows(file, columns.wanted(entry.key))
      following = try await rows?.next()
      isFirst = true
    }
    let current = following
    following = current == nil ? nil : try await rows?.next()
    let isLast = following == nil
    if let reject = current?.rejects.first { try await widen(file, reject) }
    let stream = current.map { Self.whole($0.batch.bytes, isFirst: isFirst, isLast: isLast) } ?? BinaryRows.header + BinaryRows.trailer
    isFirst = false
    sinceMark += stream.count
    var batch = Batch(bytes: stream, rows: current?.batch.rows ?? 0, rejects: (current?.rejects ?? []).map { Self.reject($0, entry.key) })
    if isLast { finish(entry, &batch) }
    return batch
  }

  private func finish(_ entry: ObjectEntry, _ batch: inout Batch) {
    marks.add(entry)
    rows = nil
    at += 1
    guard sinceMark >= Self.markEvery || at == files.count else { return }
    batch.checkpoint = marks.text
    sinceMark = 0
  }

  /// A part of a file's stream as a stream of its own.
  private static func whole(_ part: [UInt8], isFirst: Bool, isLast: Bool) -> [UInt8] {
    (isFirst ? [] : BinaryRows.header) + part + (isLast ? [] : BinaryRows.trailer)
  }

  private static func reject(_ row: RejectedRow, _ key: String) -> Batch.Reject {
    let byte = row.offset.map { ", byte \($0)" } ?? ""
    return Batch.Reject(place: "\(key), row \(row.row)\(byte)", reason: row.reason)
  }
}
