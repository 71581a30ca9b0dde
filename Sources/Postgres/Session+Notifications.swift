import CLibpq
import Glibc

/// What other sessions tell by `NOTIFY`, to one that has said `LISTEN`.
extension Session {
  /// How soon a cancelled task is noticed while nothing is told.
  private static let slice = Duration.milliseconds(500)

  /// Waits until something is told, or for so long.
  ///
  /// - Returns: whether anything was.
  func awaitNotification(_ limit: Duration) throws(PostgresError) -> Bool {
    let end = ContinuousClock.now + limit
    while true {
      if takeNotifications() { return true }
      let left = min(end - ContinuousClock.now, Self.slice)
      guard left > .zero, !Task.isCancelled else { return false }
      var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
      let ready = poll(&descriptor, 1, Int32(left / .milliseconds(1)) + 1)
      if ready < 0, errno != EINTR { throw failure() }
      if ready > 0, PQconsumeInput(handle) != 1 { throw failure() }
    }
  }

  /// - Returns: whether there were any.
  private func takeNotifications() -> Bool {
    var found = false
    while let notification = PQnotifies(handle) {
      PQfreemem(notification)
      found = true
    }
    return found
  }
}
