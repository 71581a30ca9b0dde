/// Why no answer came, or why its body broke off. Holds no query, user, header or signature.
public struct HTTPError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// The host's name has no address, or the name server did not answer.
    case nameNotFound
    /// Nobody listens there.
    case refused
    /// No way leads there.
    case unreachable
    /// The certificate does not prove that the host is who it should be.
    case untrusted
    /// No encrypted connection could be agreed on.
    case tls
    /// The proxy is not there, or does not let us through.
    case proxy
    /// Not connected in time.
    case connectTimeout
    /// Connected, but no answer began in time.
    case firstByteTimeout
    /// An answer began, and then no byte came for too long.
    case stalled
    /// The request's own deadline passed.
    case deadline
    /// The connection broke before the answer's head was there.
    case reset
    /// The body broke off before its end.
    case cut
    /// What came is not HTTP, or its compression is broken.
    case malformed
    case tooManyRedirects
    /// A redirect from https to http, to another scheme, or one that would carry a body to another host.
    case badRedirect
    /// The address is not one of the public internet, and its host is not allowed by name.
    case forbiddenAddress
    /// A body is longer than its reader accepts.
    case tooLong
    /// The request cannot be sent as it is: its address, method or headers.
    case badRequest
    /// The client was closed.
    case closed
  }

  public var kind: Kind
  /// The host, with its port where that is not the scheme's own; empty where the request's address is no address.
  public var host: String
  /// One sentence: what happened, to which host.
  public var message: String
  /// What to do about it.
  public var hint: String?

  public init(_ kind: Kind, host: String = "", _ message: String, hint: String? = nil) {
    self.kind = kind
    self.host = host
    self.message = message
    self.hint = hint
  }

  /// Whether the same request may get its answer when it is tried again.
  public var isTransient: Bool {
    switch kind {
    case .nameNotFound, .refused, .unreachable, .connectTimeout, .firstByteTimeout, .stalled, .reset, .cut, .proxy, .tls:
      true
    case .untrusted, .deadline, .malformed, .tooManyRedirects, .badRedirect, .forbiddenAddress, .tooLong, .badRequest,
      .closed:
      false
    }
  }

  static func badRequest(_ message: String, hint: String? = nil) -> HTTPError {
    HTTPError(.badRequest, message, hint: hint)
  }

  static func tooLong(limit: Int) -> HTTPError {
    HTTPError(.tooLong, "An answer is longer than the \(limit) bytes that are accepted.")
  }
}

extension HTTPError: CustomStringConvertible {
  public var description: String { hint.map { "\(message) \($0)" } ?? message }
}
