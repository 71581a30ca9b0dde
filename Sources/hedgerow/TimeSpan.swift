import ArgumentParser

/// A time span of an option, such as `30s`, `5min` or `1h`.
struct TimeSpan: ExpressibleByArgument {
  var duration: Duration

  private static let units: [(name: String, seconds: Int)] = [("s", 1), ("min", 60), ("m", 60), ("h", 3600), ("d", 86_400)]

  init(seconds: Int) { duration = .seconds(seconds) }

  /// Nil for what is no such text, and for more than a year.
  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let unit = argument.dropFirst(digits.count)
    guard let count = Int(digits), let factor = Self.units.first(where: { $0.name == unit })?.seconds, count <= 31_536_000 / factor else { return nil }
    duration = .seconds(count * factor)
  }

  var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
