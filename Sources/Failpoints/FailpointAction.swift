#if DEBUG
  import Glibc
  import Synchronization

  /// What an armed failpoint does, and at which passage.
  final class FailpointAction: Sendable {
    private let passages = Atomic<Int>(0)
    private let at: Int?
    private let verb: String
    private let milliseconds: UInt32

    init(_ text: String) {
      var parts = text.split(separator: ":").map(String.init)
      at = parts.first.flatMap { Int($0) }
      if at != nil { parts.removeFirst() }
      verb = parts.first ?? "kill"
      milliseconds = parts.count > 1 ? UInt32(parts[1]) ?? 0 : 0
    }

    func pass() {
      let passage = passages.add(1, ordering: .relaxed).newValue
      if let at, passage != at { return }
      switch verb {
      case "kill": kill(getpid(), SIGKILL)
      // To this thread: a signal to the process may reach another one first, and this one would run on for a moment.
      case "stop": raise(SIGSTOP)
      case "sleep": usleep(milliseconds * 1000)
      default: preconditionFailure("no failpoint action is named \(verb)")
      }
    }
  }
#endif
