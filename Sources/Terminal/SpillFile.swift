import Glibc

/// Texts in a file that has no name and so is gone with its user: first in, first out.
final class SpillFile {
  private let descriptor: Int32
  private let folder: String
  /// Bytes of the texts that are still to be read, in their order.
  private var lengths: [Int] = []
  private var read = 0
  private var position = 0
  private var end = 0

  init() throws(SpillError) {
    folder = TerminalStream.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(folder)/hedgerow-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw SpillError(folder: folder, code: errno) }
    unlink(template)
    // Never one of the three standard ones, also where this process was started without them.
    descriptor = fcntl(file, F_DUPFD_CLOEXEC, 3)
    Glibc.close(file)
  }

  deinit { Glibc.close(descriptor) }

  var isEmpty: Bool { read == lengths.count }

  func append(_ text: String) throws(SpillError) {
    var bytes = Array(text.utf8)[...]
    let start = end
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, end) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SpillError(folder: folder, code: errno) }
      bytes = bytes.dropFirst(count)
      end += count
    }
    lengths.append(end - start)
  }

  /// The oldest text; nil where there is none.
  func next() throws(SpillError) -> String? {
    guard !isEmpty else { return nil }
    var bytes = [UInt8](repeating: 0, count: lengths[read])
    var filled = 0
    while filled < bytes.count {
      let count = bytes[filled...].withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, position + filled) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw SpillError(folder: folder, code: count < 0 ? errno : EIO) }
      filled += count
    }
    position += filled
    read += 1
    if isEmpty { try startAgain() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Gives the room back.
  private func startAgain() throws(SpillError) {
    guard ftruncate(descriptor, 0) == 0 else { throw SpillError(folder: folder, code: errno) }
    (lengths, read, position, end) = ([], 0, 0, 0)
  }
}

/// Why what a slow reader had not taken yet could not be kept.
public struct SpillError: Error, Sendable {
  /// Where it was to be kept.
  public var folder: String
  /// As `errno` says it.
  public var code: Int32

  /// Such as "No space left on device".
  public var message: String { String(cString: strerror(code)) }
}
