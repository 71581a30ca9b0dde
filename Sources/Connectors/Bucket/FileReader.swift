import ConnectorKit
import Formats
import Rows

/// Reads files one after the other. The last batch of a file carries the list of all that are read by then, unless
/// little has come since the list before.
actor FileReader: BatchReader {
  nonisolated var format: CopyFormat { .binary }
  private var series: any FileSeries
  private var at = 0
  private var rows: (any FileRows)?
  private var isFirst = true
  private var following: FileBatch?
  private var sinceMark = 0

  /// A list of files is worth storing after so many bytes.
  private static let markEvery = 4 << 20

  init(_ series: any FileSeries) { self.series = series }

  func next() async throws -> Batch? {
    guard at < series.count else {
      guard at == 0, series.hasMoved else { return nil }
      at = 1
      return Batch(bytes: BinaryRows.header + BinaryRows.trailer, rows: 0, checkpoint: series.checkpoint)
    }
    do {
      return try await batch()
    } catch {
      throw BucketFailure.explain(error, series.name(at))
    }
  }

  private func batch() async throws -> Batch {
    if rows == nil {
      rows = try await series.rows(at)
      following = try await rows?.next()
      isFirst = true
    }
    let current = following
    following = current == nil ? nil : try await rows?.next()
    let isLast = following == nil
    if let reject = current?.rejects.first { try await series.widen(at, reject) }
    let stream = current.map { Self.whole($0.batch.bytes, isFirst: isFirst, isLast: isLast) } ?? BinaryRows.header + BinaryRows.trailer
    isFirst = false
    sinceMark += stream.count
    let name = series.name(at)
    var batch = Batch(bytes: stream, rows: current?.batch.rows ?? 0, rejects: (current?.rejects ?? []).map { Self.reject($0, name) })
    if isLast { finish(&batch) }
    return batch
  }

  private func finish(_ batch: inout Batch) {
    series.finish(at)
    rows = nil
    at += 1
    guard sinceMark >= Self.markEvery || at == series.count else { return }
    batch.checkpoint = series.checkpoint
    sinceMark = 0
  }

  /// A part of a file's stream as a stream of its own.
  private static func whole(_ part: [UInt8], isFirst: Bool, isLast: Bool) -> [UInt8] {
    (isFirst ? [] : BinaryRows.header) + part + (isLast ? [] : BinaryRows.trailer)
  }

  private static func reject(_ row: RejectedRow, _ name: String) -> Batch.Reject {
    let byte = row.offset.map { ", byte \($0)" } ?? ""
    return Batch.Reject(place: "\(name), row \(row.row)\(byte)", reason: row.reason)
  }
}
