import HTTP
import Testing
import TestSupport

@Suite struct HTTPFailureTests {
  @Test func `nobody listens`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer() }
    let url = server.url
    server.close()
    #expect(await server.waitFor { $0.openConnections == 0 })
    let found = try await eventually(.refused) { _ = try await localClient().send(HTTPRequest("GET", "\(url)/?token=s3cr3t")) }
    #expect(found.host == "127.0.0.1:\(server.port)")
    #expect(found.message == "127.0.0.1:\(server.port) refused the connection.")
    #expect(found.isTransient)
  }

  @Test func `no such name`() async throws {
    let found = await failure { _ = try await localClient().send(HTTPRequest("GET", "http://nowhere.invalid/?token=s3cr3t")) }
    #expect(found?.kind == .nameNotFound)
    #expect(found?.message == "The name nowhere.invalid could not be found.")
  }

  @Test func `no answer begins`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(faults: [.silenceBeforeHead(.seconds(60))]) }
    let client = try localClient { $0.firstByteTimeout = .milliseconds(300) }
    #expect(await failure { _ = try await client.send(HTTPRequest("GET", server.url)) }?.kind == .firstByteTimeout)
  }

  @Test func `a body stops`() async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "half and half", faults: [.silence(afterBytes: 4, .seconds(60))])
    }
    let client = try localClient { $0.stallTimeout = .milliseconds(300) }
    let response = try await client.send(HTTPRequest("GET", server.url))
    #expect(try await response.body.next() == Array("half".utf8))
    #expect(await failure { _ = try await response.body.next() }?.kind == .stalled)
  }

  @Test func `a body that flows slowly is not late`() async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "0123456789", faults: [.trickle(bytes: 1, pause: .milliseconds(100))])
    }
    let client = try localClient { $0.stallTimeout = .milliseconds(800) }
    #expect(try await client.send(HTTPRequest("GET", server.url)).text() == "0123456789")
  }

  @Test func `a reader that pauses for longer than the stall limit loses nothing`() async throws {
    let body = [UInt8](repeating: 9, count: 8 << 20)
    let server = try TestHTTPServer { _ in TestHTTPAnswer(body: body) }
    let client = try localClient {
      $0.stallTimeout = .milliseconds(300)
      $0.bodyBuffer = 65_536
    }
    let response = try await client.send(HTTPRequest("GET", server.url))
    try await Task.sleep(for: .milliseconds(900))
    let isWhole = try await response.body.collect(upTo: body.count) == body
    #expect(isWhole)
  }

  @Test func `a deadline holds for the whole answer`() async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "0123456789", faults: [.trickle(bytes: 1, pause: .milliseconds(400))])
    }
    var request = HTTPRequest("GET", server.url)
    request.deadline = .milliseconds(700)
    #expect(await failure { _ = try await localClient().send(request).text() }?.kind == .deadline)
  }

  @Test func `the connection is reset before the answer`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(faults: [.resetBeforeHead]) }
    #expect(await failure { _ = try await localClient().send(HTTPRequest("GET", server.url)) }?.kind == .reset)
  }

  @Test(arguments: [
    (TestHTTPAnswer.Framing.length, TestHTTPAnswer.Fault.close(afterBytes: 5)), (.length, .reset(afterBytes: 5)),
    (.chunked, .close(afterBytes: 5)), (.chunked, .reset(afterBytes: 5)),
  ])
  func `a body that breaks off is an error, after what came of it`(
    framing: TestHTTPAnswer.Framing, fault: TestHTTPAnswer.Fault
  ) async throws {
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(text: "0123456789", framing: framing, faults: [.silence(afterBytes: 5, .milliseconds(300)), fault])
    }
    let response = try await localClient().send(HTTPRequest("GET", server.url))
    #expect(try await response.body.next() == Array("01234".utf8))
    let found = await failure { _ = try await response.body.next() }
    #expect(found?.kind == .cut)
    #expect(found?.message == "The answer of 127.0.0.1:\(server.port) broke off before its end.")
  }

  @Test func `what is not HTTP is told`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(faults: [.raw(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))]) }
    #expect(await failure { _ = try await localClient().send(HTTPRequest("GET", server.url)) }?.kind == .malformed)
  }

  @Test func `plain HTTP on an https address is told`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer() }
    let found = await failure { _ = try await localClient().send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")) }
    #expect(found?.kind == .tls)
  }

  /// The accepting thread takes a moment to let go of its socket; until then a connection may be reset.
  private func eventually(_ kind: HTTPError.Kind, _ body: () async throws -> Void) async throws -> HTTPError {
    for _ in 0..<100 {
      if let found = await failure(of: body), found.kind == kind { return found }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw TestFailure("it never ended with \(kind)")
  }
}
