import Testing

@testable import ConnectorKit

/// How often an API is asked.
@Suite struct RateLimiterTests {
  @Test func `a limit is used to nineteen twentieths by whoever asks`() async throws {
    let limiter = RateLimiter(perSecond: 25, concurrency: 4)
    let began = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<25 {
            try await limiter.acquire()
            await limiter.release()
          }
        }
      }
      try await group.waitForAll()
    }
    // 100 requests, 40 ms apart; the first one, and five that catch up, need not wait.
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    #expect(seconds > 3.7 && seconds < 4.21, "\(seconds) s")
  }

  @Test func `a pause that the API asks for holds for everybody`() async throws {
    let limiter = RateLimiter(perSecond: nil, concurrency: 2)
    await limiter.pause(for: .milliseconds(300))
    let began = ContinuousClock.now
    try await limiter.acquire()
    #expect(ContinuousClock.now - began >= .milliseconds(290))
    await limiter.release()
  }

  @Test func `so many are under way at once, and whoever gives up frees no place twice`() async throws {
    let limiter = RateLimiter(perSecond: nil, concurrency: 1)
    try await limiter.acquire()
    let waiting = Task { try await limiter.acquire() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    await limiter.release()
    try await limiter.acquire()
    await limiter.release()
  }
}
