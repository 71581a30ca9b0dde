import Glibc

/// A folder for one test; it goes when the test is over.
final class Scratch: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/hedgerow-secrets-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { preconditionFailure("no folder could be made in /tmp") }
    path = String(cString: made)
  }

  deinit {
    remove("\(path)/deep/er/key")
    for name in ["value", "key", "deep/er", "deep"] { remove("\(path)/\(name)") }
    rmdir(path)
  }

  func write(_ name: String, _ text: String) throws {
    let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    precondition(file >= 0 && Glibc.write(file, text, text.utf8.count) == text.utf8.count, "\(name) could not be written")
    close(file)
  }

  /// The permission bits.
  func mode(_ name: String) -> UInt32 {
    var status = stat()
    return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
  }

  func entries(_ name: String = "") -> [String] {
    guard let folder = opendir("\(path)/\(name)") else { return [] }
    defer { closedir(folder) }
    var found: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { found.append(name) }
    }
    return found.sorted()
  }
}
