import Glibc

/// All that a proxy is at a moment. Nothing in it waits, so that it can be kept under one lock.
struct ProxyState {
  var faults = ProxyFaults()
  var tally = ProxyTally()
  private(set) var isClosed = false
  private(set) var links: [ProxyLink] = []

  private let listener: Int32
  private let host: String
  private let port: Int

  init(listener: Int32, host: String, port: Int) {
    self.listener = listener
    self.host = host
    self.port = port
  }

  /// Resets every connection.
  mutating func cutAll() {
    for link in links { link.reset() }
    tally.cut += links.count
    links = []
  }

  /// A socket that is bound and does not listen: the system refuses for us, and the port stays ours.
  mutating func refuse(_ isRefusing: Bool) {
    guard isRefusing != faults.isRefusing else { return }
    faults.isRefusing = isRefusing
    if isRefusing { shutdown(listener, Int32(SHUT_RD)) } else { listen(listener, 128) }
  }

  mutating func close() {
    guard !isClosed else { return }
    isClosed = true
    for link in links { link.reset() }
    links = []
    Glibc.close(listener)
  }

  /// Moves all that can be moved now.
  /// - Returns: what to wait for, and for how long at most.
  mutating func pass(_ now: ContinuousClock.Instant) -> (events: [pollfd], timeout: Duration) {
    if !faults.isRefusing { acceptAll() }
    if !faults.isStalled { passAll(now) }
    return (events(now), timeout(now))
  }

  private mutating func acceptAll() {
    while let client = Sockets.accept(listener) {
      tally.accepted += 1
      if let server = Sockets.connect(host, port) {
        links.append(ProxyLink(client: client, server: server))
      } else {
        Sockets.reset(client)
      }
    }
  }

  private mutating func passAll(_ now: ContinuousClock.Instant) {
    var index = 0
    while index < links.count {
      guard let end = links[index].pass(now, &faults, &tally) else {
        index += 1
        continue
      }
      if end == .cutAll { return cutAll() }
      let link = links.remove(at: index)
      if end == .cut { tally.cut += 1 }
      if end == .done { link.close() } else { link.reset() }
    }
  }

  /// A socket that nothing is wanted from is left out: its end would wake us again and again.
  private func events(_ now: ContinuousClock.Instant) -> [pollfd] {
    var events: [pollfd] = []
    if !faults.isRefusing { events.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
    guard !faults.isStalled else { return events }
    for link in links {
      add(link.client, read: link.toServer, write: link.toClient)
      add(link.server, read: link.toClient, write: link.toServer)
    }
    return events

    func add(_ socket: Int32, read: ProxyLane, write: ProxyLane) {
      let isDue = faults.bytesPerSecond == nil && write.due.map { $0 <= now } ?? false
      let wanted = (read.wantsToRead ? Int16(POLLIN) : 0) | (isDue ? Int16(POLLOUT) : 0)
      if wanted != 0 { events.append(pollfd(fd: socket, events: wanted, revents: 0)) }
    }
  }

  private func timeout(_ now: ContinuousClock.Instant) -> Duration {
    guard !faults.isStalled else { return .seconds(3600) }
    let dues = links.flatMap { [$0.toServer.due, $0.toClient.due] }.compactMap { $0 }
    if faults.bytesPerSecond != nil, !dues.isEmpty { return .milliseconds(5) }
    return dues.filter { $0 > now }.min().map { $0 - now } ?? .seconds(3600)
  }
}
