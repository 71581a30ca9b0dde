import Glibc

/// How many characters a terminal shows side by side, and how many lines.
public struct TerminalSize: Sendable, Hashable {
  public var columns: Int
  public var rows: Int

  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// Standard output or standard error, with what is known of who reads it. Tests make one of closures.
public struct TerminalStream: Sendable {
  /// Whether a person sees it, rather than a file or another program.
  public let isTerminal: Bool
  /// Whether lines may be drawn again in place: a terminal that is not `TERM=dumb`.
  public let canRedraw: Bool
  public let style: Style
  private let measure: @Sendable () -> TerminalSize
  private let accepts: @Sendable () -> Bool
  private let send: @Sendable (String) -> Void
  private let failed: @Sendable () -> WriteError?

  public init(
    isTerminal: Bool, canRedraw: Bool? = nil, style: Style = .off,
    size: @escaping @Sendable () -> TerminalSize = { TerminalSize(columns: 80, rows: 24) },
    isReady: @escaping @Sendable () -> Bool = { true },
    error: @escaping @Sendable () -> WriteError? = { nil },
    write: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.canRedraw = canRedraw ?? isTerminal
    self.style = style
    measure = size
    accepts = isReady
    send = write
    failed = error
  }

  /// The stream of an open descriptor, which it does not own.
  public init(
    descriptor: Int32, environment: @escaping @Sendable (String) -> String? = Self.variable
  ) {
    let isTerminal = isatty(descriptor) == 1
    let errors = WriteErrors()
    self.init(
      isTerminal: isTerminal, canRedraw: isTerminal && !Style.isDumb(environment),
      style: Style(isTerminal: isTerminal, environment: environment),
      size: { Self.size(of: descriptor, environment) },
      isReady: { isWritable(descriptor) }, error: { errors.error },
      write: { text in
        // What follows a gap would read as if it were whole.
        guard errors.error == nil else { return }
        if let error = writeAll(text, to: descriptor) { errors.note(error) }
      })
  }

  /// The same stream for one who writes by another way, such as a buffer before it.
  public func writing(_ write: @escaping @Sendable (String) -> Void) -> TerminalStream {
    TerminalStream(
      isTerminal: isTerminal, canRedraw: canRedraw, style: style, size: measure, isReady: accepts, error: failed, write: write)
  }

  public static let standardOutput = TerminalStream(descriptor: STDOUT_FILENO)
  public static let standardError = TerminalStream(descriptor: STDERR_FILENO)

  /// Asked anew each time, since people resize their windows.
  public var size: TerminalSize { measure() }
  public var width: Int { measure().columns }

  /// Whether a write would go through now; not so after Ctrl-S, or with a reader that has stopped.
  public var isReady: Bool { accepts() }

  /// Why not everything that was written has arrived; nil while it has.
  public var error: WriteError? { failed() }

  /// Writes all of the text. Nothing is written after an ``error``.
  public func write(_ text: String) { send(text) }

  public func writeLine(_ line: String) { send(line + "\n") }

  /// A variable of the process' environment.
  @Sendable public static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// What the terminal says, or else `COLUMNS` and `LINES`, or else 80 by 24.
  private static func size(
    of descriptor: Int32, _ environment: (String) -> String?
  ) -> TerminalSize {
    func number(_ name: String, or fallback: Int) -> Int {
      guard let value = environment(name).flatMap({ Int($0) }), value > 0 else { return fallback }
      return value
    }
    var window = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0
    return TerminalSize(
      columns: isKnown && window.ws_col > 0 ? Int(window.ws_col) : number("COLUMNS", or: 80),
      rows: isKnown && window.ws_row > 0 ? Int(window.ws_row) : number("LINES", or: 24))
  }
}

private func isWritable(_ descriptor: Int32) -> Bool {
  var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return poll(&request, 1, 0) != 0
}

/// Writes until everything is out, waiting for a slow reader, or until that is impossible.
private func writeAll(_ text: String, to descriptor: Int32) -> WriteError? {
  var text = text
  return text.withUTF8 { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0 && (errno == EAGAIN || errno == EINTR) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, 1000)
      } else {
        return WriteError(code: errno)
      }
    }
    return nil
  }
}
