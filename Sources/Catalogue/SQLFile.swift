import SQLFiles

/// A file of `sql/`, as it was when the binary was built.
struct SQLFile: Sendable {
  /// Below `sql/`, such as `migrations/0001_catalogue.sql`.
  var path: String
  var text: String

  /// All of them, in the order in which they are run.
  static let all: [SQLFile] = (0..<hedgerow_sql_file_count).map { index in
    let file = hedgerow_sql_files_first()[Int(index)]
    let bytes = UnsafeRawBufferPointer(start: file.text, count: file.length)
    return SQLFile(path: String(cString: file.path), text: String(decoding: bytes, as: UTF8.self))
  }

  static let migrations = all.filter { $0.path.hasPrefix("migrations/") }
  /// Hedgerow's own functions, views and rights: replaced whole.
  static let catalogue = all.filter { !$0.path.hasPrefix("migrations/") && !$0.path.hasPrefix("hogql/") }
  /// The functions that translated HogQL calls, and last the rights on them: replaced whole.
  static let queries = all.filter { $0.path.hasPrefix("hogql/") }

  /// The migration's number, from the first four digits of its name.
  var version: Int { Int(path.dropFirst("migrations/".count).prefix(4)) ?? 0 }

  /// Changes when any of the files does (FNV-1a, 64 bits).
  static func digest(of files: [SQLFile]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for file in files {
      for byte in file.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    return String(hash, radix: 16)
  }
}
