import Glibc
import Synchronization

/// Shows the schemas that are being synced, on standard error.
///
/// On a terminal each has one line that is drawn again in place, and the lines of finished ones stay above.
/// Elsewhere it writes a plain line at the start and end of each schema and every 10 seconds in between.
///
/// It may be called from any thread. While a schema runs, a thread of its own keeps the lines current, also
/// when the source is silent; there is none otherwise.
public final class ProgressBoard: Sendable {
  private let stream: TerminalStream
  private let now: @Sendable () -> Double
  private let hasTicker: Bool
  private let state: Mutex<BoardState>

  /// - Parameters:
  ///   - now: seconds of a clock that never goes back.
  ///   - hasTicker: false when the caller calls ``tick()`` by itself.
  public init(
    stream: TerminalStream = .standardError,
    now: @escaping @Sendable () -> Double = ProgressBoard.monotonicSeconds,
    hasTicker: Bool = true
  ) {
    self.stream = stream
    self.now = now
    self.hasTicker = hasTicker
    state = Mutex(BoardState(stream: stream))
  }

  /// A schema starts. One with the same `id` is replaced.
  /// - Parameter estimatedRows: the total, if known; it gives a bar, a percentage and an ETA.
  public func begin(id: String, name: String, estimatedRows: Int64?) {
    let schema = RunningSchema(id: id, name: name, estimatedRows: estimatedRows, at: now())
    let needsTicker = state.withLock { state in
      state.begin(schema)
      let needsTicker = hasTicker && !state.isTicking && !state.running.isEmpty
      if needsTicker { state.isTicking = true }
      return needsTicker
    }
    if needsTicker { startTicker() }
  }

  /// The total that a schema turns out to have; nil where it is not known.
  public func expect(id: String, rows: Int64?) {
    let time = now()
    state.withLock { $0.change(id, at: time) { $0.estimatedRows = rows.flatMap { $0 > 0 ? $0 : nil } } }
  }

  /// The rows and bytes that a schema has so far. Cheap enough to be called for each batch.
  public func update(id: String, rows: Int64, bytes: Int64) {
    let time = now()
    state.withLock { $0.change(id, at: time) { $0.update(rows: rows, bytes: bytes, at: time) } }
  }

  /// Says what a schema is doing, such as `building the primary key`; empty takes it back.
  public func phase(id: String, text: String) {
    let time = now()
    state.withLock { $0.change(id, at: time) { $0.enter(text) } }
  }

  /// A schema ends, and `line` (which may be painted, and may have several lines) stays as its result.
  public func finish(id: String, line: String) {
    let time = now()
    state.withLock { state in
      state.running.removeAll { $0.id == id }
      if line.isEmpty { state.tick(at: time) } else { state.say(line, at: time) }
    }
  }

  /// Writes a line for the log, above the live lines.
  public func message(_ line: String) {
    let time = now()
    state.withLock { $0.say(line, at: time) }
  }

  /// Takes the live lines away while `body` writes to the same terminal by other ways, then draws them
  /// again. `body` must not call the board.
  public func aside<Result>(_ body: () throws -> Result) rethrows -> Result {
    let time = now()
    return try state.withLock { state in
      state.clear()
      defer { state.draw(at: time) }
      return try body()
    }
  }

  /// Draws what is due. Its own thread calls this ten times a second.
  public func tick() {
    let time = now()
    state.withLock { $0.tick(at: time) }
  }

  /// Takes the live lines away for good. Messages still come out, as plain lines.
  public func close() {
    state.withLock { $0.close() }
  }

  /// Seconds since some moment, from a clock that nobody sets.
  @Sendable public static func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Whether its thread lives.
  var isTicking: Bool { state.withLock { $0.isTicking } }

  private func startTicker() {
    let interval = stream.canRedraw ? BoardState.frameInterval : 1
    let hasStarted = Ticker.start(every: interval) { [weak self] in self?.tickAndGoOn() ?? false }
    // Without a thread the lines move with each update only.
    if !hasStarted { state.withLock { $0.isTicking = false } }
  }

  private func tickAndGoOn() -> Bool {
    let time = now()
    return state.withLock { state in
      state.tick(at: time)
      state.isTicking = !state.running.isEmpty || state.hasWaiting
      return state.isTicking
    }
  }
}
