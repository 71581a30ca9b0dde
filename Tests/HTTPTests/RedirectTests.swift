import HTTP
import Testing
import TestSupport

@Suite struct RedirectTests {
  @Test func `a redirect to the same host is followed with all headers`() async throws {
    let server = try TestHTTPServer { $0.path == "/b/c" ? TestHTTPAnswer(text: "here") : .redirect(to: "../b/c?x=1") }
    let response = try await localClient().send(
      HTTPRequest("GET", "\(server.url)/a/d", headers: [("Authorization", "Bearer x")]))
    #expect(try await response.text() == "here")
    #expect(server.requests.last?.target == "/b/c?x=1")
    #expect(server.requests.last?.header("Authorization") == "Bearer x")
    #expect(server.acceptedConnections == 1)
  }

  @Test func `another host sees no credential`() async throws {
    let other = try TestHTTPServer { _ in TestHTTPAnswer(text: "here") }
    let server = try TestHTTPServer { _ in .redirect(to: "\(other.url)/x") }
    let headers = [("Authorization", "Bearer x"), ("Cookie", "a=b"), ("X-Api-Key", "k"), ("Range", "bytes=1-2")]
    let response = try await localClient().send(HTTPRequest("GET", server.url, headers: headers))
    #expect(try await response.text() == "here")
    let seen = try #require(other.requests.first)
    #expect(seen.header("Authorization") == nil)
    #expect(seen.header("Cookie") == nil)
    #expect(seen.header("X-Api-Key") == nil)
    #expect(seen.header("Range") == "bytes=1-2")
  }

  @Test func `a circle ends`() async throws {
    let server = try TestHTTPServer { _ in .redirect(to: "/again") }
    let found = await failure { _ = try await localClient().send(HTTPRequest("GET", server.url)) }
    #expect(found?.kind == .tooManyRedirects)
    #expect(server.requests.count == 6)
  }

  @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
  func `a POST goes on as its status says`(status: Int, method: String) async throws {
    let server = try TestHTTPServer { request in
      request.path == "/end" ? TestHTTPAnswer(text: "\(request.method) \(request.text)") : .redirect(to: "/end", status)
    }
    let response = try await localClient().send(HTTPRequest("POST", server.url, body: Array("form".utf8)))
    #expect(try await response.text() == (method == "GET" ? "GET " : "POST form"))
  }

  @Test func `a body is not carried to another host`() async throws {
    let other = try TestHTTPServer { _ in TestHTTPAnswer() }
    let server = try TestHTTPServer { _ in .redirect(to: other.url, 307) }
    let found = await failure { _ = try await localClient().send(HTTPRequest("POST", server.url, body: [1])) }
    #expect(found?.kind == .badRedirect)
    #expect(other.requests.isEmpty)
  }

  @Test(arguments: ["file:///etc/passwd", "gopher://127.0.0.1/", "http://a b/"])
  func `a redirect to what is not the web is refused`(location: String) async throws {
    let server = try TestHTTPServer { _ in .redirect(to: location) }
    #expect(await failure { _ = try await localClient().send(HTTPRequest("GET", server.url)) }?.kind == .badRedirect)
  }

  @Test func `a redirect is the answer when the caller wants it so`() async throws {
    let server = try TestHTTPServer { _ in .redirect(to: "/x", 307) }
    var request = HTTPRequest("GET", server.url)
    request.followsRedirects = false
    #expect(try await localClient().send(request).status == 307)
  }

  @Test func `a redirect to a forbidden address is refused, also by name`() async throws {
    let other = try TestHTTPServer { _ in TestHTTPAnswer(text: "keys") }
    let server = try TestHTTPServer { _ in .redirect(to: "http://127.0.0.1:\(other.port)/") }
    let client = try localClient { $0.allowedHosts = try! AllowedHosts("localhost:\(server.port)") }
    let found = await failure { _ = try await client.send(HTTPRequest("GET", "http://localhost:\(server.port)/")) }
    #expect(found?.kind == .forbiddenAddress)
    #expect(server.requests.count == 1)
    #expect(other.requests.isEmpty)
  }
}
