/// Sends again what failed in passing: no connection, a reset before the answer, and answers that say "later".
///
/// Only a request that may be repeated is (`HTTPRequest.isRepeatable`), save when the server surely did not act on
/// it: it was not reached, or it answered 429 or 503. A body that breaks off is its reader's to resume (by
/// `Range`), never repeated here behind its back.
public struct HTTPRetry: HTTPSending {
  /// One repetition that is about to be waited for.
  public struct Notice: Sendable {
    public var host: String
    /// How often it was tried so far.
    public var attempts: Int
    public var delay: Duration
    /// The answer's status, or nil when none came.
    public var status: Int?
    /// Why no answer came.
    public var error: HTTPError?
  }

  private let client: any HTTPSending
  private let policy: RetryPolicy
  private let clock: any RetryClock
  private let onRetry: @Sendable (Notice) -> Void

  /// - Parameter onRetry: told before each wait, for progress and counts.
  public init(
    _ client: any HTTPSending, policy: RetryPolicy = RetryPolicy(), clock: any RetryClock = SystemRetryClock(),
    onRetry: @escaping @Sendable (Notice) -> Void = { _ in }
  ) {
    self.client = client
    self.policy = policy
    self.clock = clock
    self.onRetry = onRetry
  }

  /// Returns the last answer when it still says "later", so that the caller can say why.
  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    var attempts = 0
    while true {
      attempts += 1
      let response: HTTPResponse
      do { response = try await client.send(request) } catch {
        guard let failure = error as? HTTPError, policy.repeats(request, after: failure),
          let delay = policy.delay(afterAttempt: attempts, retryAfter: nil, random: clock.random())
        else { throw error }
        onRetry(Notice(host: failure.host, attempts: attempts, delay: delay, error: failure))
        try await clock.sleep(for: delay)
        continue
      }
      guard policy.repeats(request, after: response.status) else { return response }
      let asked = RetryAfter.delay(response.header("Retry-After"), now: clock.now())
      guard let delay = policy.delay(afterAttempt: attempts, retryAfter: asked, random: clock.random()) else {
        return response
      }
      await response.body.discard()
      let host = (try? WebAddress(request.url))?.place ?? ""
      onRetry(Notice(host: host, attempts: attempts, delay: delay, status: response.status))
      try await clock.sleep(for: delay)
    }
  }
}
