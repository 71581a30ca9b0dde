import HTTP
import LocalPostgres
import Testing
import TestSupport

/// Against `openssl s_server`, with certificates of an authority made here.
@Suite struct TLSTests {
  @Test func `a certificate of an unknown authority is refused, and accepted by its CA file`() async throws {
    let server = try TLSServer(name: "localhost")
    defer { server.stop() }
    let found = await failure { _ = try await localClient().send(HTTPRequest("GET", "\(server.url)/?key=s3cr3t")) }
    #expect(found?.kind == .untrusted)
    #expect(found?.hint?.contains("CA file") == true)
    #expect(found?.isTransient == false)
    let client = try localClient { $0.authorities = server.authority }
    let response = try await client.send(HTTPRequest("GET", server.url))
    #expect(response.status == 200)
    #expect(try await response.text().contains("TLSv1."))
  }

  @Test func `a certificate of another name is refused`() async throws {
    let server = try TLSServer(name: "elsewhere.example")
    defer { server.stop() }
    let client = try localClient { $0.authorities = server.authority }
    let found = await failure { _ = try await client.send(HTTPRequest("GET", server.url)) }
    #expect(found?.kind == .untrusted)
  }

  @Test func `an old version of TLS is refused`() async throws {
    let server = try TLSServer(name: "localhost", arguments: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
    defer { server.stop() }
    let client = try localClient { $0.authorities = server.authority }
    #expect(await failure { _ = try await client.send(HTTPRequest("GET", server.url)) }?.kind == .tls)
  }

  @Test func `a CA file that is not there is told`() async throws {
    let client = try localClient { $0.authorities = "/nowhere/ca.pem" }
    let found = await failure { _ = try await client.send(HTTPRequest("GET", "https://127.0.0.1:1/")) }
    #expect([.badRequest, .refused].contains(found?.kind))
  }
}
