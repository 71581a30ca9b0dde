import Glibc
import LocalPostgres
import Synchronization

/// A TCP proxy on 127.0.0.1 that breaks connections as networks do, when a test says so.
///
/// Every control has taken effect when it returns, and may be called from any thread at any time.
public final class FaultProxy: Sendable {
  /// Where it listens, on 127.0.0.1.
  public let port: Int
  private let shared: Shared

  public init(host: String = "127.0.0.1", port target: Int) throws {
    let (listener, port) = try Sockets.listenSomewhere()
    self.port = port
    shared = Shared(ProxyState(listener: listener, host: host, port: target))
    OwnThread.run { [shared] in shared.run() }
  }

  public convenience init(to cluster: TestCluster) throws {
    try self.init(host: cluster.host, port: cluster.port)
  }

  deinit { close() }

  /// The same URI with this proxy's address in the place of the server's.
  public func url(for original: String) -> String { ProxyURL.rewrite(original, port: port) }

  /// Resets all connections, now.
  public func cut() { shared.change { $0.cutAll() } }

  /// Resets all connections when so many more bytes, at least one, have passed in a direction, all connections together.
  public func cut(afterBytes count: Int, _ direction: ProxyDirection) {
    precondition(count > 0, "a cut comes after at least one byte; cut() is for now")
    shared.change { $0.faults[limit: direction] = count }
  }

  /// Resets a connection when the client says something on it, such as `COMMIT`; once.
  ///
  /// - Parameter occurrence: which of the times it is said from now on, on any connection; 1 is the next.
  public func cut(at pattern: String, _ moment: CutMoment, occurrence: Int = 1) {
    precondition(!pattern.isEmpty, "a pattern has at least one byte")
    shared.change { $0.faults.trap = ProxyTrap(pattern: Array(pattern.utf8), moment: moment, occurrence: occurrence) }
  }

  /// Holds each byte that comes in from now on for so long before it goes on.
  public func delay(milliseconds: Int) { shared.change { $0.faults.delay = .milliseconds(milliseconds) } }

  /// Lets only so many bytes a second through, in each direction of each connection; any number when nil.
  public func trickle(bytesPerSecond: Int?) { shared.change { $0.faults.bytesPerSecond = bytesPerSecond } }

  /// Lets nothing through and closes nothing: for both sides the other has fallen silent. New connections
  /// are accepted and find the same.
  public func stall() { shared.change { $0.faults.isStalled = true } }
  public func resume() { shared.change { $0.faults.isStalled = false } }

  /// Refuses new connections, or takes them again. Those that exist go on.
  public func refuse(_ isRefusing: Bool) { shared.change { $0.refuse(isRefusing) } }

  /// Takes every fault back; what was cut stays cut.
  public func heal() {
    shared.change {
      $0.refuse(false)
      $0.faults = ProxyFaults()
    }
  }

  /// How many bytes have gone on in a direction.
  public func bytes(_ direction: ProxyDirection) -> Int { shared.look { $0.tally[direction] } }
  public var acceptedConnections: Int { shared.look { $0.tally.accepted } }
  public var openConnections: Int { shared.look { $0.links.count } }
  /// How many connections a cut has ended.
  public var cutConnections: Int { shared.look { $0.tally.cut } }

  /// Waits until a cut has ended that many connections in all.
  /// - Returns: false when that did not happen in time.
  public func waitForCut(_ count: Int = 1, timeout: Duration = .seconds(30)) async -> Bool {
    await onOwnThread { [shared] in waitUntil(timeout: timeout) { shared.look { $0.tally.cut } >= count } }
  }

  /// Resets all connections and listens no more.
  public func close() { shared.change { $0.close() } }
}

/// What the proxy and its thread share, so that the proxy can go while the thread still waits.
private final class Shared: Sendable {
  private let state: Mutex<ProxyState>
  /// A byte in here wakes the thread.
  private let wakes: (read: Int32, write: Int32)

  init(_ state: sending ProxyState) {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0, "the system gave no pipe")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wakes = (ends[0], ends[1])
    self.state = Mutex(state)
  }

  deinit {
    Glibc.close(wakes.read)
    Glibc.close(wakes.write)
  }

  func look<Value: Sendable>(_ body: (ProxyState) -> Value) -> Value { state.withLock { body($0) } }

  func change(_ body: (inout ProxyState) -> Void) {
    state.withLock { body(&$0) }
    var byte: UInt8 = 0
    write(wakes.write, &byte, 1)
  }

  func run() {
    var buffer = [UInt8](repeating: 0, count: 256)
    while true {
      guard let next = state.withLock({ $0.isClosed ? nil : $0.pass(.now) }) else { return }
      var events = next.events + [pollfd(fd: wakes.read, events: Int16(POLLIN), revents: 0)]
      poll(&events, nfds_t(events.count), Int32(min(next.timeout / .milliseconds(1), 60_000).rounded(.up)))
      while read(wakes.read, &buffer, buffer.count) > 0 {}
    }
  }
}
