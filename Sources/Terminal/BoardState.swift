/// What a progress board has on the screen and what is still to be written; the board's lock guards it.
struct BoardState: Sendable {
  /// The shortest time between two drawings of the live lines.
  static let frameInterval = 0.1

  private let stream: TerminalStream
  private var live = LiveArea()
  private var lastFrame = -Double.infinity
  private var isClosed = false
  /// Lines for a terminal that takes nothing at the moment.
  private var waiting: [String] = []
  var running: [RunningSchema] = []
  /// Whether a thread calls `tick`.
  var isTicking = false

  init(stream: TerminalStream) { self.stream = stream }

  var hasWaiting: Bool { !waiting.isEmpty }

  mutating func begin(_ schema: RunningSchema) {
    if isClosed { return }
    if let index = running.firstIndex(where: { $0.id == schema.id }) {
      running[index] = schema
    } else {
      running.append(schema)
    }
    if stream.canRedraw {
      tick(at: schema.startedAt)
    } else {
      say(schema.startLine, at: schema.startedAt)
    }
  }

  /// Changes one running schema, if it runs, and draws if that is due.
  mutating func change(_ id: String, at time: Double, _ body: (inout RunningSchema) -> Void) {
    guard let index = running.firstIndex(where: { $0.id == id }) else { return }
    body(&running[index])
    tick(at: time)
  }

  mutating func tick(at time: Double) {
    if !stream.canRedraw {
      report(at: time)
    } else if time - lastFrame >= Self.frameInterval {
      draw(at: time)
    }
  }

  /// Writes lines that stay.
  mutating func say(_ text: String, at time: Double) {
    waiting += lines(of: text)
    if stream.canRedraw && !isClosed {
      // The result of the last schema comes out now, since nobody may ask again.
      draw(at: time, mayWait: running.isEmpty)
    } else {
      for line in waiting { stream.writeLine(line) }
      waiting = []
    }
  }

  /// Brings the screen up to date. A terminal that is stopped (Ctrl-S) gets it later, so that no sync
  /// waits for it.
  mutating func draw(at time: Double, mayWait: Bool = false) {
    guard stream.canRedraw, !isClosed, mayWait || stream.isReady else { return }
    let size = stream.size
    let lines = ProgressLines(style: stream.style, size: size, time: time).render(running)
    send(live.frame(permanent: waiting, live: lines, size: size))
    waiting = []
    lastFrame = time
  }

  /// Takes the live lines away until the next drawing.
  mutating func clear() { send(live.erase(size: stream.size)) }

  mutating func close() {
    guard !isClosed else { return }
    send(live.frame(permanent: waiting, live: [], size: stream.size))
    waiting = []
    running = []
    isClosed = true
  }

  private mutating func report(at time: Double) {
    for index in running.indices where time >= running[index].nextReport {
      running[index].nextReport = time + RunningSchema.reportInterval
      say(running[index].plainLine(at: time), at: time)
    }
  }

  private func send(_ text: String) { if !text.isEmpty { stream.write(text) } }

  /// The lines of a text, safe to show. A line with colours ends with none.
  private func lines(of text: String) -> [String] {
    // By code points: for Swift "\r\n" is one character, and no line end.
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.count > 1 && lines[lines.count - 1].isEmpty { lines.removeLast() }
    guard stream.style.isOn else { return lines.map { String($0).visible } }
    return lines.map { line in
      let shown = String(line).visibleKeepingPaint
      return shown.utf8.contains(0x1B) ? shown + "\u{1B}[0m" : shown
    }
  }
}
