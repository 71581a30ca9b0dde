import Glibc

/// A value that a user gave for a field: itself, or where to read it (`env:VAR`, `file:PATH`).
public enum SecretReference: Sendable, Equatable {
  case value(String)
  case environment(String)
  case file(String)

  public init(_ text: String) {
    if text.hasPrefix("env:") {
      self = .environment(String(text.dropFirst(4)))
    } else if text.hasPrefix("file:"), !text.hasPrefix("file://") {
      self = .file(String(text.dropFirst(5)))
    } else {
      self = .value(text)
    }
  }

  /// The value itself; a file's last line end is cut.
  public func resolve() throws(SecretError) -> String {
    switch self {
    case .value(let text): return text
    case .environment(let name):
      guard let value = getenv(name) else { throw .missing(reference: "The environment variable \(name)") }
      return String(cString: value)
    case .file(let path):
      guard let text = try SecretKeyFile.read(path) else { throw .unreadable(path: path, reason: "no such file") }
      return text
    }
  }
}
