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

  /// For a command: people see events on the progress board; a machine gets each as a line.
  func write(_ event: SyncEvent) {
    if isJSON { writeLine(event) }
  }

  /// One line for what became of a sync.
  func writeLine(_ event: SyncEvent) {
    switch event {
    case .began(_, let label, _): write(isJSON ? .info : .debug, "sync began", [("schema", .string(label))])
    case .retrying(_, let label, let failure, let pause):
      write(.warning, failure.message, [("schema", .string(label)), ("event", "retrying"), ("retry_in", .string(Readable.duration(pause))), ("hint", failure.hint.map { .string($0) } ?? .null)])
    case .completed(_, let report):
      let schema: (String, JSONValue) = ("schema", .string("\(report.source).\(report.schema)"))
      write(.info, "sync completed", isJSON ? [schema, ("result", SyncLine.json(report))] : [schema, ("result", .string(SyncLine.figures(report)))])
      if !isJSON { for note in report.notes { write(.notice, note, [schema]) } }
    case .failed(_, let label, let failure):
      write(failure.verdict == .cancelled ? .notice : .error, failure.message, [("schema", .string(label)), ("hint", failure.hint.map { .string($0) } ?? .null)])
    case .taken(_, let label, let holder): write(.warning, "another worker is syncing it", [("schema", .string(label)), ("worker", .string(holder))])
    }
  }

  /// - Parameter fields: for people, the schema comes before the message and the others after it; null ones are left out.
  func write(_ level: LogLevel, _ message: String, _ fields: [(String, JSONValue)] = []) {
    guard level >= self.level else { return }
    guard isJSON else { return TerminalStream.standardError.writeLine(Self.text(level, message, fields)) }
    let head: [(key: String, value: JSONValue)] = [("at", .string(Self.now)), ("level", .string(level.rawValue)), ("message", .string(message))]
    TerminalStream.standardError.writeLine(JSONValue.object(head + fields.map { (key: $0.0, value: $0.1) }).text(.compact))
  }

  private static func text(_ level: LogLevel, _ message: String, _ fields: [(String, JSONValue)]) -> String {
    var line = "\(now) \(level.rawValue) "
    if let schema = fields.first(where: { $0.0 == "schema" })?.1.stringValue { line += schema.visible + ": " }
    line += message.visible
    for (name, value) in fields where name != "schema" && name != "event" {
      switch value {
      case .null: continue
      case .string(let text): line += " | " + (name == "result" ? "" : name.replacing("_", with: " ") + ": ") + text.visible
      default: line += " | \(name.replacing("_", with: " ")): \(value.text(.compact))"
      }
    }
    return line
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
