import Catalogue
import Replication
import Synchronization

/// What the syncs of this process have come to since it began, for the metrics.
final class ServiceTally: Sendable {
  struct Figures: Sendable {
    var completed = 0
    var failed = 0
    var retrying = 0
    var cancelled = 0
    var rowsWritten = 0
    var bytesRead = 0
    /// Of those that completed.
    var seconds = 0.0
  }

  private let state = Mutex(Figures())

  var figures: Figures { state.withLock { $0 } }

  func count(_ event: SyncEvent) {
    state.withLock { now in
      switch event {
      case .began, .taken: break
      case .retrying: now.retrying += 1
      case .failed(_, _, let failure):
        if failure.verdict == .cancelled { now.cancelled += 1 } else { now.failed += 1 }
      case .completed(_, let report):
        now.completed += 1
        now.rowsWritten += report.counts.written
        now.bytesRead += report.counts.bytes
        now.seconds += report.seconds
      }
    }
  }
}
