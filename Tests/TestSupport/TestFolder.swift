import Glibc
import LocalPostgres
import Synchronization

/// The folder of this test process in `/tmp`. It goes, with the servers in it, when the process ends; what
/// a killed one left behind goes when the next one starts.
public enum TestFolder {
  /// Its path. A user that runs Postgres may pass through it.
  public static let path = make()

  private static let count = Atomic<Int>(0)
  private static let prefix = "hedgerow-tests-"

  /// A path in it that nothing uses yet.
  public static func fresh(_ name: String) -> String {
    "\(path)/\(name)-\(count.add(1, ordering: .relaxed).newValue)"
  }

  /// A new, empty folder in it.
  public static func makeFolder(_ name: String) -> String {
    let path = fresh(name)
    precondition(mkdir(path, 0o755) == 0, "no folder could be made at \(path)")
    return path
  }

  /// Removes a folder and all in it.
  public static func remove(_ folder: String) {
    _ = try? Command("/bin/rm", ["-rf", "--", folder]).run()
  }

  /// Takes its lock before it has its name, so that no other process takes it for a killed one's.
  private static func make() -> String {
    sweep()
    var template = Array("/tmp/hedgerow-new-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no folder could be made in /tmp") }
    let draft = String(cString: made)
    chmod(draft, 0o755)
    precondition(lock(draft) != nil, "no lock could be taken in \(draft)")
    let path = "/tmp/\(prefix)\(draft.suffix(6))"
    precondition(rename(draft, path) == 0, "no folder could be made at \(path)")
    atexit { TestFolder.clear(TestFolder.path) }
    return path
  }

  /// Held open until this process ends.
  private static func lock(_ folder: String) -> Int32? {
    let file = open("\(folder)/owner.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { return nil }
    if flock(file, LOCK_EX | LOCK_NB) == 0 { return file }
    close(file)
    return nil
  }

  private static func sweep() {
    for name in Disk.entries(of: "/tmp") ?? [] where name.hasPrefix(prefix) {
      guard Disk.owner(of: "/tmp/\(name)") == geteuid(), let held = lock("/tmp/\(name)") else { continue }
      clear("/tmp/\(name)")
      close(held)
    }
  }

  private static func clear(_ folder: String) {
    let servers = RunningProcess.servers(under: folder)
    for server in servers { kill(server.pid, SIGQUIT) }
    _ = waitUntil(timeout: .seconds(20)) { servers.allSatisfy { RunningProcess($0.pid) == nil } }
    remove(folder)
  }
}
