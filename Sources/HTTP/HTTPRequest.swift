/// One request, as it is sent: everything in it is already encoded.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Absolute, `http` or `https`, percent-encoded.
  public var url: String
  /// In the order in which they are sent; a name may occur twice.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]?
  /// Whether an answer that points elsewhere is followed; if not, it is the answer. A signed request must not be
  /// followed: its signature holds for one address.
  public var followsRedirects = true
  /// Whether a body may come compressed (gzip, brotli, zstd) and is then unpacked on its way. Sizes and ranges are
  /// those of the unpacked body; leave it off for files.
  public var unpacksBody = false
  /// Within which the whole answer must be there, redirects included and the time in which nobody reads too. Nil:
  /// however long it takes, as long as bytes flow.
  public var deadline: Duration?
  /// Whether it may be sent twice without harm. Nil: by its method (GET, HEAD, OPTIONS, TRACE, PUT and DELETE may).
  public var mayRepeat: Bool?

  public init(
    _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// The first header with this name, whatever its case.
  public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

  /// Whether it may be sent again when it is not known what became of it.
  public var isRepeatable: Bool {
    mayRepeat ?? ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
  }
}

/// Shows method and host only: addresses and headers hold keys and signatures.
extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(method) \((try? WebAddress(url))?.host ?? "<address>")" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
