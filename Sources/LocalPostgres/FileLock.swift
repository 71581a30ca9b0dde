import Glibc

/// A lock on a file, held by this process until it is released or the process ends, however it ends.
struct FileLock: Sendable {
  enum Mode: Sendable { case shared, exclusive }

  private let descriptor: Int32

  /// Waits for the lock; makes the file when there is none.
  init(_ path: String, _ mode: Mode, for account: ServerAccount) throws(LocalPostgresError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Disk.failure("open", path) }
    do throws(LocalPostgresError) {
      try account.own(descriptor, named: path)
      while flock(descriptor, mode == .shared ? LOCK_SH : LOCK_EX) != 0 {
        guard errno == EINTR else { throw Disk.failure("lock", path) }
      }
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Whether nobody else holds it: it is then held alone. Otherwise it may be lost, and must be released.
  func becomeExclusive() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Call it once.
  func release() { close(descriptor) }
}
