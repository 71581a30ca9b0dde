import Glibc
import LocalPostgres
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 whose answers a test writes, as slow, cut or wrong as it likes.
///
/// Each connection has a thread of its own, on which the handler runs: it may wait. Requests on one connection are
/// answered in turn. It listens until it is closed or released.
public final class TestHTTPServer: Sendable {
  public typealias Handler = @Sendable (TestHTTPRequest) -> TestHTTPAnswer

  /// Where it listens, on 127.0.0.1.
  public let port: Int
  private let shared: Shared

  public init(_ handler: @escaping Handler) throws {
    let (listener, port) = try Sockets.listenSomewhere()
    self.port = port
    shared = Shared(listener, handler)
    OwnThread.run { [shared] in shared.accept() }
  }

  deinit { close() }

  /// Such as `http://127.0.0.1:4711`, without a slash at its end.
  public var url: String { "http://127.0.0.1:\(port)" }
  /// What has arrived so far, in order.
  public var requests: [TestHTTPRequest] { shared.log.withLock { $0.requests } }
  public var acceptedConnections: Int { shared.log.withLock { $0.accepted } }
  public var openConnections: Int { shared.log.withLock { $0.open.count } }
  /// Of bodies, as handed to the system; what nobody reads stays within its buffers.
  public var bytesSent: Int { shared.log.withLock { $0.bytesSent } }

  /// Waits until something is true of it.
  /// - Returns: false when that did not happen in time.
  public func waitFor(timeout: Duration = .seconds(30), _ isTrue: @escaping @Sendable (TestHTTPServer) -> Bool) async
    -> Bool
  {
    await onOwnThread { waitUntil(timeout: timeout) { isTrue(self) } }
  }

  /// Resets all connections and listens no more.
  public func close() { shared.close() }

  final class Shared: Sendable {
    struct Log {
      var requests: [TestHTTPRequest] = []
      var accepted = 0
      var open: [Int: Int32] = [:]
      var bytesSent = 0
      var isClosed = false
    }
    let log = Mutex(Log())
    let handler: Handler
    private let listener: Int32

    init(_ listener: Int32, _ handler: @escaping Handler) {
      self.listener = listener
      self.handler = handler
    }

    /// Ends within a moment of `close()`; connections are refused from then on.
    func accept() {
      defer { Glibc.close(listener) }
      while !log.withLock({ $0.isClosed }) {
        var event = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        guard poll(&event, 1, 50) > 0, let descriptor = Sockets.accept(listener) else { continue }
        _ = fcntl(descriptor, F_SETFL, 0)
        let number = log.withLock { log in
          log.accepted += 1
          log.open[log.accepted] = descriptor
          return log.accepted
        }
        OwnThread.run { TestHTTPConnection(descriptor, number, self).serve() }
      }
    }

    /// Takes a request down and gives it its number.
    func note(_ request: TestHTTPRequest) -> TestHTTPRequest {
      log.withLock { log in
        var request = request
        request.number = log.requests.count + 1
        log.requests.append(request)
        return request
      }
    }

    /// The connection's own thread closes the socket; until then its number stays its own.
    func forget(_ number: Int) { log.withLock { $0.open[number] = nil } }

    func close() {
      log.withLock { log in
        log.isClosed = true
        for descriptor in log.open.values { shutdown(descriptor, Int32(SHUT_RDWR)) }
      }
    }
  }
}
