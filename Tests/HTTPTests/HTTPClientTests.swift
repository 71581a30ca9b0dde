import HTTP
import Testing
import TestSupport

@Suite struct HTTPClientTests {
  @Test func `a request arrives as it was written, and its answer too`() async throws {
    let server = try TestHTTPServer { request in
      TestHTTPAnswer(201, headers: [("X-One", "a"), ("x-one", " b ")], text: "\(request.method) \(request.text)")
    }
    let request = HTTPRequest(
      "PATCH", "\(server.url)/a//b/../c%20d?x=1&y=%2F#part", headers: [("X-Empty", ""), ("X-Two", "größe")],
      body: Array("body".utf8))
    let response = try await localClient().send(request)
    #expect(response.status == 201)
    #expect(response.headers.filter { $0.name.lowercased() == "x-one" }.map(\.value) == ["a", "b"])
    #expect(try await response.text() == "PATCH body")
    let arrived = try #require(server.requests.first)
    #expect(arrived.target == "/a//b/../c%20d?x=1&y=%2F")
    #expect(arrived.header("X-Empty") == "")
    #expect(arrived.header("X-Two") == "größe")
    #expect(arrived.header("Content-Length") == "4")
    #expect(arrived.header("Expect") == nil)
    #expect(arrived.header("Content-Type") == nil)
    #expect(arrived.header("Accept-Encoding") == nil)
    #expect(arrived.header("User-Agent") == "hedgerow")
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS"])
  func `a method without a body sends none`(method: String) async throws {
    let server = try TestHTTPServer { TestHTTPAnswer(text: "\($0.method) \($0.body.count)") }
    let response = try await localClient().send(HTTPRequest(method, server.url))
    #expect(try await response.text() == "\(method) 0")
  }

  @Test func `HEAD has headers and no body`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(headers: [("ETag", "\"x\"")], text: "not sent") }
    let response = try await localClient().send(HTTPRequest("HEAD", server.url))
    #expect(response.header("etag") == "\"x\"")
    #expect(response.header("Content-Length") == "8")
    #expect(try await response.body.next() == nil)
  }

  @Test(arguments: [TestHTTPAnswer.Framing.length, .chunked, .untilClose])
  func `a large body comes whole, however it is framed`(framing: TestHTTPAnswer.Framing) async throws {
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let server = try TestHTTPServer { _ in TestHTTPAnswer(body: body, framing: framing) }
    let client = try localClient()
    let response = try await client.send(HTTPRequest("GET", server.url))
    let isWhole = try await response.body.collect(upTo: 4_000_000) == body
    #expect(isWhole)
    #expect(client.counters.bytesReceived == body.count)
  }

  @Test func `one connection serves many requests`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(text: "ok") }
    let client = try localClient()
    for _ in 0..<20 { #expect(try await client.send(HTTPRequest("GET", server.url)).text() == "ok") }
    #expect(server.acceptedConnections == 1)
    #expect(client.counters.requests == 20)
    #expect(client.counters.connections == 1)
    #expect(client.counters.bytesReceived == 40)
  }

  @Test func `many requests run at once`() async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "ok", faults: [.silenceBeforeHead(.milliseconds(300))])
    }
    let client = try localClient()
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<40 { group.addTask { try await client.send(HTTPRequest("GET", server.url)).text() } }
      for try await text in group { #expect(text == "ok") }
    }
    #expect(ContinuousClock.now - start < .seconds(9), "40 waits of 0.3 s in turn take 12 s")
  }

  @Test func `a slow reader holds back the sender`() async throws {
    let piece = [UInt8](repeating: 7, count: 65_536)
    let left = Countdown(1600)
    let server = try TestHTTPServer { _ in TestHTTPAnswer(streaming: { left.take() ? piece : nil }) }
    let client = try localClient { $0.bodyBuffer = 1 << 20 }
    let response = try await client.send(HTTPRequest("GET", server.url))
    // The system's own buffers on both sides hold some MB; what is left is bounded by ours.
    try await Task.sleep(for: .milliseconds(500))
    let before = server.bytesSent
    try await Task.sleep(for: .milliseconds(300))
    #expect(server.bytesSent == before)
    #expect(before < 24 << 20)
    var count = 0
    while let bytes = try await response.body.next() {
      #expect(bytes.count <= 1 << 20)
      count += bytes.count
    }
    #expect(count == 1600 * 65_536)
  }

  @Test func `a body that nobody holds any more ends its connection`() async throws {
    let piece = [UInt8](repeating: 7, count: 65_536)
    let server = try TestHTTPServer { _ in TestHTTPAnswer(streaming: { piece }) }
    let client = try localClient()
    do {
      let response = try await client.send(HTTPRequest("GET", server.url))
      #expect(try await response.body.next() != nil)
    }
    #expect(await server.waitFor { $0.openConnections == 0 })
    #expect(client.counters.requests == 1)
  }

  @Test func `a body can be read when the client is let go of`() async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "slowly", faults: [.silence(afterBytes: 3, .milliseconds(200))])
    }
    let response = try await localClient().send(HTTPRequest("GET", server.url))
    #expect(try await response.text() == "slowly")
  }

  @Test func `cancelling the task ends the request and the connection`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(faults: [.silenceBeforeHead(.seconds(60))]) }
    let client = try localClient()
    let task = Task { try await client.send(HTTPRequest("GET", server.url)).status }
    #expect(await server.waitFor { $0.requests.count == 1 })
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `cancelling the task ends the reading of a body`() async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "half and half", faults: [.silence(afterBytes: 4, .seconds(60))])
    }
    let response = try await localClient().send(HTTPRequest("GET", server.url))
    #expect(try await response.body.next() == Array("half".utf8))
    let task = Task { try await response.body.next() }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `closing the client ends what is under way and refuses the rest`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(faults: [.silenceBeforeHead(.seconds(60))]) }
    let client = try localClient()
    let task = Task { await failure { _ = try await client.send(HTTPRequest("GET", server.url)) } }
    #expect(await server.waitFor { $0.requests.count == 1 })
    client.close()
    client.close()
    #expect(await task.value?.kind == .closed)
    #expect(await failure { _ = try await client.send(HTTPRequest("GET", server.url)) }?.kind == .closed)
  }

  @Test func `a longer body than accepted is refused`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(text: "12345678901") }
    let response = try await localClient().send(HTTPRequest("GET", server.url))
    #expect(await failure { _ = try await response.body.collect(upTo: 10) }?.kind == .tooLong)
  }

  @Test func `an answer is unpacked when asked for`() async throws {
    // "unpacked\n" by gzip.
    let packed: [UInt8] = [
      0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0x2b, 0xcd, 0x2b, 0x48, 0x4c, 0xce, 0x4e, 0x4d, 0xe1, 0x02, 0x00,
      0x80, 0x1f, 0x71, 0x2b, 0x09, 0x00, 0x00, 0x00,
    ]
    let server = try TestHTTPServer { _ in TestHTTPAnswer(headers: [("Content-Encoding", "gzip")], body: packed) }
    var request = HTTPRequest("GET", server.url)
    #expect(try await localClient().send(request).body.collect(upTo: 100) == packed)
    request.unpacksBody = true
    #expect(try await localClient().send(request).text() == "unpacked\n")
    #expect(server.requests.last?.header("Accept-Encoding")?.contains("gzip") == true)
  }

  @Test(arguments: [
    HTTPRequest("GET", "ftp://example.com/x"), HTTPRequest("GET", "example.com/x"), HTTPRequest("GET", ""),
    HTTPRequest("GET", "http://user:s3cr3t@example.com/"), HTTPRequest("GET", "http://example.com/a b"),
    HTTPRequest("GE T", "http://example.com/"), HTTPRequest("GET", "http://example.com/", headers: [("A", "b\r\nC: d")]),
    HTTPRequest("GET", "http://example.com/", headers: [("A:", "b")]), HTTPRequest("GET", "file:///etc/passwd"),
  ])
  func `what cannot be sent is refused before it is`(request: HTTPRequest) async throws {
    let found = await failure { _ = try await localClient().send(request) }
    #expect(found?.kind == .badRequest)
    #expect(found?.description.contains("s3cr3t") == false)
  }
}
