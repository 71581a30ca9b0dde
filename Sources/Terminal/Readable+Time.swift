extension Readable {
  private static let minute = 60.0
  private static let hour = 3600.0
  private static let day = 86_400.0
  private static let year = 365.25 * 86_400

  /// `0 s`, `40 ms`, `0.4 s`, `42 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return unknown }
    if seconds < 0 {
      let text = duration(-seconds)
      return text == "0 s" ? text : "-" + text
    }
    if seconds < 0.0005 { return "0 s" }
    if seconds < 0.0995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 9.95 { return decimal(seconds) + " s" }
    if seconds >= 100 * year { return "over 100 years" }
    return parts(of: Int(seconds.rounded()))
  }

  public static func duration(_ duration: Duration) -> String { self.duration(duration.inSeconds) }

  /// `just now`, `42 s ago`, `3 min ago`, `2 h ago`, `5 d ago`; `in 3 min` for what lies ahead and `never`
  /// for nil.
  public static func ago(_ seconds: Double?) -> String {
    guard let seconds else { return "never" }
    guard seconds.isFinite else { return unknown }
    if seconds.magnitude < 1 { return "just now" }
    let length = coarse(seconds.magnitude)
    return seconds > 0 ? "\(length) ago" : "in \(length)"
  }

  /// `ETA 12 s`, `ETA 3 min 12 s`; empty when it cannot be told.
  public static func eta(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0 else { return "" }
    // Tenths would only flicker, and 0 s looks done.
    return "ETA " + (seconds < 9.5 ? "\(max(1, Int(seconds.rounded()))) s" : duration(seconds))
  }

  /// The two largest units of a number of whole seconds, without a second one that is zero.
  private static func parts(of seconds: Int) -> String {
    func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
      small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return pair(seconds / 60, "min", seconds % 60, "s")
    case ..<86_400: return pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
    default:
      let days = seconds / 86_400
      return "\(count(days)) d"
        + (days < 100 && seconds % 86_400 >= 3600 ? " \(seconds % 86_400 / 3600) h" : "")
    }
  }

  /// The largest unit alone, rounded down: 119 minutes are `1 h`.
  private static func coarse(_ seconds: Double) -> String {
    switch seconds {
    case ..<minute: "\(Int(seconds)) s"
    case ..<hour: "\(Int(seconds / minute)) min"
    case ..<day: "\(Int(seconds / hour)) h"
    case ..<(100 * year): "\(count(Int(seconds / day))) d"
    default: "over 100 years"
    }
  }
}

extension Duration {
  /// The duration in seconds, as precise as a `Double` can say it.
  public var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
