import HTTP
import TestSupport

/// A client that may connect to this machine's test servers.
func localClient(_ change: (inout HTTPOptions) -> Void = { _ in }) throws -> HTTPClient {
  var options = HTTPOptions()
  options.allowedHosts = try AllowedHosts("127.0.0.1")
  change(&options)
  return HTTPClient(options)
}

extension HTTPResponse {
  /// The whole body as text.
  func text() async throws -> String { String(decoding: try await body.collect(upTo: 1 << 26), as: UTF8.self) }
}

/// The error that something ends with; nil when it ends well, or with another one.
func failure(of body: () async throws -> Void) async -> HTTPError? {
  do {
    try await body()
    return nil
  } catch { return error as? HTTPError }
}
