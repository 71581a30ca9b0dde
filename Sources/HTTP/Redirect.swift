/// Where an answer leads, and what of the request may go there.
enum Redirect {
  /// The next request; nil when the answer is not a redirect.
  ///
  /// - Throws: `HTTPError` of kind `.badRedirect`, or `.badRequest` for a `Location` that is no address.
  static func next(
    after status: Int, _ location: String?, _ request: HTTPRequest, _ address: WebAddress
  ) throws(HTTPError) -> HTTPRequest? {
    guard [301, 302, 303, 307, 308].contains(status), let location else { return nil }
    let target = try target(location, from: address)
    var next = request
    next.url = target.text
    // As browsers do, and RFC 9110 allows: a form that was taken is followed by a look at the result.
    if status == 303 && request.method != "HEAD" || status < 303 && request.method == "POST" {
      next.method = "GET"
      next.body = nil
      next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
    }
    guard target.origin != address.origin else { return next }
    guard next.body == nil else {
      throw HTTPError(
        .badRedirect, host: address.place,
        "\(address.place) redirects a \(request.method) to another host, \(target.place), which is not followed.",
        hint: "Check the address; it may have moved.")
    }
    next.headers.removeAll { !harmless.contains($0.name.lowercased()) }
    return next
  }

  private static func target(_ location: String, from address: WebAddress) throws(HTTPError) -> WebAddress {
    let target: WebAddress
    do { target = try address.resolving(location) } catch {
      throw HTTPError(
        .badRedirect, host: address.place, "\(address.place) redirects to what is no http or https address.",
        hint: "Check the address.")
    }
    guard address.scheme == "http" || target.scheme == "https" else {
      throw HTTPError(
        .badRedirect, host: address.place,
        "\(address.place) redirects from https to http (\(target.place)), which is not followed.",
        hint: "Check the address; what is sent there would be readable on its way.")
    }
    return target
  }

  /// What another host may see. Everything else may be a credential: `Authorization`, `Cookie`, a vendor's own.
  private static let harmless: Set<String> = [
    "accept", "accept-encoding", "accept-language", "content-type", "if-match", "if-modified-since", "if-none-match",
    "if-range", "if-unmodified-since", "range", "user-agent",
  ]
}
