/// A request that arrived at a `TestHTTPServer`, whole.
public struct TestHTTPRequest: Sendable {
  public var method: String
  /// As it stood in the request's first line, percent-encoded: path and query.
  public var target: String
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// Which of the server's connections it came on; 1 is the first.
  public var connection: Int
  /// Which of the server's requests it is; 1 is the first.
  public var number: Int

  /// Percent-encoded, without the query.
  public var path: String { String(target.prefix { $0 != "?" }) }

  /// After the `?`, percent-encoded; empty where there is none.
  public var queryText: String {
    target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) } ?? ""
  }

  /// In their order, names and values decoded (`+` is a blank).
  public var query: [(name: String, value: String)] {
    queryText.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (Self.decode(parts[0]), parts.count > 1 ? Self.decode(parts[1]) : "")
    }
  }

  /// The first value of a query's parameter.
  public func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// The first header with this name, whatever its case.
  public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

  public var text: String { String(decoding: body, as: UTF8.self) }

  /// - Parameter plus: whether `+` is a blank, as in a query.
  public static func decode(_ text: some StringProtocol, plus: Bool = true) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(plus && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What a `TestHTTPServer` answers, and how it goes wrong.
public struct TestHTTPAnswer: Sendable {
  public enum Framing: Sendable, Equatable {
    /// With `Content-Length`; needs a body whose length is known.
    case length
    /// In chunks, one for each piece of the body.
    case chunked
    /// Until the connection ends.
    case untilClose
  }

  public enum Fault: Sendable, Equatable {
    /// Waits before the first byte of the answer.
    case silenceBeforeHead(Duration)
    /// Waits once, after so many bytes of the body.
    case silence(afterBytes: Int, Duration)
    /// So many bytes of the body at a time, with a pause after each.
    case trickle(bytes: Int, pause: Duration)
    /// Resets the connection after so many bytes of the body, the head sent.
    case reset(afterBytes: Int)
    /// Ends the connection in order after so many bytes of the body: fewer than were promised.
    case close(afterBytes: Int)
    /// Resets the connection before any answer.
    case resetBeforeHead
    /// Sends this in the place of an answer, and ends the connection.
    case raw([UInt8])
  }

  public var status: Int
  public var headers: [(name: String, value: String)]
  public var framing: Framing
  public var faults: [Fault]
  /// Ends the connection, in order, after this answer.
  public var closes = false
  var length: Int?
  /// The body's pieces, asked for as the other side takes them; runs on the connection's own thread and may wait.
  var pieces: @Sendable () -> [UInt8]?

  public init(
    _ status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    framing: Framing = .length, faults: [Fault] = []
  ) {
    self.status = status
    self.headers = headers
    self.framing = framing
    self.faults = faults
    length = body.count
    pieces = Pieces(body).next
  }

  public init(
    _ status: Int = 200, headers: [(name: String, value: String)] = [], text: String, framing: Framing = .length,
    faults: [Fault] = []
  ) {
    self.init(status, headers: headers, body: Array(text.utf8), framing: framing, faults: faults)
  }

  /// A body of any length that is made while it is sent.
  ///
  /// - Parameter pieces: the next bytes; nil at the end.
  public init(
    _ status: Int = 200, headers: [(name: String, value: String)] = [], streaming pieces: @escaping @Sendable () -> [UInt8]?
  ) {
    self.status = status
    self.headers = headers
    framing = .chunked
    faults = []
    self.pieces = pieces
  }

  /// JSON with its header.
  public static func json(_ text: String, _ status: Int = 200) -> TestHTTPAnswer {
    TestHTTPAnswer(status, headers: [("Content-Type", "application/json")], text: text)
  }

  public static func redirect(to location: String, _ status: Int = 302) -> TestHTTPAnswer {
    TestHTTPAnswer(status, headers: [("Location", location)], text: "moved")
  }
}
