import Blocking
import Glibc

/// Walks the files below a prefix in the order of their paths, page by page.
actor FolderWalk {
  private let executor = ThreadExecutor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// A folder on the way to where the walk stands: its names that are still to come, last first.
  private struct Level {
    let path: String
    let identity: [UInt64]
    var rest: [Name]
  }

  private struct Name {
    let text: String
    let status: stat
    var isFolder: Bool { status.st_mode & S_IFMT == S_IFDIR }
  }

  private let prefix: String
  private var levels: [Level]?

  /// - Parameter prefix: of keys; what stands before its last slash is a folder.
  init(prefix: String) { self.prefix = prefix }

  /// - Returns: the next files, as many as asked for or fewer at the end; nil after it.
  func next(_ count: Int) throws(ObjectStoreError) -> [ObjectEntry]? {
    if levels == nil {
      let folder = prefix.lastIndex(of: "/").map { String(prefix[..<$0]) } ?? ""
      levels = [try level(folder, isRoot: true)].compactMap(\.self)
    }
    var found: [ObjectEntry] = []
    while found.count < count, let last = levels!.indices.last {
      guard let name = levels![last].rest.popLast() else {
        levels!.removeLast()
        continue
      }
      let path = levels![last].path.isEmpty ? name.text : "\(levels![last].path)/\(name.text)"
      if name.isFolder {
        guard mayHold(path) else { continue }
        if let inner = try level(path, isRoot: false) { levels!.append(inner) }
      } else if path.utf8.starts(with: prefix.utf8) {
        let status = name.status
        found.append(
          ObjectEntry(
            key: path, size: Int64(status.st_size), etag: FileVersion.tag(status),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec / 1000)))
      }
    }
    return found.isEmpty ? nil : found
  }

  /// Whether keys in a folder can begin with the prefix.
  private func mayHold(_ folder: String) -> Bool {
    let inside = folder + "/"
    return inside.utf8.starts(with: prefix.utf8) || prefix.utf8.starts(with: inside.utf8)
  }

  /// - Returns: nil for a folder that is gone by now, or that holds itself by a link.
  private func level(_ path: String, isRoot: Bool) throws(ObjectStoreError) -> Level? {
    guard let folder = opendir("/\(path)") else {
      if !isRoot, errno == ENOENT { return nil }
      throw .file(path, errno, isFolder: true)
    }
    defer { closedir(folder) }
    var own = stat()
    fstat(dirfd(folder), &own)
    let identity = [UInt64(own.st_dev), UInt64(own.st_ino)]
    guard levels?.contains(where: { $0.identity == identity }) != true else { return nil }
    var names: [Name] = []
    while let next = readdir(folder) {
      let text = withUnsafePointer(to: &next.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      // A link that leads nowhere, and what is neither file nor folder, is no object.
      guard text != ".", text != "..", fstatat(dirfd(folder), text, &status, 0) == 0 else { continue }
      let kind = status.st_mode & S_IFMT
      guard kind == S_IFDIR || kind == S_IFREG else { continue }
      names.append(Name(text: text, status: status))
    }
    // Last first. A folder sorts by the slash that its keys go on with.
    names.sort { left, right in
      let (a, b) = (left.isFolder ? left.text + "/" : left.text, right.isFolder ? right.text + "/" : right.text)
      return b.utf8.lexicographicallyPrecedes(a.utf8)
    }
    return Level(path: path, identity: identity, rest: names)
  }
}
