/// What is tried again, how often and how soon.
public struct RetryPolicy: Sendable, Hashable {
  /// How often a request is sent in all.
  public var attempts = 5
  /// Before the second attempt; doubled for each one after it.
  public var firstDelay = Duration.milliseconds(500)
  public var longestDelay = Duration.seconds(30)
  /// A server that asks for a longer pause gets none here: its answer goes to the caller.
  public var longestRetryAfter = Duration.seconds(60)
  /// Answers that say "later".
  public var statuses: Set<Int> = [408, 425, 429, 500, 502, 503, 504]

  public init() {}

  func repeats(_ request: HTTPRequest, after status: Int) -> Bool {
    // 429 and 503 say that nothing was done, so that even a request that must not act twice may come again.
    statuses.contains(status) && (request.isRepeatable || request.mayRepeat == nil && [429, 503].contains(status))
  }

  func repeats(_ request: HTTPRequest, after error: HTTPError) -> Bool {
    guard error.isTransient else { return false }
    if request.isRepeatable { return true }
    let wasNeverSent: Set<HTTPError.Kind> = [.nameNotFound, .refused, .unreachable, .connectTimeout, .proxy, .tls]
    return request.mayRepeat == nil && wasNeverSent.contains(error.kind)
  }

  /// The pause before the next attempt: doubled each time, spread over its upper half, and no shorter than the
  /// server asked for. Nil: give up.
  ///
  /// - Parameter random: from 0 up to 1.
  func delay(afterAttempt attempt: Int, retryAfter: Duration?, random: Double) -> Duration? {
    guard attempt < attempts else { return nil }
    if let retryAfter, retryAfter > longestRetryAfter { return nil }
    let full = min(longestDelay, firstDelay * (1 << min(attempt - 1, 20)))
    // The spread goes on top of what the server asked for: all who were asked to wait must not come back at once.
    return max(full * (0.5 + random / 2), (retryAfter ?? .zero) + full * (random / 4))
  }
}

/// Time and chance, for what waits before it tries again.
public protocol RetryClock: Sendable {
  func sleep(for duration: Duration) async throws
  /// From 0 up to 1.
  func random() -> Double
  /// Seconds since 1970.
  func now() -> Int
}
