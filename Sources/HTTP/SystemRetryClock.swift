import Glibc

/// The machine's own time and chance.
public struct SystemRetryClock: RetryClock {
  public init() {}
  public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
  public func random() -> Double { Double.random(in: 0..<1) }
  public func now() -> Int { time(nil) }
}
