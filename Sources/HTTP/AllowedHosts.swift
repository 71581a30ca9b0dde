/// Hosts and networks beyond the public internet that may be connected to: the value of `HEDGEROW_ALLOW_HOSTS`.
///
/// A list with commas of `minio` (any port), `minio:9000`, `*.internal` (every name below it), `10.1.0.0/16` or
/// `127.0.0.1` (whatever name led there). Names in it are looked up as usual; what they lead to is allowed.
public struct AllowedHosts: Sendable, Hashable {
  private enum Rule: Sendable, Hashable {
    case host(String, port: Int?)
    case below(String)
    case network(IPNetwork)
  }
  private var rules: [Rule] = []

  /// Allows nothing beyond the public internet.
  public init() {}

  /// - Throws: `HTTPError` of kind `.badRequest` for an entry that is none of the forms.
  public init(_ list: String) throws(HTTPError) {
    for part in list.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\n" || $0 == "\t" }) {
      rules.append(try Self.rule(part.lowercased()))
    }
  }

  /// Whether an address may be connected to when a request names this host and port.
  func allows(_ host: String, port: Int, at address: IPAddress) -> Bool {
    let host = host.hasSuffix(".") ? String(host.dropLast()) : host
    return rules.contains { rule in
      switch rule {
      case .host(let name, let only): name == host && (only == nil || only == port)
      case .below(let suffix): host.hasSuffix(suffix)
      case .network(let network): network.contains(address)
      }
    }
  }

  private static func rule(_ text: String) throws(HTTPError) -> Rule {
    if let network = IPNetwork(text) { return .network(network) }
    if text.hasPrefix("*."), text.count > 2, !text.dropFirst().contains("*") { return .below(String(text.dropFirst())) }
    var name = Substring(text)
    var port: Int?
    if let colon = text.lastIndex(of: ":"), text.hasPrefix("[") == text[..<colon].hasSuffix("]") {
      guard let number = Int(text[text.index(after: colon)...]), (1...65535).contains(number) else { throw refusal(text) }
      name = text[..<colon]
      port = number
    }
    guard !name.isEmpty, !name.contains(where: { "*/@?#".contains($0) }) else { throw refusal(text) }
    return .host(String(name), port: port)
  }

  private static func refusal(_ text: String) -> HTTPError {
    .badRequest(
      "The list of allowed hosts has an entry that is none: \(text).",
      hint: "Write host, host:port, *.domain, an address or a network such as 10.0.0.0/8, with commas between them.")
  }
}
