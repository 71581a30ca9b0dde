import Glibc

/// How this process is named where people see who works on what.
enum Worker {
  /// Such as `host:1234`.
  static var name: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return "\(host):\(getpid())"
  }
}
