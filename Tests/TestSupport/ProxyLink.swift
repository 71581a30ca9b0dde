import Glibc

/// One connection through a proxy: a client's and the one made for it to the server.
struct ProxyLink {
  let client: Int32
  let server: Int32
  var toServer: ProxyLane
  var toClient: ProxyLane
  private var heard: StreamSearch?
  /// Set once a trap was sprung after forwarding: what the server says is kept from the client.
  private var answer: StreamSearch?

  init(client: Int32, server: Int32) {
    self.client = client
    self.server = server
    toServer = ProxyLane(.toServer, from: client, to: server)
    toClient = ProxyLane(.toClient, from: server, to: client)
  }

  /// Moves what can be moved without waiting.
  /// - Returns: false when the connection is over and must be reset or closed.
  mutating func pass(_ now: ContinuousClock.Instant, _ faults: inout ProxyFaults, _ tally: inout ProxyTally) -> End? {
    hear(now, &faults) ?? listen(now, faults) ?? write(now, &faults, &tally)
  }

  /// Why a connection is over.
  enum End { case cut, cutAll, broken, done }

  private mutating func hear(_ now: ContinuousClock.Instant, _ faults: inout ProxyFaults) -> End? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while toServer.wantsToRead {
      let (outcome, bytes) = toServer.read(&buffer)
      if outcome == .broken { return .broken }
      if outcome == .nothing { return nil }
      if springsTrap(bytes, &faults) {
        guard case .afterForwarding(let words) = faults.trap?.moment else {
          faults.trap = nil
          return .cut
        }
        faults.trap = nil
        answer = StreamSearch(words)
      }
      toServer.append(bytes, due: now + faults.delay)
    }
    return nil
  }

  private mutating func springsTrap(_ bytes: ArraySlice<UInt8>, _ faults: inout ProxyFaults) -> Bool {
    guard let trap = faults.trap else { return false }
    if heard?.pattern != trap.pattern { heard = StreamSearch(trap.pattern) }
    let count = heard!.count(in: bytes)
    faults.trap!.occurrence -= count
    return faults.trap!.occurrence <= 0
  }

  private mutating func listen(_ now: ContinuousClock.Instant, _ faults: ProxyFaults) -> End? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while toClient.wantsToRead {
      let (outcome, bytes) = toClient.read(&buffer)
      if outcome == .broken { return .broken }
      if outcome == .nothing { return nil }
      if answer != nil {
        if answer!.count(in: bytes) > 0 { return .cut }
      } else {
        toClient.append(bytes, due: now + faults.delay)
      }
    }
    return nil
  }

  private mutating func write(
    _ now: ContinuousClock.Instant, _ faults: inout ProxyFaults, _ tally: inout ProxyTally
  ) -> End? {
    for lane in [\ProxyLink.toServer, \ProxyLink.toClient] {
      var outcome = ProxyLane.Outcome.went
      while outcome == .went {
        let direction = self[keyPath: lane].direction
        let (result, count) = self[keyPath: lane].write(now, faults)
        outcome = result
        tally[direction] += count
        if let limit = faults[limit: direction] {
          faults[limit: direction] = limit == count ? nil : limit - count
          if limit == count { return .cutAll }
        }
      }
      if outcome == .broken { return .broken }
    }
    return toServer.isDone && toClient.isDone ? .done : nil
  }

  func reset() {
    Sockets.reset(client)
    Sockets.reset(server)
  }

  func close() {
    Glibc.close(client)
    Glibc.close(server)
  }
}

/// What has gone through a proxy so far.
struct ProxyTally {
  var bytesToServer = 0
  var bytesToClient = 0
  var accepted = 0
  var cut = 0

  subscript(direction: ProxyDirection) -> Int {
    get { direction == .toServer ? bytesToServer : bytesToClient }
    set { if direction == .toServer { bytesToServer = newValue } else { bytesToClient = newValue } }
  }
}
