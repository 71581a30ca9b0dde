import Glibc

/// Where the service listens: a number on this machine's loopback. Pure.
public struct ListenAddress: Sendable, Equatable {
  public enum Refusal: Error, Sendable, Equatable {
    /// No text of the form `127.0.0.1:8080`.
    case unreadable
    /// Others could reach it.
    case notLoopback(String)
  }

  public var port: UInt16

  /// - Parameter text: `127.0.0.1:8080`, `localhost:8080`, `:8080` or `8080`; port 0 is any that is free.
  public init(_ text: String) throws(Refusal) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let last = parts.last, let port = UInt16(last), last.allSatisfy({ $0.isASCII }) else { throw .unreadable }
    let host = parts.dropLast().joined(separator: ":")
    guard ["", "127.0.0.1", "localhost"].contains(host) else { throw .notLoopback(host) }
    self.port = port
  }
}
