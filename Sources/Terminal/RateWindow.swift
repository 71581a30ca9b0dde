/// How fast a count has grown over the last seconds.
struct RateWindow: Sendable {
  /// Seconds that the rate looks back.
  static let length = 5.0
  /// Counts that come faster than this replace each other, so that the window holds few.
  private static let step = 0.25

  private var samples: [(time: Double, count: Int64)]

  init(start time: Double, count: Int64 = 0) { samples = [(time, count)] }

  /// Notes a count. One below the last begins anew, as a sync does that starts over.
  mutating func add(_ count: Int64, at time: Double) {
    if count < samples[samples.count - 1].count {
      samples = [(time, count)]
    } else if samples.count > 1, time - samples[samples.count - 2].time < Self.step {
      samples[samples.count - 1] = (time, count)
    } else {
      samples.append((time, count))
    }
    samples.removeFirst(baseIndex(at: time))
  }

  /// Rows per second; nil while it is too early to say.
  func rate(at time: Double) -> Double? {
    let base = samples[baseIndex(at: time)]
    let passed = time - base.time
    guard passed >= Self.step else { return nil }
    return Double(samples[samples.count - 1].count - base.count) / passed
  }

  /// The last sample from before the window, or the first.
  private func baseIndex(at time: Double) -> Int {
    samples.lastIndex { $0.time <= time - Self.length } ?? 0
  }
}
