import Glibc
import Synchronization

/// A child that was started: what it printed so far, signals, its end.
package final class ChildProcess: Sendable {
  /// How a child ended.
  package struct Result: Sendable {
    /// Its exit code, or the number of the signal that ended it as a negative number.
    package var exit: Int32
    package var stdout: String
    package var stderr: String
  }

  package let pid: Int32
  private let output: TemporaryFile
  private let errors: TemporaryFile
  private let ending = Mutex<Int32?>(nil)

  init(pid: Int32, output: TemporaryFile, errors: TemporaryFile) {
    self.pid = pid
    self.output = output
    self.errors = errors
  }

  deinit {
    if isRunning { OwnThread.awaitEnd(of: pid) }
  }

  /// What it has printed so far.
  package var stdout: String { output.text }
  package var stderr: String { errors.text }
  package var isRunning: Bool { reap() == nil }

  /// Sends a signal; does nothing once the child has ended, since its number may be another's by then.
  package func signal(_ number: Int32) {
    ending.withLock { ending in
      if ending == nil { _ = kill(pid, number) }
    }
  }

  /// Waits for its end.
  package func wait() -> Result { wait(timeout: .seconds(1 << 30))! }

  /// Waits for its end, for so long at most.
  /// - Returns: nil when it still runs.
  package func wait(timeout: Duration) -> Result? {
    guard waitUntil(timeout: timeout, { reap() != nil }) else { return nil }
    return Result(exit: reap()!, stdout: stdout, stderr: stderr)
  }

  private func reap() -> Int32? {
    ending.withLock { ending in
      if ending != nil { return ending }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      let signal = status & 0x7f
      ending = signal == 0 ? (status >> 8) & 0xff : -signal
      return ending
    }
  }
}

/// Looks again and again, at first each millisecond and later each fiftieth of a second.
/// - Returns: false when it did not come true in time.
package func waitUntil(timeout: Duration, _ isTrue: () -> Bool) -> Bool {
  let end = ContinuousClock.now + timeout
  var pause: UInt32 = 1000
  while !isTrue() {
    if ContinuousClock.now >= end { return false }
    usleep(pause)
    pause = min(pause * 5 / 4, 20_000)
  }
  return true
}
