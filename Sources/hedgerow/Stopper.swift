import Dispatch
import Glibc

/// Ends the work of a command on SIGINT or SIGTERM; a second signal ends the process.
struct Stopper {
  private let sources: [any DispatchSourceSignal]

  init(_ stop: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      let count = Count()
      source.setEventHandler {
        if count.next() > 1 { _exit(128 + number) }
        stop()
      }
      source.resume()
      return source
    }
  }

  func end() { sources.forEach { $0.cancel() } }

  // SAFETY: used by the source's handler only, which never runs twice at once.
  private final class Count: @unchecked Sendable {
    private var value = 0
    func next() -> Int {
      value += 1
      return value
    }
  }
}
