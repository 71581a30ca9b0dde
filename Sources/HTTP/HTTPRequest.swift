/// One request, as it is sent: everything in it is already encoded.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Absolute, `http` or `https`, percent-encoded.
  public var url: String
  /// In the order in which they are sent; a name may occur twice.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]?

  public init(_ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}
