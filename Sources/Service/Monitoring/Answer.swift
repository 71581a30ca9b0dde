/// What a request asks for: its method and path. Pure.
struct RequestHead: Equatable {
  var method: String
  /// Without the query.
  var path: String

  /// Reads the first line; nil for what is no HTTP/1 request.
  init?(_ text: String) {
    guard let line = text.split(separator: "\r\n", maxSplits: 1, omittingEmptySubsequences: false).first else { return nil }
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/") else { return nil }
    method = String(words[0])
    path = String(words[1].prefix { $0 != "?" })
  }
}

/// What is answered to a request.
public struct Answer: Sendable, Equatable {
  public var status: Int
  public var contentType: String
  public var body: String

  public init(_ status: Int, _ body: String, contentType: String = "text/plain; charset=utf-8") {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// - Parameter isHead: whether the body is only announced.
  func bytes(isHead: Bool) -> [UInt8] {
    let body = Array(body.utf8)
    var head = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Unknown")\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
    head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
    if status == 405 { head += "Allow: GET, HEAD\r\n" }
    return Array((head + "\r\n").utf8) + (isHead ? [] : body)
  }

  private static let reasons = [
    200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 431: "Request Header Fields Too Large",
    503: "Service Unavailable",
  ]
}
