import Glibc

/// A file without a name, gone with its last user. Unlike a pipe it never makes the writer wait.
final class TemporaryFile: Sendable {
  /// Never one of the three standard ones, also where this process was started without them.
  let descriptor: Int32

  init() throws(LocalPostgresError) {
    var template = Array("\(EnvironmentVariable.value(of: "TMPDIR") ?? "/tmp")/hedgerow-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw Disk.failure("make a file in", EnvironmentVariable.value(of: "TMPDIR") ?? "/tmp") }
    unlink(template)
    descriptor = fcntl(file, F_DUPFD_CLOEXEC, 3)
    close(file)
  }

  convenience init(holding text: String) throws(LocalPostgresError) {
    try self.init()
    try Disk.write(text, to: descriptor, named: "a temporary file")
    lseek(descriptor, 0, SEEK_SET)
  }

  deinit { close(descriptor) }

  var text: String { Disk.read(descriptor) ?? "" }
}
