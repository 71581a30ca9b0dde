/// Spaces the requests to one host, and lets so many be under way at once.
///
/// A request's moment is a fixed step after the one before, so that the whole of a limit is used and its window is
/// never exceeded; who comes late may catch up by five steps.
actor RateLimiter {
  private let step: Duration?
  private var free: Int
  private var next = ContinuousClock.now
  private var pausedUntil = ContinuousClock.now
  private var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
  private var count = 0

  /// - Parameter perSecond: nil for no limit.
  init(perSecond: Double?, concurrency: Int) {
    step = perSecond.flatMap { $0 > 0 ? .nanoseconds(Int64(1e9 / $0)) : nil }
    free = max(1, concurrency)
  }

  /// Waits for a place and for its moment. Each is followed by `release`.
  func acquire() async throws {
    try await takePlace()
    do { try await waitForMoment() } catch {
      release()
      throw error
    }
  }

  func release() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().continuation.resume(returning: true) }
  }

  /// Nobody asks before this moment: the API said so.
  func pause(for duration: Duration) {
    pausedUntil = max(pausedUntil, ContinuousClock.now + duration)
    next = max(next, pausedUntil)
  }

  private func takePlace() async throws {
    if free > 0 {
      free -= 1
      return
    }
    count += 1
    let id = count
    let isGiven = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume(returning: false) } else { waiting.append((id, continuation)) }
      }
    } onCancel: {
      Task { await self.giveUp(id) }
    }
    if !isGiven { throw CancellationError() }
  }

  private func giveUp(_ id: Int) {
    guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: index).continuation.resume(returning: false)
  }

  private func waitForMoment() async throws {
    while true {
      let now = ContinuousClock.now
      if pausedUntil > now {
        try await Task.sleep(until: pausedUntil, clock: .continuous)
        continue
      }
      guard let step else { return }
      let mine = max(next, now - step * 5)
      next = mine + step
      if mine > now { try await Task.sleep(until: mine, clock: .continuous) }
      // A pause that was asked for meanwhile holds for this one too.
      if pausedUntil <= ContinuousClock.now { return }
    }
  }
}
