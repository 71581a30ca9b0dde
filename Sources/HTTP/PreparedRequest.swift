/// A request that was checked and knows its way: what a transfer sends.
struct PreparedRequest: Sendable {
  let address: WebAddress
  let method: String
  /// Whole lines, as libcurl takes them.
  let headerLines: [String]
  let body: [UInt8]?
  let unpacksBody: Bool
  /// Nil: direct.
  let proxy: String?
  let deadline: ContinuousClock.Instant?

  /// - Throws: `HTTPError` of kind `.badRequest` or `.forbiddenAddress`.
  init(_ request: HTTPRequest, _ options: HTTPOptions, deadline: ContinuousClock.Instant?) throws(HTTPError) {
    address = try WebAddress(request.url)
    guard !request.method.isEmpty, request.method.utf8.allSatisfy(Self.isToken) else {
      throw .badRequest("A request's method is no word.")
    }
    method = request.method
    headerLines = try Self.lines(request, options, address)
    body = request.body
    unpacksBody = request.unpacksBody
    proxy = options.proxies.proxy(for: address)
    self.deadline = deadline
    if proxy != nil { try Self.judge(address, options.allowedHosts) }
  }

  private static func lines(
    _ request: HTTPRequest, _ options: HTTPOptions, _ address: WebAddress
  ) throws(HTTPError) -> [String] {
    // No wait for "100 Continue", and none of libcurl's own choices where the caller made none.
    var lines = ["Expect:"]
    if request.header("Accept") == nil { lines.append("Accept: */*") }
    if request.header("User-Agent") == nil { lines.append("User-Agent: \(options.userAgent)") }
    if request.header("Content-Type") == nil { lines.append("Content-Type:") }
    for (name, value) in request.headers {
      guard !name.isEmpty, name.utf8.allSatisfy(isToken), !value.utf8.contains(where: { [0, 10, 13].contains($0) })
      else {
        throw .badRequest("A header for \(address.place) holds a line break, or a name that is none.")
      }
      lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    return lines
  }

  /// Behind a proxy only an address that is written out can be judged.
  private static func judge(_ address: WebAddress, _ allowed: AllowedHosts) throws(HTTPError) {
    let isLocal = address.host == "localhost" || address.host.hasSuffix(".localhost")
    guard let target = isLocal ? IPAddress(bytes: [127, 0, 0, 1]) : IPAddress(address.host) else { return }
    guard let meaning = AddressRules.objection(to: target),
      !allowed.allows(address.host, port: address.port, at: target)
    else { return }
    throw .forbidden(address, "\(target)", meaning)
  }

  /// RFC 9110, 5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
