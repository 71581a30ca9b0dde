import Blocking
import Glibc

/// The files of this machine. A key is a whole path without its leading slash.
///
/// Links are followed, to files and to folders, save a folder that holds itself. A file's version is its size, the
/// moment of its last change and its number in the file system.
public struct FolderStore: ObjectStore {
  private let pageSize: Int

  public init(pageSize: Int = 1000) { self.pageSize = pageSize }

  public func list(prefix: String, page: @Sendable ([ObjectEntry]) async throws -> Bool) async throws {
    let walk = FolderWalk(prefix: prefix)
    while let entries = try await walk.next(pageSize) {
      try Task.checkCancellation()
      if try await !page(entries) { return }
    }
  }

  public func open(_ entry: ObjectEntry, from offset: Int64) async throws -> any ObjectReader {
    let reader = FileReader(entry, from: offset)
    try await reader.open()
    return reader
  }

  public func read(_ entry: ObjectEntry, _ range: Range<Int64>) async throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= entry.size else {
      throw ObjectStoreError(.malformed, "\(entry.key) ends before the bytes that it says it has.", hint: "The file is damaged.")
    }
    let reader = FileReader(entry, from: range.lowerBound, to: range.upperBound)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    while let next = try await reader.next() { bytes += next }
    return bytes
  }
}

/// One open file, on a thread of its own: a disk, or a network behind it, may let it wait.
actor FileReader: ObjectReader {
  private let executor = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let entry: ObjectEntry
  private var offset: Int64
  private let end: Int64
  private var descriptor: Int32 = -1

  init(_ entry: ObjectEntry, from offset: Int64, to end: Int64? = nil) {
    self.entry = entry
    self.offset = offset
    self.end = end ?? entry.size
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func open() throws(ObjectStoreError) {
    guard descriptor < 0 else { return }
    descriptor = Glibc.open("/\(entry.key)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(entry.key, errno) }
    try checkVersion()
  }

  func next() throws -> [UInt8]? {
    try Task.checkCancellation()
    try open()
    guard offset < end else {
      // What was read is one version only when it still is one at the end.
      try checkVersion()
      return nil
    }
    let most = Int(min(end - offset, 1 << 18))
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      let read = pread(descriptor, buffer.baseAddress, most, Int(offset))
      failure = read < 0 ? errno : 0
      count = max(0, read)
    }
    guard failure == 0 else { throw ObjectStoreError.file(entry.key, failure) }
    guard !bytes.isEmpty else { throw ObjectStoreError.changed("/\(entry.key)") }
    offset += Int64(bytes.count)
    return bytes
  }

  private func checkVersion() throws(ObjectStoreError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .file(entry.key, errno) }
    guard entry.etag == nil || FileVersion.tag(status) == entry.etag, Int64(status.st_size) == entry.size else {
      throw .changed("/\(entry.key)")
    }
  }
}

enum FileVersion {
  static func tag(_ status: stat) -> String {
    "\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)-\(status.st_ino)"
  }
}

extension ObjectStoreError {
  /// - Parameter number: the system's.
  static func file(_ key: String, _ number: Int32, isFolder: Bool = false) -> ObjectStoreError {
    let what = isFolder ? "The folder /\(key)" : "/\(key)"
    return switch number {
    case ENOENT, ENOTDIR:
      isFolder
        ? ObjectStoreError(.noSuchBucket, "There is no folder /\(key).", hint: "Check the path, and that it is on the machine that runs Hedgerow.")
        : ObjectStoreError(.noSuchObject, "/\(key) is not there any more.", hint: "It was deleted since it was listed.")
    case EACCES, EPERM:
      ObjectStoreError(isFolder ? .mayNotList : .mayNotRead, "\(what) may not be read.", hint: "Give the user that runs Hedgerow the right to read it.")
    default:
      ObjectStoreError(.refused(code: "E\(number)"), "\(what) cannot be read: \(String(cString: strerror(number))).", hint: "Check the disk.")
    }
  }
}
