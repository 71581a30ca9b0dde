import Synchronization

/// Lets one task wait until there is something to do, or for so long.
public final class WakeUp: Sendable {
  private struct State {
    var isSignalled = false
    var waiter: CheckedContinuation<Bool, Never>?
  }

  private let state = Mutex(State())

  public init() {}

  /// From anywhere. A signal that nobody waits for is kept for the next wait.
  public func signal() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      state.isSignalled = state.waiter == nil
      return state.waiter
    }
    waiter?.resume(returning: true)
  }

  /// - Returns: whether there was a signal, and not only time that passed.
  @discardableResult
  func wait(atMost limit: Duration) async -> Bool {
    let timer = Task {
      try await Task.sleep(for: limit)
      expire()
    }
    defer { timer.cancel() }
    return await withCheckedContinuation { continuation in
      let isDue = state.withLock { state in
        guard !state.isSignalled else {
          state.isSignalled = false
          return true
        }
        state.waiter = continuation
        return false
      }
      if isDue { continuation.resume(returning: true) }
    }
  }

  private func expire() {
    let waiter = state.withLock { state in
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: false)
  }
}
