import Blocking
import Glibc

/// Answers HTTP requests on loopback: one request a connection, a few connections at a time, short heads and no bodies.
/// Enough for those who watch the service.
public actor Listener {
  public struct Failure: Error, Sendable { public var message: String }

  private nonisolated let executor = ThreadExecutor()
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private nonisolated let socket: Int32
  /// Where it listens; also where the address asked for any free port.
  public nonisolated let port: UInt16
  /// How many connections are served at a time; others wait in the system's queue.
  private static let most = 16

  public init(_ address: ListenAddress) throws(Failure) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = address.port.bigEndian
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket
    let isBound = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else {
      let reason = String(cString: strerror(errno))
      close(socket)
      throw Failure(message: "127.0.0.1:\(address.port) cannot be listened at: \(reason)")
    }
    port = UInt16(bigEndian: place.sin_port)
  }

  deinit { close(socket) }

  /// Runs until the task is cancelled.
  public func run(_ answer: @escaping @Sendable (_ method: String, _ path: String) async -> Answer) async {
    await withTaskGroup(of: Void.self) { group in
      var open = 0
      while !Task.isCancelled {
        guard let client = nextClient() else { continue }
        if open == Self.most, await group.next() != nil { open -= 1 }
        open += 1
        group.addTask { await Exchange(client).run(answer) }
      }
    }
  }

  /// Nil when none came for a moment.
  private func nextClient() -> Int32? {
    var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 300) == 1 else { return nil }
    let client = accept(socket, nil, nil)
    guard client >= 0 else { return nil }
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    return client
  }
}

/// One request and its answer, on a thread of its own.
private actor Exchange {
  private nonisolated let executor = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private nonisolated let client: Int32
  private static let mostBytes = 8192
  /// How long a client may take to ask, and to take the answer.
  private static let limit = Duration.seconds(5)

  init(_ client: Int32) { self.client = client }

  deinit { close(client) }

  func run(_ answer: @Sendable (_ method: String, _ path: String) async -> Answer) async {
    let end = ContinuousClock.now + Self.limit
    var text: [UInt8] = []
    while !Self.isWhole(text) {
      guard text.count < Self.mostBytes else { return send(Answer(431, "The request's head is too long.\n")) }
      guard wait(for: POLLIN, until: end) else { return send(Answer(408, "The request did not come in time.\n")) }
      var piece = [UInt8](repeating: 0, count: 2048)
      let count = recv(client, &piece, piece.count, 0)
      guard count > 0 else { return }
      text += piece.prefix(count)
    }
    guard let head = RequestHead(String(decoding: text, as: UTF8.self)) else { return send(Answer(400, "This is no HTTP request.\n")) }
    send(await answer(head.method, head.path), isHead: head.method == "HEAD")
  }

  private static func isWhole(_ text: [UInt8]) -> Bool {
    let end: [UInt8] = [13, 10, 13, 10]
    return text.count >= 4 && (0...text.count - 4).contains { text[$0..<$0 + 4].elementsEqual(end) }
  }

  private func wait(for events: Int32, until end: ContinuousClock.Instant) -> Bool {
    let left = end - ContinuousClock.now
    guard left > .zero else { return false }
    var descriptor = pollfd(fd: client, events: Int16(events), revents: 0)
    return poll(&descriptor, 1, Int32(left / .milliseconds(1)) + 1) == 1
  }

  private func send(_ answer: Answer, isHead: Bool = false) {
    let end = ContinuousClock.now + Self.limit
    var bytes = answer.bytes(isHead: isHead)[...]
    while !bytes.isEmpty, wait(for: POLLOUT, until: end) {
      let count = bytes.withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) }
      guard count > 0 || errno == EAGAIN else { return }
      bytes = bytes.dropFirst(max(0, count))
    }
    shutdown(client, Int32(SHUT_WR))
    // What was not read yet would make the system reset the connection, and the client lose the answer.
    let farewell = ContinuousClock.now + .seconds(1)
    var rest = [UInt8](repeating: 0, count: 2048)
    while wait(for: POLLIN, until: farewell), recv(client, &rest, rest.count, Int32(MSG_DONTWAIT)) > 0 {}
  }
}
