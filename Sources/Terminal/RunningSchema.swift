/// What the progress board knows of one schema that is being synced.
struct RunningSchema: Sendable {
  let id: String
  /// Safe to show.
  let name: String
  /// At least 1, or nil when nobody knows.
  var estimatedRows: Int64?
  let startedAt: Double
  private(set) var rows: Int64 = 0
  private(set) var bytes: Int64 = 0
  /// What it is doing besides copying, safe to show.
  private(set) var phase = ""
  /// When the next plain line is due.
  var nextReport: Double
  private var window: RateWindow

  static let reportInterval = 10.0

  init(id: String, name: String, estimatedRows: Int64?, at time: Double) {
    self.id = id
    self.name = name.visible
    self.estimatedRows = estimatedRows.flatMap { $0 > 0 ? $0 : nil }
    startedAt = time
    nextReport = time + Self.reportInterval
    window = RateWindow(start: time)
  }

  mutating func update(rows: Int64, bytes: Int64, at time: Double) {
    self.rows = rows
    self.bytes = bytes
    window.add(rows, at: time)
  }

  mutating func enter(_ phase: String) { self.phase = phase.visible }

  /// The share of the estimate, at most 1, since estimates are often too low.
  var fraction: Double? { estimatedRows.map { min(1, Double(rows) / Double($0)) } }

  func rate(at time: Double) -> Double? { window.rate(at: time) }

  /// Seconds until the estimate is reached at the present rate.
  func remaining(at time: Double) -> Double? {
    guard let estimatedRows, rows < estimatedRows, let rate = rate(at: time), rate > 0 else {
      return nil
    }
    return Double(estimatedRows - rows) / rate
  }

  /// `shop.orders: 63%, 1,234,567 rows, 120 MB, 412k rows/s, ETA 12 s`.
  func plainLine(at time: Double) -> String {
    let parts = [
      fraction.map(Readable.percent) ?? "", "\(Readable.count(rows)) rows", Readable.bytes(bytes),
      rate(at: time).map { Readable.rate($0) } ?? "", Readable.eta(remaining(at: time)), phase,
    ]
    return "\(name): " + parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// `shop.orders: started, about 1,234,567 rows`.
  var startLine: String {
    "\(name): started" + (estimatedRows.map { ", about \(Readable.count($0)) rows" } ?? "")
  }
}
