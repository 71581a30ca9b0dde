import JSON
import Rows

/// Reads what a stream has that is new since a checkpoint.
///
/// First the events, newest first: of each object the newest state counts, and those that are gone. Then the list, from
/// the last cursor less the lookback: it is read after the events, and so is never older. Where no event came and the
/// list was walked within a day, it has nothing new, and is left out.
actor ChangesReader: BatchReader {
  nonisolated var format: CopyFormat { .binary }
  private let context: StreamContext
  private var state: RESTCheckpoint
  private var events: EventWalk?
  private var isWalking = true
  private var isEnded = false
  private var waiting: [Batch] = []
  private var ahead: Task<StreamContext.Fetched, any Error>?

  /// How long the list may go unread while no event says that there is something.
  private static let longestSilence: Int64 = 86_400

  init(_ context: StreamContext, _ state: RESTCheckpoint, readsEvents: Bool) {
    self.context = context
    self.state = state
    if readsEvents, let source = context.stream.events {
      events = EventWalk(context, source, since: state.events ?? context.now())
    }
  }

  func next() async throws -> Batch? {
    while true {
      if !waiting.isEmpty { return waiting.removeFirst() }
      if isEnded { return nil }
      if let walk = events {
        if let batches = try await walk.next() { waiting = batches } else { try await endEvents(walk) }
      } else if isWalking {
        if let batch = try await nextOfList() { return batch }
      } else {
        isEnded = true
        return Batch(bytes: [], rows: 0, checkpoint: try state.text)
      }
    }
  }

  func stop() async {
    ahead?.cancel()
    _ = await ahead?.result
    ahead = nil
  }

  private func endEvents(_ walk: EventWalk) async throws {
    events = nil
    state.events = await walk.reached
    let isQuiet = await walk.count == 0 && state.pass == nil && context.now() - (state.listed ?? 0) < Self.longestSilence
    isWalking = !isQuiet
  }

  // MARK: The list

  private var lower: Int64? {
    if let from = state.pass?.from { return from }
    return state.since.map { $0 - Int64(context.stream.cursor?.lookback ?? 0) * 1_000_000 }
  }

  private func fetch(_ place: PagePlace?) -> Task<StreamContext.Fetched, any Error> {
    let (context, lower) = (context, lower)
    return Task { try await context.fetch(context.walk, at: place, from: lower, before: nil) }
  }

  private func nextOfList() async throws -> Batch? {
    let task = ahead ?? fetch(state.pass?.place)
    ahead = task
    let fetched = try await withTaskCancellationHandler { try await task.value } onCancel: { task.cancel() }
    ahead = nil
    let high = [state.pass?.high, fetched.outcome.high].compactMap { $0 }.max()
    let next = isPast(fetched) ? nil : fetched.next
    if let next {
      let byCursor = context.goesOnByCursor(fetched, from: lower)
      state.pass = .init(place: byCursor ? nil : next, high: high, from: byCursor ? fetched.outcome.high : state.pass?.from)
      ahead = fetch(state.pass?.place)
    } else {
      state.pass = nil
      state.since = [state.since, high].compactMap { $0 }.max()
      state.listed = context.now()
      isWalking = false
    }
    guard fetched.batch.rows > 0 else { return nil }
    var batch = fetched.batch
    batch.checkpoint = try state.text
    return batch
  }

  /// Whether a list that cannot be asked for a range has come to what was read before.
  private func isPast(_ fetched: StreamContext.Fetched) -> Bool {
    guard context.stream.order == .newestFirst, context.stream.cursor?.from == nil, let lower, let last = fetched.outcome.last else { return false }
    return last < lower
  }
}
