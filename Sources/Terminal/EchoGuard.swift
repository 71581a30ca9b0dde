import Glibc
import Synchronization

/// Turns the echo of a terminal off, and sees to it that no signal ends the process before it is on again.
///
/// Only one may exist at a time.
struct EchoGuard: ~Copyable {
  /// Becomes readable when one of the signals came.
  let wake: Int32
  private let wakeWriter: Int32
  private let terminal: Int32
  private let settings: termios
  private let handlers: [(signal: Int32, action: sigaction)]

  /// Nil when `terminal` is none.
  init?(terminal: Int32) {
    var settings = termios()
    var ends: [Int32] = [-1, -1]
    guard tcgetattr(terminal, &settings) == 0, pipe(&ends) == 0 else { return nil }
    self.terminal = terminal
    self.settings = settings
    wake = ends[0]
    wakeWriter = ends[1]
    signalPipe.store(wakeWriter, ordering: .sequentiallyConsistent)
    handlers = Self.catchSignals()
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    silent.c_lflag |= tcflag_t(ICANON | ISIG)
    // What was typed before the question was not meant for it.
    tcsetattr(terminal, TCSAFLUSH, &silent)
  }

  /// Sets the terminal and the handlers as they were, then lets a signal that came have its effect.
  /// - Returns: whether the process was stopped (Ctrl-Z), and goes on now.
  consuming func restore() -> Bool {
    var settings = settings
    tcsetattr(terminal, TCSANOW, &settings)
    for (signal, action) in handlers {
      var action = action
      sigaction(signal, &action, nil)
    }
    signalPipe.store(-1, ordering: .sequentiallyConsistent)
    close(wakeWriter)
    var caught = [UInt8](repeating: 0, count: 16)
    let count = read(wake, &caught, caught.count)
    close(wake)
    let signals = caught.prefix(max(0, count)).map { Int32($0) }
    for signal in signals { kill(getpid(), signal) }
    return !signals.isEmpty && signals.allSatisfy { $0 == SIGTSTP }
  }

  /// - Returns: what was there before, for each signal that is not ignored.
  private static func catchSignals() -> [(signal: Int32, action: sigaction)] {
    var handlers: [(signal: Int32, action: sigaction)] = []
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] {
      var before = sigaction()
      sigaction(signal, nil, &before)
      if isIgnored(before) { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = noteSignal
      sigemptyset(&action.sa_mask)
      sigaction(signal, &action, nil)
      handlers.append((signal, before))
    }
    return handlers
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// Where the handler writes; -1 while nobody asks for a secret.
private let signalPipe = Atomic<Int32>(-1)

/// Runs on any thread at any moment: it may only call what is safe there.
private func noteSignal(_ signal: Int32) {
  let before = errno
  var byte = UInt8(truncatingIfNeeded: signal)
  _ = write(signalPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
  errno = before
}
