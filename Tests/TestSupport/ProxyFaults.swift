/// Which way bytes go through a proxy.
public enum ProxyDirection: Sendable {
  case toServer, toClient
}

/// What a proxy does to the connections through it.
struct ProxyFaults {
  var delay = Duration.zero
  /// In each direction of each connection.
  var bytesPerSecond: Int?
  /// Nothing is read, written or noticed; the connections stay open.
  var isStalled = false
  var isRefusing = false
  var limitToServer: Int?
  var limitToClient: Int?
  var trap: ProxyTrap?

  /// How many more bytes pass before all is cut; nil for any number.
  subscript(limit direction: ProxyDirection) -> Int? {
    get { direction == .toServer ? limitToServer : limitToClient }
    set { if direction == .toServer { limitToServer = newValue } else { limitToClient = newValue } }
  }
}

/// A cut that waits for the client to say something.
struct ProxyTrap {
  let pattern: [UInt8]
  let moment: CutMoment
  /// How many times the pattern has yet to pass, this one included.
  var occurrence: Int
}

/// When a proxy cuts a connection on which the client said something.
public enum CutMoment: Sendable {
  /// The server never hears it.
  case beforeForwarding
  /// The server hears it and does it; the client never hears that. Cut when the server has said this, by
  /// default that it waits for the next statement and is in no transaction.
  case afterForwarding(answer: [UInt8] = [0x5A, 0, 0, 0, 5, 0x49])

  /// The server hears it and does it; the client never hears that.
  public static var beforeAnswer: CutMoment { .afterForwarding() }
}

/// Finds a pattern in a stream of which one piece after the other is seen.
struct StreamSearch {
  let pattern: [UInt8]
  private var tail: [UInt8] = []

  init(_ pattern: [UInt8]) { self.pattern = pattern }

  /// - Returns: how often the pattern ends in this piece.
  mutating func count(in piece: some Collection<UInt8>) -> Int {
    let text = tail + piece
    var found = 0
    var start = 0
    while start + pattern.count <= text.count {
      if text[start..<start + pattern.count].elementsEqual(pattern) {
        found += 1
        start += pattern.count
      } else {
        start += 1
      }
    }
    tail = Array(text[max(start, text.count - pattern.count + 1)...])
    return found
  }
}
