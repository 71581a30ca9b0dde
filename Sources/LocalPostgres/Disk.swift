import Glibc

/// The few things that are done with files here, with errors that name the file.
package enum Disk {
  /// What stands in a folder, sorted; nil when there is no such folder or it cannot be read.
  package static func entries(of folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func exists(_ path: String) -> Bool { status(of: path) != nil }

  static func status(of path: String) -> stat? {
    var found = stat()
    return stat(path, &found) == 0 ? found : nil
  }

  package static func owner(of path: String) -> UInt32? { status(of: path)?.st_uid }

  /// A file's text from `offset` on, or nil when it cannot be read.
  package static func read(_ path: String, from offset: Int = 0) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return read(file, from: offset)
  }

  static func read(_ file: Int32, from offset: Int = 0) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(file, &buffer, buffer.count, off_t(offset + bytes.count))
      if count < 0 { return nil }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  /// Writes a file so that it is whole or not there, also after a power cut.
  static func write(_ text: String, to path: String, mode: mode_t, for account: ServerAccount)
    throws(LocalPostgresError)
  {
    let draft = "\(path).\(getpid())"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure("write", draft) }
    defer { unlink(draft) }
    defer { close(file) }
    try write(text, to: file, named: draft)
    guard fsync(file) == 0 else { throw failure("write", draft) }
    try account.own(file, named: draft)
    try rename(draft, to: path)
  }

  static func write(_ text: String, to file: Int32, named path: String) throws(LocalPostgresError) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      written += count
    }
  }

  static func rename(_ path: String, to target: String) throws(LocalPostgresError) {
    guard Glibc.rename(path, target) == 0 else { throw failure("rename", path) }
    let folder = open(parent(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// Makes a folder and what is missing above it; those above get the user's usual mode.
  static func makeFolder(_ path: String, mode: mode_t) throws(LocalPostgresError) {
    if exists(path) { return }
    let above = parent(of: path)
    if !exists(above) { try makeFolder(above, mode: 0o755) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
  }

  /// The absolute path without links, or nil when there is nothing there.
  package static func realPath(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func failure(_ verb: String, _ path: String) -> LocalPostgresError {
    let code = errno
    return LocalPostgresError(
      code == EACCES || code == EPERM || code == EROFS ? .notPermitted : .failed,
      "Could not \(verb) \(path): \(String(cString: strerror(code))).")
  }
}
