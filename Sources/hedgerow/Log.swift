import Glibc
import JSON
import Replication
import Terminal

/// Lines on standard error, for people or (`HEDGEROW_LOG_FORMAT=json`) for machines.
struct Log: Sendable {
  let level: LogLevel
  let isJSON: Bool

  init(_ settings: Settings) {
    level = settings.log
    isJSON = settings.isLogJSON
  }

  /// People see events on the progress board; a machine gets each as a line.
  func write(_ event: SyncEvent) {
    guard isJSON else { return }
    switch event {
    case .began(_, let label, _): write(.info, "sync began", [("schema", .string(label))])
    case .retrying(_, let label, let failure, _): write(.warning, failure.message, [("schema", .string(label)), ("event", "retrying")])
    case .completed(_, let report): write(.info, "sync completed", [("schema", .string("\(report.source).\(report.schema)")), ("result", SyncLine.json(report))])
    case .failed(_, let label, let failure): write(.error, failure.message, [("schema", .string(label)), ("hint", failure.hint.map { .string($0) } ?? .null)])
    case .taken(_, let label, let holder): write(.warning, "another worker is syncing it", [("schema", .string(label)), ("worker", .string(holder))])
    }
  }

  private func write(_ level: LogLevel, _ message: String, _ fields: [(String, JSONValue)]) {
    guard level >= self.level else { return }
    let head: [(key: String, value: JSONValue)] = [("at", .string(Self.now)), ("level", .string(level.rawValue)), ("message", .string(message))]
    TerminalStream.standardError.writeLine(JSONValue.object(head + fields.map { (key: $0.0, value: $0.1) }).text(.compact))
  }

  private static var now: String {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    var parts = tm()
    gmtime_r(&clock.tv_sec, &parts)
    var text = [CChar](repeating: 0, count: 32)
    strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let milliseconds = String(clock.tv_nsec / 1_000_000 + 1000).dropFirst()
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + ".\(milliseconds)Z"
  }
}
