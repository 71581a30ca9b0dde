import Testing

@testable import Service

/// What those who watch the service get, without a server.
@Suite struct MonitoringTests {
  @Test func `metrics have the form that Prometheus reads, whatever is in a name`() {
    var out = MetricsText()
    out.begin("rows", .gauge, "Back\\slash, \"quotes\"\nand a line.")
    out.add("rows", [("schema", "a\"b\\c\nd"), ("source", "größe")], 12)
    out.add("rows", [], 0.5)
    out.put("big", .counter, "Big.", 1e18)
    #expect(
      out.text == """
        # HELP rows Back\\\\slash, "quotes"\\nand a line.
        # TYPE rows gauge
        rows{schema="a\\"b\\\\c\\nd",source="größe"} 12
        rows 0.5
        # HELP big Big.
        # TYPE big counter
        big 1e+18

        """)
  }

  @Test(arguments: [("127.0.0.1:8080", 8080), ("localhost:1", 1), (":9", 9), ("8080", 8080), ("127.0.0.1:0", 0)] as [(String, UInt16)])
  func `an address on loopback is taken`(text: String, port: UInt16) throws {
    #expect(try ListenAddress(text).port == port)
  }

  @Test(arguments: ["0.0.0.0:8080", "192.168.0.7:80", "[::]:80", "::1:80", "example.org:80", "127.0.0.1.example.org:80", "*:80"])
  func `an address that others can reach is refused, and any that is not surely loopback`(text: String) {
    #expect { try ListenAddress(text) } throws: { error in
      if case ListenAddress.Refusal.notLoopback = error { true } else { false }
    }
  }

  @Test(arguments: ["", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:8o8o", "127.0.0.1:٣"])
  func `what is no address is refused`(text: String) {
    #expect(throws: ListenAddress.Refusal.unreadable) { try ListenAddress(text) }
  }

  @Test func `a request is read by its first line, and what is none is not`() {
    #expect(RequestHead("GET /metrics?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")?.path == "/metrics")
    #expect(RequestHead("HEAD / HTTP/1.0\r\n\r\n")?.method == "HEAD")
    for text in ["", "\r\n", "GET", "GET /", "GET / HTTP/2.0\r\n", "GET  / HTTP/1.1\r\n", "GET http://x/ HTTP/1.1\r\n", "GET / HTTP/1.1 x\r\n"] {
      #expect(RequestHead(text) == nil, "\(text)")
    }
  }

  @Test func `an answer says its length in bytes, and a HEAD has only that`() {
    let answer = Answer(200, "größe\n")
    let whole = String(decoding: answer.bytes(isHead: false), as: UTF8.self)
    #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\n") && whole.contains("Content-Length: 8\r\n") && whole.hasSuffix("\r\n\r\ngröße\n"))
    #expect(String(decoding: answer.bytes(isHead: true), as: UTF8.self) == String(whole.dropLast(6)))
  }

  @Test func `this process has memory, time and a clock`() throws {
    #expect(try #require(ProcessFigures.residentBytes) > 1_000_000)
    #expect(ProcessFigures.cpuSeconds > 0)
    #expect(ProcessFigures.now > 1.7e9)
  }
}
