import Glibc

/// A process of this machine, as `/proc` tells; nil once it has ended, also while nobody has asked how.
package struct RunningProcess: Sendable {
  package let pid: Int32
  /// Of its program, 15 bytes at most.
  let name: String

  package init?(_ pid: Int32) {
    // Such as "4711 (postgres) S 1 …".
    guard let status = Disk.read("/proc/\(pid)/stat"), let start = status.firstIndex(of: "("),
      let end = status.lastIndex(of: ")"), !status[end...].hasPrefix(") Z")
    else { return nil }
    self.pid = pid
    name = String(status[status.index(after: start)..<end])
  }

  /// The first process of each server whose data stands under a folder, itself there or removed by now.
  package static func servers(under folder: String) -> [RunningProcess] {
    all.filter { process in
      process.name == "postgres" && process.arguments.contains { $0.hasPrefix("\(folder)/") }
    }
  }

  static var all: [RunningProcess] {
    (Disk.entries(of: "/proc") ?? []).compactMap { pid_t($0) }.compactMap { RunningProcess($0) }
  }

  /// Whether it is Postgres and serves this data folder.
  func serves(_ data: String) -> Bool {
    guard name == "postgres" else { return false }
    if let folder = Disk.status(of: "/proc/\(pid)/cwd") {
      return Disk.status(of: data).map { $0.st_dev == folder.st_dev && $0.st_ino == folder.st_ino } ?? false
    }
    // Root in a container may not ask for another user's working folder.
    return arguments.contains { $0 == data }
  }

  private var arguments: [Substring] { (Disk.read("/proc/\(pid)/cmdline") ?? "").split(separator: "\0") }
}
