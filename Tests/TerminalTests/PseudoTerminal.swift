import Glibc
import Synchronization

/// A terminal that the kernel keeps: the test holds the person's end, the code under test the other.
final class PseudoTerminal: Sendable {
  private let person: Int32
  let terminal: Int32

  init() throws {
    var ends: (person: Int32, terminal: Int32) = (-1, -1)
    guard openpty(&ends.person, &ends.terminal, nil, nil, nil) == 0 else {
      throw NoTerminal(code: errno)
    }
    (person, terminal) = ends
  }

  deinit {
    close(person)
    close(terminal)
  }

  struct NoTerminal: Error { let code: Int32 }

  func type(_ text: String) { _ = write(person, text, text.utf8.count) }

  /// What appeared on the screen until `ending` did, or for five seconds.
  func shown(until ending: String) -> String {
    var bytes: [UInt8] = []
    var request = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
    while !String(decoding: bytes, as: UTF8.self).hasSuffix(ending), poll(&request, 1, 5000) > 0 {
      var part = [UInt8](repeating: 0, count: 1024)
      let count = read(person, &part, part.count)
      if count <= 0 { break }
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(person, UInt(TIOCSWINSZ), &size)
  }

  var hasEcho: Bool {
    var settings = termios()
    tcgetattr(terminal, &settings)
    return settings.c_lflag & tcflag_t(ECHO) != 0
  }
}

/// A thread that runs a body which may wait, and keeps its result.
final class Waiting<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  init(_ body: @escaping @Sendable () -> Value) {
    let run = Unmanaged.passRetained(Body { self.value.withLock { $0 = body() } })
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, run.toOpaque())
    pthread_detach(thread)
  }

  /// Nil when there is none after five seconds.
  var result: Value? {
    for _ in 1...1000 {
      if let value = value.withLock({ $0 }) { return value }
      usleep(5000)
    }
    return nil
  }
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
