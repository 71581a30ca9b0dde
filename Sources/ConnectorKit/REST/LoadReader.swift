import JSON
import Rows

/// Reads the whole of a list: from its newest record to its oldest in ranges of its cursor side by side, where the API
/// can be asked for a range, else page by page.
///
/// A range that has been walked frees its place for half of the one with the most time left. Ranges may overlap by a
/// page, so a record can come twice.
actor LoadReader: BatchReader {
  nonisolated var format: CopyFormat { .binary }
  private let context: StreamContext
  private var state: RESTCheckpoint.LoadState
  private let events: Int64?
  private let tasks = PageTasks<StreamContext.Fetched>()
  private let width: Int
  private var isEnded = false

  /// A range is worth dividing after so many of its pages.
  private static let pagesBeforeDividing = 3
  /// Where time begins for ranges without a lower bound: 2010.
  private static let epoch: Int64 = 1_262_304_000_000_000

  /// - Parameters:
  ///   - state: of a load that was broken off; nil for a new one.
  ///   - events: where the changes after this load begin.
  ///   - width: how many ranges are read at once.
  init(_ context: StreamContext, state: RESTCheckpoint.LoadState?, events: Int64?, width: Int) {
    self.context = context
    self.state = state ?? .init(windows: [.init(id: 0)], high: nil, count: 1)
    self.events = events
    self.width = context.stream.order == .newestFirst && context.stream.cursor?.before != nil && context.stream.cursor?.from != nil ? max(1, width) : 1
  }

  func next() async throws -> Batch? {
    while true {
      if isEnded { return nil }
      if state.windows.isEmpty { return try end() }
      await startFetches()
      let (id, fetched) = try await tasks.next()
      take(id, fetched)
      // The next page is asked for while this one lands.
      await startFetches()
      if fetched.batch.rows == 0 { continue }
      var batch = fetched.batch
      batch.checkpoint = try RESTCheckpoint(load: state, events: events).text
      return batch
    }
  }

  func stop() async { await tasks.stop() }

  private func startFetches() async {
    divide()
    for window in state.windows.prefix(width) where await !tasks.isRunning(window.id) {
      let context = context
      await tasks.start(window.id) { try await context.fetch(context.walk, at: window.place, from: window.from, before: window.before) }
    }
  }

  private func take(_ id: Int, _ fetched: StreamContext.Fetched) {
    if let high = fetched.outcome.high { state.high = max(state.high ?? high, high) }
    guard let index = state.windows.firstIndex(where: { $0.id == id }) else { return }
    guard let next = fetched.next, !isPast(fetched, state.windows[index]) else {
      state.windows.remove(at: index)
      return
    }
    state.windows[index].pages += 1
    if context.goesOnByCursor(fetched, from: state.windows[index].from) {
      state.windows[index].from = fetched.outcome.high
      state.windows[index].place = nil
    } else {
      state.windows[index].place = next
    }
  }

  /// Whether a page came to what another range reads: the range was divided while the page was under way.
  private func isPast(_ fetched: StreamContext.Fetched, _ window: RESTCheckpoint.Window) -> Bool {
    guard context.stream.order == .newestFirst, let from = window.from, let last = fetched.outcome.last else { return false }
    return last < from
  }

  /// Gives free places a half of the range with the most time left in it.
  private func divide() {
    while state.windows.count < width {
      let candidates = state.windows.indices.compactMap { index -> (index: Int, left: Int64, middle: Int64)? in
        let window = state.windows[index]
        guard window.pages >= Self.pagesBeforeDividing, let at = window.place?.at else { return nil }
        let from = window.from ?? min(Self.epoch, at)
        let left = at - from
        let middle = (from + left / 2) / 1_000_000 * 1_000_000
        return left > 120_000_000 && middle > from ? (index, left, middle) : nil
      }
      guard let widest = candidates.max(by: { $0.left < $1.left }) else { return }
      let lower = state.windows[widest.index].from
      state.windows[widest.index].from = widest.middle
      state.windows[widest.index].pages = 0
      state.windows.append(.init(id: state.count, from: lower, before: widest.middle))
      state.count += 1
    }
  }

  /// The last batch has no rows and says where the changes begin.
  private func end() throws -> Batch {
    isEnded = true
    let checkpoint = RESTCheckpoint(since: state.high, events: events, listed: context.now())
    return Batch(bytes: [], rows: 0, checkpoint: try checkpoint.text)
  }
}
