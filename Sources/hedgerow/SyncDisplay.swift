import JSON
import Replication
import Synchronization
import Terminal

/// Shows syncs while they run on standard error, and what each came to on standard output.
final class SyncDisplay: Sendable {
  private let board: ProgressBoard
  private let log: Log
  private let isJSON: Bool
  private let width: Int
  private let state = Mutex(State())

  private struct State {
    var running: [Int64: Progress] = [:]
    var results: [JSONValue] = []
    var poller: Task<Void, Never>?
  }

  init(settings: Settings, isJSON: Bool, labels: [String]) {
    board = ProgressBoard()
    log = Log(settings)
    self.isJSON = isJSON
    width = labels.map(\.displayWidth).max() ?? 0
    let poller = Task { [self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(200))
        poll()
      }
    }
    state.withLock { $0.poller = poller }
  }

  private func poll() {
    for (id, progress) in state.withLock({ $0.running }) {
      let now = progress.snapshot
      board.expect(id: "\(id)", rows: now.total)
      board.phase(id: "\(id)", text: now.phase)
      board.update(id: "\(id)", rows: Int64(now.rows), bytes: Int64(now.bytes))
    }
  }

  func show(_ event: SyncEvent) {
    log.write(event)
    switch event {
    case .began(let id, let label, let progress):
      state.withLock { $0.running[id] = progress }
      if !log.isJSON { board.begin(id: "\(id)", name: label, estimatedRows: progress.snapshot.total) }
    case .retrying(let id, let label, let failure, let pause):
      end(id)
      tell("\(label): \(failure.message) Trying again in \(Readable.duration(pause)).")
    case .completed(let id, let report):
      end(id)
      finish(SyncLine.text(report, width), SyncLine.json(report))
      for note in report.notes { tell("  \(report.source).\(report.schema): \(note)") }
    case .failed(let id, let label, let failure):
      end(id)
      finish(nil, SyncLine.json(label, failure))
      tell(TerminalStream.standardError.style.red("\(label) failed: ") + failure.message.visible)
      if let hint = failure.hint { tell("  " + hint) }
    case .taken(let id, let label, let holder):
      end(id)
      finish(nil, SyncLine.json(taken: label, holder))
      tell("\(label) is being synced by \(holder) already; try again later.")
    }
  }

  private func end(_ id: Int64) {
    state.withLock { $0.running[id] = nil }
    if !log.isJSON { board.finish(id: "\(id)", line: "") }
  }

  private func finish(_ line: String?, _ json: JSONValue) {
    state.withLock { $0.results.append(json) }
    guard !isJSON, let line else { return }
    board.aside { TerminalStream.standardOutput.writeLine(line) }
  }

  private func tell(_ line: String) {
    guard !log.isJSON else { return }
    board.message(line)
  }

  func close() {
    let poller = state.withLock { $0.poller }
    poller?.cancel()
    board.close()
    if isJSON { TerminalStream.standardOutput.writeLine(JSONValue.array(state.withLock { $0.results }).text(.pretty)) }
  }
}
