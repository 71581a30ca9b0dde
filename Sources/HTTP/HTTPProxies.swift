import Glibc

/// The proxies that requests go through.
///
/// A proxy resolves the names, so the address that a request ends at cannot be seen from here. The proxy itself was
/// chosen by whoever runs Hedgerow and may stand anywhere. A request whose host *is* an address, or `localhost`, is
/// judged before it is handed to a proxy; for every other name the proxy's own rules have to hold.
public struct HTTPProxies: Sendable, Hashable {
  /// For `http` addresses; nil: direct.
  public var http: String?
  /// For `https` addresses; nil: direct.
  public var https: String?
  /// Names (with all below them), addresses and networks that are reached directly; `*` is everything.
  public var bypass: [String] = []

  public init(http: String? = nil, https: String? = nil, bypass: [String] = []) {
    self.http = http
    self.https = https
    self.bypass = bypass
  }

  public static let none = HTTPProxies()

  /// What the environment says: `http_proxy` (in lower case only, since a web server may set the other from a
  /// header), `https_proxy`, `all_proxy` and `no_proxy`, these also in upper case.
  public static func fromEnvironment(_ variable: (String) -> String? = environmentVariable) -> HTTPProxies {
    func either(_ name: String) -> String? { variable(name) ?? variable(name.uppercased()) }
    let all = either("all_proxy")
    let bypass = (either("no_proxy") ?? "").split { $0 == "," || $0 == " " }.map { $0.lowercased() }
    return HTTPProxies(http: variable("http_proxy") ?? all, https: either("https_proxy") ?? all, bypass: bypass)
  }

  /// The variable's value; nil when it is not set, or empty.
  public static func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// The proxy for an address; nil: direct.
  func proxy(for address: WebAddress) -> String? {
    guard let proxy = address.scheme == "https" ? https : http, !proxy.isEmpty else { return nil }
    return bypass.contains { matches($0, address) } ? nil : proxy
  }

  private func matches(_ entry: String, _ address: WebAddress) -> Bool {
    if entry == "*" { return true }
    if let network = IPNetwork(entry) { return IPAddress(address.host).map(network.contains) ?? false }
    var name = Substring(entry)
    if let colon = name.lastIndex(of: ":"), let port = Int(name[name.index(after: colon)...]) {
      guard port == address.port else { return false }
      name = name[..<colon]
    }
    if name.hasPrefix("*") { name = name.dropFirst() }
    if name.hasPrefix(".") { name = name.dropFirst() }
    return !name.isEmpty && (address.host == name || address.host.hasSuffix(".\(name)"))
  }
}
