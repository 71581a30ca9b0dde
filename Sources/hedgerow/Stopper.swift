import Dispatch
import Glibc
import Synchronization

/// Ends the work of a command on SIGINT or SIGTERM; the last of some signals ends the process.
struct Stopper {
  private let sources: [any DispatchSourceSignal]

  /// - Parameter patience: how many signals `stop` is called for; the next one ends the process.
  init(patience: Int = 1, _ stop: @escaping @Sendable () -> Void) {
    let count = Count()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if count.next() > patience { _exit(128 + number) }
        stop()
      }
      source.resume()
      return source
    }
  }

  func end() { sources.forEach { $0.cancel() } }

  private final class Count: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
  }
}
