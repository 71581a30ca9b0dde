import Synchronization

/// What a scheduler is at, and what it was told: shared with signal handlers, the health checks and the metrics.
public final class SchedulerState: Sendable {
  public enum Order: Int, Sendable {
    /// Take what is due.
    case work
    /// Take nothing more, and let what runs come to its end.
    case drain
    /// Cancel what runs.
    case cancel
  }

  private struct Values {
    var order = Order.work
    var running = 0
    var turnedAt = ContinuousClock.now
    var lookedAt: ContinuousClock.Instant?
    var isFailing = false
  }

  private let values = Mutex(Values())

  public init() {}

  /// Goes from work to drain to cancel, one step a call.
  ///
  /// - Returns: what is ordered now.
  public func stop() -> Order {
    values.withLock { values in
      values.order = Order(rawValue: values.order.rawValue + 1) ?? .cancel
      return values.order
    }
  }

  /// How many syncs run in this process.
  public var running: Int { values.withLock { $0.running } }
  public var order: Order { values.withLock { $0.order } }

  /// How long ago the scheduler's loop last came round.
  public var sinceTurn: Duration { values.withLock { ContinuousClock.now - $0.turnedAt } }

  /// How long ago the catalogue last answered the question for work; nil before the first answer.
  public var sinceLook: Duration? { values.withLock { $0.lookedAt.map { ContinuousClock.now - $0 } } }
  /// Whether the last question failed.
  public var isFailing: Bool { values.withLock { $0.isFailing } }

  var mayClaim: Bool { order == .work }
  var mustCancel: Bool { order == .cancel }

  func turned() { values.withLock { $0.turnedAt = .now } }

  func looked() {
    values.withLock { values in
      values.lookedAt = .now
      values.isFailing = false
    }
  }

  func failedToLook() { values.withLock { $0.isFailing = true } }
  func began() { values.withLock { $0.running += 1 } }
  func ended() { values.withLock { $0.running -= 1 } }
}
