import CLibcurl

/// An address of the web, taken apart by libcurl's own rules, so that what is checked here is what libcurl connects to.
public struct WebAddress: Sendable, Hashable {
  /// `http` or `https`.
  public let scheme: String
  /// In lower case; an IPv6 address in brackets; never with user or password.
  public let host: String
  public let port: Int
  /// With its leading `/`, percent-encoded as it was given.
  public let path: String
  /// After the `?`, as it was given.
  public let query: String?
  /// The whole address as it was given, or as it was resolved.
  let text: String

  /// - Throws: `HTTPError` of kind `.badRequest` for what is no absolute http(s) address, or holds a user.
  public init(_ text: String) throws(HTTPError) {
    try self.init(text, from: nil)
  }

  /// What a redirect's `Location` means, seen from this address.
  public func resolving(_ location: String) throws(HTTPError) -> WebAddress {
    try WebAddress(location, from: text)
  }

  /// Scheme, host and port: what must stay the same for credentials to be sent along.
  public var origin: String { "\(scheme)://\(host):\(port)" }

  /// For texts: the host, with its port where that is not the scheme's own.
  public var place: String { port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)" }

  private init(_ location: String, from base: String?) throws(HTTPError) {
    guard !location.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else {
      throw .badRequest("An address holds a blank or a control character.")
    }
    guard let handle = curl_url() else { throw .badRequest("libcurl gave no memory for an address.") }
    defer { curl_url_cleanup(handle) }
    if let base { _ = curl_url_set(handle, CURLUPART_URL, base, Self.parsing) }
    guard curl_url_set(handle, CURLUPART_URL, location, Self.parsing) == CURLUE_OK else {
      throw .badRequest("An address is not an http or https URL.")
    }
    func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
      var found: UnsafeMutablePointer<CChar>?
      guard curl_url_get(handle, part, &found, flags) == CURLUE_OK, let found else { return nil }
      defer { curl_free(found) }
      return String(cString: found)
    }
    guard let scheme = part(CURLUPART_SCHEME)?.lowercased(), ["http", "https"].contains(scheme),
      let host = part(CURLUPART_HOST)?.lowercased(), !host.isEmpty,
      let port = part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
    else { throw .badRequest("An address is not an http or https URL.") }
    guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
      throw .badRequest("The address of \(host) holds a user or a password.", hint: "Give credentials as fields of their own.")
    }
    self.scheme = scheme
    self.host = host
    self.port = port
    path = part(CURLUPART_PATH) ?? "/"
    query = part(CURLUPART_QUERY)
    // A fragment is the reader's own and is not sent.
    _ = curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0)
    guard let text = part(CURLUPART_URL) else { throw .badRequest("An address is not an http or https URL.") }
    self.text = text
  }

  private static let parsing = UInt32(CURLU_PATH_AS_IS)
}

/// Shows scheme and host only: paths and queries may hold keys.
extension WebAddress: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(scheme)://\(place)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
