import Glibc

/// Chooses ports of 127.0.0.1 that nobody listens on.
package enum FreePort {
  /// A port below those that the system gives to outgoing connections: a server that is down for a
  /// moment then finds its port as it left it.
  package static func choose() throws(LocalPostgresError) -> Int {
    let range = Disk.read("/proc/sys/net/ipv4/ip_local_port_range") ?? ""
    let lowest = range.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32768
    if lowest > 12_000 {
      for _ in 0..<200 {
        let port = Int.random(in: 10_000..<lowest)
        if isFree(port) { return port }
      }
    }
    guard let port = bound(to: 0) else {
      throw LocalPostgresError(.failed, "No port of 127.0.0.1 is free.", hint: "Name one that is.")
    }
    return port
  }

  /// Whether a server could listen there now.
  package static func isFree(_ port: Int) -> Bool { bound(to: port) != nil }

  /// The port that a socket got, which is closed again; nil when the port is taken.
  private static func bound(to port: Int) -> Int? {
    guard let port = UInt16(exactly: port) else { return nil }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // As Postgres does: connections of an earlier server that still fade away are not in the way.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard bind(descriptor, generic, length) == 0, listen(descriptor, 1) == 0,
          getsockname(descriptor, generic, &length) == 0
        else { return nil }
        return Int(UInt16(bigEndian: pointer.pointee.sin_port))
      }
    }
  }
}
