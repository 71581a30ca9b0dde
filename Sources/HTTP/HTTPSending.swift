/// Sends requests: the client on libcurl, a client that tries again, or what a test puts in its place.
public protocol HTTPSending: Sendable {
  /// Returns when the head of the answer is there, whatever its status. Throws `HTTPError` when no answer came, and
  /// `CancellationError` when the task was cancelled.
  func send(_ request: HTTPRequest) async throws -> HTTPResponse
}
