import Catalogue
import JSON
import Replication
import Terminal

/// One sync's result as a line or as JSON. Pure.
enum SyncLine {
  static func text(_ report: SyncReport, _ width: Int) -> String {
    let label = "\(report.source).\(report.schema)"
    let padded = label.visible + String(repeating: " ", count: max(0, width - label.displayWidth))
    let counts = report.counts
    let rate = report.seconds > 0 && counts.written > 0 ? Readable.rate(Double(counts.written) / report.seconds) : ""
    let figures = [
      "\(Readable.count(counts.written)) \(counts.written == 1 ? "row " : "rows")".padded(leftTo: 13), Readable.bytes(counts.bytes).padded(leftTo: 7),
      Readable.duration(report.seconds).padded(leftTo: 6), rate.padded(leftTo: 11),
    ]
    let line = ([padded, report.mode.padded(to: 12)] + figures + [details(report).joined(separator: ", ")]).joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// The same for a log: mode, rows, bytes and time, without columns.
  static func figures(_ report: SyncReport) -> String {
    let counts = report.counts
    let first = [report.mode, "\(Readable.count(counts.written)) \(counts.written == 1 ? "row" : "rows")", Readable.bytes(counts.bytes), Readable.duration(report.seconds)]
    return (first + details(report)).joined(separator: ", ")
  }

  /// What became of the rows, where it is more than that they came.
  private static func details(_ report: SyncReport) -> [String] {
    let counts = report.counts
    var parts: [String] = []
    let new = counts.written - counts.updated
    if report.mode == "merge", new > 0 { parts.append("\(Readable.count(new)) new") }
    if counts.updated > 0 { parts.append("\(Readable.count(counts.updated)) updated") }
    if counts.deleted > 0 { parts.append("\(Readable.count(counts.deleted)) deleted") }
    if counts.rejected > 0 { parts.append("\(Readable.count(counts.rejected)) rejected: see hedgerow.rejects") }
    return parts
  }

  static func json(_ report: SyncReport) -> JSONValue {
    let counts = report.counts
    return .object([
      (key: "source", value: .string(report.source)), (key: "schema", value: .string(report.schema)),
      (key: "table", value: .string(report.table)), (key: "status", value: "completed"), (key: "mode", value: .string(report.mode)),
      (key: "rows", value: .integer(Int64(counts.written))), (key: "rows_read", value: .integer(Int64(counts.read))),
      (key: "rows_written", value: .integer(Int64(counts.written))), (key: "rows_updated", value: .integer(Int64(counts.updated))),
      (key: "rows_deleted", value: .integer(Int64(counts.deleted))), (key: "rows_rejected", value: .integer(Int64(counts.rejected))),
      (key: "rows_rechecked", value: .integer(Int64(counts.rechecked))), (key: "bytes", value: .integer(Int64(counts.bytes))),
      (key: "seconds", value: JSONValue(report.seconds)),
      (key: "timings", value: .object(report.timings.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue($0.value)) })),
      (key: "notes", value: .array(report.notes.map { .string($0) })),
    ])
  }

  static func json(_ label: String, _ failure: Failure) -> JSONValue {
    object(label, "failed", failure.message, failure.hint)
  }

  static func json(taken label: String, _ holder: String) -> JSONValue {
    object(label, "taken", "\(holder) is syncing it already", "Try again later.")
  }

  private static func object(_ label: String, _ status: String, _ error: String, _ hint: String?) -> JSONValue {
    let target = Target(label)
    return .object([
      (key: "source", value: .string(target.source)), (key: "schema", value: .string(target.schema ?? "")),
      (key: "status", value: .string(status)), (key: "error", value: .string(error)), (key: "hint", value: hint.map { .string($0) } ?? .null),
    ])
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - displayWidth)) }
  func padded(leftTo width: Int) -> String { String(repeating: " ", count: max(0, width - displayWidth)) + self }
}
