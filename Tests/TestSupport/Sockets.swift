import Glibc
import LocalPostgres

/// TCP on this machine, none of which waits.
enum Sockets {
  /// Listens on a free port of 127.0.0.1.
  static func listenSomewhere() throws -> (socket: Int32, port: Int) {
    for _ in 0..<20 {
      let port = try FreePort.choose()
      let descriptor = make()
      var yes: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
      if withAddress("127.0.0.1", port, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0 {
        return (descriptor, port)
      }
      close(descriptor)
    }
    throw TestFailure("no port of 127.0.0.1 is free for a proxy")
  }

  /// - Returns: nil when nobody waits to be accepted.
  static func accept(_ listener: Int32) -> Int32? {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    prepare(descriptor)
    return descriptor
  }

  /// - Returns: nil when it is refused at once; a connection under way otherwise.
  static func connect(_ host: String, _ port: Int) -> Int32? {
    let descriptor = make()
    if withAddress(host, port, { Glibc.connect(descriptor, $0, $1) }) == 0 || errno == EINPROGRESS { return descriptor }
    close(descriptor)
    return nil
  }

  /// Ends a connection with a reset, as a broken network does, and not with a farewell.
  static func reset(_ descriptor: Int32) {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close(descriptor)
  }

  private static func make() -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    precondition(descriptor >= 0, "the system gave no socket: \(String(cString: strerror(errno)))")
    prepare(descriptor)
    return descriptor
  }

  private static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
  }

  private static func withAddress(
    _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    precondition(inet_pton(AF_INET, host, &address.sin_addr) == 1, "\(host) is no IPv4 address")
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
