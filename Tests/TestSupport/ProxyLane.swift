import Glibc

/// One direction of a connection through a proxy: what was read here and waits to be written there.
struct ProxyLane {
  /// What one attempt to read or write came to.
  enum Outcome: Equatable {
    case went, nothing, broken
  }

  let direction: ProxyDirection
  private let from: Int32
  private let to: Int32
  private var waiting: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
  private var size = 0
  /// The sender has said farewell.
  private(set) var hasEnded = false
  /// The farewell was passed on.
  private(set) var isDone = false
  private var allowance = 0.0
  private var counted = ContinuousClock.now

  init(_ direction: ProxyDirection, from: Int32, to: Int32) {
    self.direction = direction
    self.from = from
    self.to = to
  }

  var wantsToRead: Bool { !hasEnded && size < 1 << 18 }

  /// When there is something to write; nil for never.
  var due: ContinuousClock.Instant? { waiting.first?.due }

  /// Reads what is there, up to 64 KB.
  mutating func read(_ buffer: inout [UInt8]) -> (outcome: Outcome, bytes: ArraySlice<UInt8>) {
    let count = recv(from, &buffer, buffer.count, 0)
    if count > 0 { return (.went, buffer[..<count]) }
    if count == 0 {
      hasEnded = true
      return (.nothing, [])
    }
    return (errno == EAGAIN || errno == EINTR ? .nothing : .broken, [])
  }

  mutating func append(_ bytes: ArraySlice<UInt8>, due: ContinuousClock.Instant) {
    waiting.append((due, bytes))
    size += bytes.count
  }

  /// Writes what is due, and at the end the farewell.
  /// - Returns: how many bytes went.
  mutating func write(_ now: ContinuousClock.Instant, _ faults: ProxyFaults) -> (outcome: Outcome, count: Int) {
    if hasEnded, waiting.isEmpty, !isDone {
      shutdown(to, Int32(SHUT_WR))
      isDone = true
    }
    guard let first = waiting.first, first.due <= now else { return (.nothing, 0) }
    let limit = min(first.bytes.count, paced(now, faults.bytesPerSecond), faults[limit: direction] ?? .max)
    guard limit > 0 else { return (.nothing, 0) }
    let count = first.bytes.prefix(limit).withUnsafeBytes { send(to, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    guard count > 0 else { return (errno == EAGAIN || errno == EINTR || errno == ENOTCONN ? .nothing : .broken, 0) }
    allowance -= Double(count)
    size -= count
    if count == first.bytes.count { waiting.removeFirst() } else { waiting[0].bytes.removeFirst(count) }
    return (.went, count)
  }

  private mutating func paced(_ now: ContinuousClock.Instant, _ rate: Int?) -> Int {
    guard let rate else { return .max }
    let seconds = (now - counted) / .seconds(1)
    counted = now
    // At most what a tenth of a second allows: a pause is no reason for a burst.
    allowance = min(max(allowance, 0) + seconds * Double(rate), max(1, Double(rate) / 10))
    return Int(allowance)
  }
}
