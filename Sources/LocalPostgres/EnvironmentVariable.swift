import Glibc

/// A variable of this process's environment.
enum EnvironmentVariable {
  /// Its value; nil when it is unset or empty.
  static func value(of name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
