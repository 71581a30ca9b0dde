@testable import HTTP
import Testing
import TestSupport

@Suite struct HTTPProxiesTests {
  @Test func `the environment names the proxies`() throws {
    let variables = [
      "https_proxy": "http://secure:3128", "HTTP_PROXY": "http://ignored:1", "ALL_PROXY": "http://all:2",
      "NO_PROXY": "localhost, .example.com,10.0.0.0/8,minio:9000",
    ]
    let proxies = HTTPProxies.fromEnvironment { variables[$0] }
    #expect(proxies.http == "http://all:2")
    #expect(proxies.https == "http://secure:3128")
    for direct in ["https://localhost/", "https://a.example.com", "https://example.com", "http://10.2.3.4/", "http://minio:9000/"] {
      #expect(proxies.proxy(for: try WebAddress(direct)) == nil, "\(direct)")
    }
    #expect(proxies.proxy(for: try WebAddress("https://notexample.com/")) == "http://secure:3128")
    #expect(proxies.proxy(for: try WebAddress("http://minio:9001/")) == "http://all:2")
  }

  @Test func `an empty environment means no proxy`() throws {
    #expect(HTTPProxies.fromEnvironment { _ in nil } == .none)
    #expect(HTTPProxies(http: "http://p", bypass: ["*"]).proxy(for: try WebAddress("http://a/")) == nil)
  }

  @Test func `a proxy that refuses is named as the cause`() async throws {
    let proxy = try TestHTTPServer { _ in TestHTTPAnswer(403, text: "no") }
    let client = try localClient { $0.proxies = HTTPProxies(https: proxy.url) }
    let found = await failure { _ = try await client.send(HTTPRequest("GET", "https://example.com/?token=s3cr3t")) }
    #expect(found?.kind == .proxy)
    #expect(found?.message == "The proxy did not let a connection to example.com through (status 403).")
    #expect(proxy.requests.first?.method == "CONNECT")
    #expect(proxy.requests.first?.target == "example.com:443")
  }

  @Test func `a proxy that is not there is named as the cause`() async throws {
    let client = try localClient { $0.proxies = HTTPProxies(http: "http://127.0.0.1:1") }
    #expect(await failure { _ = try await client.send(HTTPRequest("GET", "http://example.com/")) }?.kind == .proxy)
  }
}
