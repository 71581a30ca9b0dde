/// The answer to a request: its head, and the body as it arrives.
public struct HTTPResponse: Sendable {
  public var status: Int
  /// In the order in which they came.
  public var headers: [(name: String, value: String)]
  public var body: any HTTPBody

  public init(status: Int, headers: [(name: String, value: String)], body: any HTTPBody) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header with this name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// A body that is received only as fast as it is asked for.
public protocol HTTPBody: Sendable {
  /// The next bytes, never empty; nil at the end. Throws `HTTPError` when the rest does not come.
  func next() async throws -> [UInt8]?
}
