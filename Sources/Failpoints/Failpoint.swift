import Glibc

/// A named place where a test may stop, slow or fail the process, to show that nothing is lost there.
///
/// `HEDGEROW_FAILPOINTS="before_commit=kill,during_copy=sleep:500"` arms them. Release builds hold none.
public enum Failpoint: String, CaseIterable, Sendable {
  /// Rows were read from the source, none sent to the warehouse yet.
  case afterRead = "after_read"
  /// Some of a `COPY`'s bytes are with the warehouse.
  case duringCopy = "during_copy"
  /// The rows are staged; they are not merged or appended yet.
  case beforeMerge = "before_merge"
  /// The new generation is whole and not yet swapped in.
  case beforeSwap = "before_swap"
  /// Rows, cursor and history are written, and not yet committed.
  case beforeCommit = "before_commit"
  /// The commit was sent and took place; its answer was not used.
  case afterCommit = "after_commit"
  /// A chunk of a large load is committed, the next one not begun.
  case afterChunk = "after_chunk"

  #if DEBUG
    /// Does what the environment asks at this place: `kill` (SIGKILL), `stop` (SIGSTOP) or `sleep:<ms>`.
    /// With a number before the action (`during_copy=3:kill`), at that passage only.
    public func pass() {
      guard let action = Self.armed[self] else { return }
      action.pass()
    }

    private static let armed: [Failpoint: FailpointAction] = {
      guard let value = getenv("HEDGEROW_FAILPOINTS") else { return [:] }
      var found: [Failpoint: FailpointAction] = [:]
      for item in String(cString: value).split(separator: ",") {
        let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let point = Failpoint(rawValue: parts[0]) else {
          preconditionFailure("HEDGEROW_FAILPOINTS names no failpoint: \(item)")
        }
        found[point] = FailpointAction(parts[1])
      }
      return found
    }()
  #else
    @inline(__always) public func pass() {}
  #endif
}
