import Synchronization

/// How far one sync has got, for the terminal, the status view and the history.
public final class Progress: Sendable {
  public struct Snapshot: Sendable {
    public var phase = "connecting"
    public var rows = 0
    public var bytes = 0
    /// As the source estimates it; nil where it cannot.
    public var total: Int64?
    /// Seconds spent in each phase that is over.
    public var timings: [String: Double] = [:]
    fileprivate var phaseBegan = ContinuousClock.now
  }

  private let state = Mutex(Snapshot())

  public init() {}

  public var snapshot: Snapshot { state.withLock { $0 } }

  public func enter(_ phase: String) {
    state.withLock { now in
      now.closePhase()
      now.phase = phase
    }
  }

  public func expect(_ total: Int64?) { state.withLock { $0.total = total } }

  public func add(rows: Int, bytes: Int) {
    state.withLock { now in
      now.rows += rows
      now.bytes += bytes
    }
  }

  /// The timings, with the phase under way as of now.
  public var timings: [String: Double] {
    state.withLock { now in
      now.closePhase()
      return now.timings
    }
  }
}

extension Progress.Snapshot {
  fileprivate mutating func closePhase() {
    let now = ContinuousClock.now
    let seconds = Double((now - phaseBegan) / .milliseconds(1)) / 1000
    timings[phase, default: 0] += (seconds * 1000).rounded() / 1000
    phaseBegan = now
  }
}
