import Glibc
import LocalPostgres

/// One HTTP request to 127.0.0.1, without any library: what goes over the wire is what the test says.
public enum PlainHTTP {
  public struct Response: Sendable {
    public var status: Int
    public var head: String
    public var body: String
  }

  public static func get(_ port: Int, _ path: String, method: String = "GET") async throws -> Response {
    try await send(port, "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
  }

  /// - Throws: when nobody answers within 20 s.
  public static func send(_ port: Int, _ request: String) async throws -> Response {
    try await onOwnThread { Result { try exchange(port, request) } }.get()
  }

  private static func exchange(_ port: Int, _ request: String) throws -> Response {
    guard let socket = Sockets.connect("127.0.0.1", port) else { throw TestFailure("nobody listens at port \(port)") }
    defer { close(socket) }
    var sent = Array(request.utf8)[...]
    var answer: [UInt8] = []
    let isWhole = waitUntil(timeout: .seconds(20)) {
      if !sent.isEmpty {
        let count = sent.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
        sent = sent.dropFirst(max(0, count))
      }
      var piece = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = read(socket, &piece, piece.count)
        if count == 0 { return true }
        if count < 0 { return errno != EAGAIN && errno != ENOTCONN && errno != EINPROGRESS }
        answer += piece.prefix(count)
      }
    }
    let text = String(decoding: answer, as: UTF8.self)
    guard isWhole, let end = text.firstRange(of: "\r\n\r\n"), let status = Int(text.dropFirst(9).prefix(3)) else {
      throw TestFailure("port \(port) gave no HTTP answer but: \(text)")
    }
    return Response(status: status, head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
  }
}

