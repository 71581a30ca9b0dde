/// How long to wait before a failed sync is tried again. Pure.
public enum RetryPause {
  /// Within one command: half a second, then twice as long each time, up to 15 s.
  static func inCommand(_ attempt: Int, jitter: Double) -> Duration { grown(500, attempt, limit: 15_000, jitter) }

  /// In the service: ten seconds, then twice as long each time, up to an hour.
  ///
  /// - Parameters:
  ///   - attempt: how many tries in a row have failed, this one included.
  ///   - jitter: from 0 to 1. A third more at most, so that what failed together is not tried together.
  public static func inService(_ attempt: Int, jitter: Double) -> Duration { grown(10_000, attempt, limit: 3_600_000, jitter) }

  private static func grown(_ first: Int, _ attempt: Int, limit: Int, _ jitter: Double) -> Duration {
    let pause = min(limit, first << min(max(attempt, 1) - 1, 20))
    return .milliseconds(pause + Int(Double(pause / 3) * jitter))
  }
}
