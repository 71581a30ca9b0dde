public import Postgres
import SQLText

/// Wakes a scheduler when the catalogue says that there is work, by `LISTEN`. Behind a transaction pooler there is no
/// such thing: the scheduler's own looks are all there is then.
public struct WorkListener: Sendable {
  let open: @Sendable () async throws -> Connection
  let wakeUp: WakeUp

  /// - Parameter open: opens the session that listens.
  public init(wakeUp: WakeUp, open: @escaping @Sendable () async throws -> Connection) {
    self.open = open
    self.wakeUp = wakeUp
  }

  /// Listens until the task is cancelled. A session that is lost is opened again.
  public func run() async {
    var misses = 0
    while !Task.isCancelled {
      do {
        let connection = try await open()
        guard !connection.isPooled else { return }
        try await connection.execute("LISTEN hedgerow")
        misses = 0
        // What was told before this session listened.
        wakeUp.signal()
        while !Task.isCancelled {
          if try await connection.awaitNotification(.seconds(60)) {
            wakeUp.signal()
          } else if !Task.isCancelled {
            // A connection that a firewall dropped says nothing either.
            try await connection.execute("SELECT 1")
          }
        }
      } catch {
        misses += 1
        try? await Task.sleep(for: RetryPause.inCommand(misses, jitter: .random(in: 0...1)))
      }
    }
  }
}
