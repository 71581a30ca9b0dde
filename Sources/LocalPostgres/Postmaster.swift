import Glibc

/// A server's first process, as its `postmaster.pid` tells.
struct Postmaster: Sendable {
  let pid: pid_t
  let port: Int?
  /// `starting`, `ready`, `standby` or `stopping`; empty in its first moments.
  let status: String

  /// The one that runs in this data folder; nil when there is none, or the file is what a killed one left.
  init?(in data: String) {
    guard let lines = Disk.read("\(data)/postmaster.pid")?.split(separator: "\n", omittingEmptySubsequences: false),
      let pid = pid_t(lines[0]), pid > 0, Self.isAlive(pid, in: data)
    else { return nil }
    self.pid = pid
    port = lines.count > 3 ? Int(lines[3]) : nil
    status = lines.count > 7 ? lines[7].split(separator: " ").first.map(String.init) ?? "" : ""
  }

  var isReady: Bool { status == "ready" || status == "standby" }

  /// Whether the process exists and serves this data folder: numbers are used again, above all in containers.
  static func isAlive(_ pid: pid_t, in data: String) -> Bool { RunningProcess(pid)?.serves(data) ?? false }

  /// Waits for server processes that outlived their postmaster and would keep a new one from starting.
  /// They end by themselves, mostly at once; those that do not are told to, as their postmaster would have done.
  static func waitForOrphans(in data: String) {
    func orphans() -> [RunningProcess] { RunningProcess.all.filter { $0.serves(data) } }
    if waitUntil(timeout: .seconds(3), { orphans().isEmpty }) { return }
    for orphan in orphans() { kill(orphan.pid, SIGQUIT) }
    _ = waitUntil(timeout: .seconds(10)) { orphans().isEmpty }
  }
}
