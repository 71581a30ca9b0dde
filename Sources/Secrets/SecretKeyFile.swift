import Glibc

/// The file that holds the secret key when no environment variable gives it.
public enum SecretKeyFile {
  /// Reads the key, or makes one (mode 0600, in a folder of mode 0700) when there is no such file.
  ///
  /// Safe when two processes start at once: the file appears whole, and the first one wins.
  /// - Returns: the key's base64, and whether it was made now.
  public static func readOrMake(at path: String) throws(SecretError) -> (key: String, isNew: Bool) {
    if let text = try read(path) { return (text, false) }
    makeFolders(for: path)
    let key = SecretBox.makeKey()
    let draft = "\(path).\(UInt64.random(in: 0 ... .max))"
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard file >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    let line = key + "\n"
    let written = write(file, line, line.utf8.count)
    fsync(file)
    close(file)
    defer { unlink(draft) }
    guard written == line.utf8.count else { throw .unreadable(path: path, reason: "it could not be written whole") }
    guard link(draft, path) == 0 else {
      if errno == EEXIST, let text = try read(path) { return (text, false) }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return (key, true)
  }

  /// - Returns: the key's base64, or nil when there is no such file.
  public static func read(_ path: String) throws(SecretError) -> String? {
    let file = open(path, O_RDONLY)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(file, &buffer, buffer.count)
    guard count >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
    return String(decoding: buffer[..<count], as: UTF8.self).trimmingWhitespace
  }

  private static func makeFolders(for path: String) {
    var built = ""
    for part in path.split(separator: "/").dropLast() {
      built += "/" + part
      mkdir(built, 0o700)
    }
  }
}
