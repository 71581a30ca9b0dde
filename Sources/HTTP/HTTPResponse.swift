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

/// A body that is received only as fast as it is asked for. One task reads it. When nobody holds it any more, what
/// is left of it is not received.
public protocol HTTPBody: Sendable {
  /// The next bytes, never empty; nil at the end. Throws `HTTPError` when the rest does not come, and
  /// `CancellationError` when the task was cancelled.
  func next() async throws -> [UInt8]?
}

extension HTTPBody {
  /// All of the rest, when it is no longer than that.
  ///
  /// - Throws: `HTTPError` of kind `.tooLong` beyond the limit, and what `next()` throws.
  public func collect(upTo limit: Int) async throws -> [UInt8] {
    var whole: [UInt8] = []
    while let bytes = try await next() {
      guard whole.count + bytes.count <= limit else { throw HTTPError.tooLong(limit: limit) }
      if whole.isEmpty { whole = bytes } else { whole += bytes }
    }
    return whole
  }

  /// Reads a short rest away, so that the connection can serve again; leaves a long one.
  public func discard(upTo limit: Int = 65_536) async {
    var count = 0
    while count < limit, let bytes = try? await next() { count += bytes.count }
  }
}

/// A body that is already there.
public struct HTTPBytes: HTTPBody {
  private let rest: OneTime

  public init(_ bytes: [UInt8]) { rest = OneTime(bytes) }

  public func next() async -> [UInt8]? { rest.take() }
}
