/// The header `Retry-After`: seconds, or a date. See RFC 9110, 10.2.3.
public enum RetryAfter {
  /// - Parameter now: seconds since 1970.
  /// - Returns: nil where there is none, or one that is neither; zero for a date that has passed.
  public static func delay(_ header: String?, now: Int) -> Duration? {
    guard let header else { return nil }
    // Some send fractions of a second.
    if let seconds = Double(header), seconds.isFinite, seconds >= 0 {
      return .milliseconds(Int(min(seconds, 1e9) * 1000))
    }
    return HTTPDate.seconds(header).map { .seconds(max(0, $0 - now)) }
  }
}
