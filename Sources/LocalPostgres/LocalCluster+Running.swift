import Glibc

/// How a server goes down.
public enum StopMode: Sendable {
  /// Waits for its clients to leave.
  case smart
  /// Breaks off what its clients do, and saves all that is committed.
  case fast
  /// Drops everything, as in a crash; the next start recovers what was committed.
  case immediate

  var signal: Int32 {
    switch self {
    case .smart: SIGTERM
    case .fast: SIGINT
    case .immediate: SIGQUIT
    }
  }
}

extension LocalCluster {
  /// Starts the server and returns when it accepts connections; returns at once when it does already.
  ///
  /// - Parameter timeout: for all of it, a recovery after a crash included.
  /// - Throws: `.failed` with the last lines of the server's log.
  public func start(timeout: Duration = .seconds(120)) throws(LocalPostgresError) {
    let lock = try FileLock(folder.startLock, .exclusive, for: account)
    defer { lock.release() }
    if let running = Postmaster(in: folder.data) {
      if running.status != "stopping" {
        return try awaitReady(running.pid, logFrom: logSize, timeout: timeout)
      }
      try awaitEnd(of: running.pid, timeout: timeout)
    }
    try clearRemains()
    try rotateLog()
    try launch(timeout: timeout)
  }

  /// Stops the server and returns when it is gone; returns at once when it does not run.
  public func stop(_ mode: StopMode = .fast, timeout: Duration = .seconds(120)) throws(LocalPostgresError) {
    let lock = try FileLock(folder.startLock, .exclusive, for: account)
    defer { lock.release() }
    guard let running = Postmaster(in: folder.data) else { return }
    guard kill(running.pid, mode.signal) == 0 || errno == ESRCH else {
      throw Disk.failure("stop process \(running.pid), the Postgres of", folder.path)
    }
    try awaitEnd(of: running.pid, timeout: timeout)
    socket.removeIfTemporary()
  }

  /// After a `kill -9` of the postmaster its children may still be there, and its `postmaster.pid` may
  /// name a process that has nothing to do with it, for which Postgres would refuse to start.
  private func clearRemains() throws(LocalPostgresError) {
    let left = "\(folder.data)/postmaster.pid"
    guard Disk.exists(left) else { return }
    Postmaster.waitForOrphans(in: folder.data)
    guard !socket.answers(port: port) else {
      throw LocalPostgresError(
        .failed, "A Postgres that this process cannot see serves \(folder.path) already.",
        hint: "Does another container use the same folder? Stop that one first, or use another folder.")
    }
    unlink(left)
  }

  private func rotateLog() throws(LocalPostgresError) {
    if logSize > 8 << 20 { try Disk.rename(folder.log, to: "\(folder.log).1") }
  }

  private var logSize: Int { Disk.status(of: folder.log).map { Int($0.st_size) } ?? 0 }

  private func launch(timeout: Duration) throws(LocalPostgresError) {
    try socket.make(for: account)
    let start = logSize
    let log = open(folder.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw Disk.failure("write", folder.log) }
    defer { close(log) }
    try account.own(log, named: folder.log)
    var command = account.command(binaries.path(of: "postgres"), ["-D", folder.data])
    command.ownSession = true
    let pid = try command.spawn(input: nil, output: log, errors: log)
    OwnThread.awaitEnd(of: pid)
    try awaitReady(pid, logFrom: start, timeout: timeout)
  }

  private func awaitReady(_ pid: pid_t, logFrom start: Int, timeout: Duration) throws(LocalPostgresError) {
    var hasEnded = false
    let isReady = waitUntil(timeout: timeout) {
      if let running = Postmaster(in: folder.data), running.pid == pid { return running.isReady }
      // Before it writes its file it is still the shell, under the same number.
      hasEnded = RunningProcess(pid) == nil
      return hasEnded
    }
    if isReady && !hasEnded { return }
    let log = (Disk.read(folder.log, from: start) ?? "").lastLines(15)
    throw LocalPostgresError(
      .failed,
      hasEnded
        ? "Postgres did not start in \(folder.path). Its log says:\n\(log)"
        : "Postgres in \(folder.path) is still starting after \(timeout.components.seconds) s. Its log says:\n\(log)",
      hint: hasEnded ? nil : "It may be recovering from a crash: look at \(folder.log), and try again when it is ready."
    )
  }

  private func awaitEnd(of pid: pid_t, timeout: Duration) throws(LocalPostgresError) {
    if waitUntil(timeout: timeout, { !Postmaster.isAlive(pid, in: folder.data) }) { return }
    throw LocalPostgresError(
      .failed,
      "Postgres in \(folder.path) (process \(pid)) is still shutting down after \(timeout.components.seconds) s.",
      hint: "Clients may be connected, or much is left to write: look at \(folder.log).")
  }
}
