@testable import HTTP
import Testing
import TestSupport

@Suite struct AddressRulesTests {
  @Test(arguments: [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.9", "169.254.169.254", "169.254.1.1", "172.16.0.1",
    "172.31.255.255", "192.168.1.1", "192.0.0.192", "168.63.129.16", "100.100.100.200", "224.0.0.1", "239.1.1.1",
    "255.255.255.255", "198.18.0.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "2606:4700::5efe:10.0.0.1",
    "2606:4700::200:5efe:127.0.0.1",
  ])
  func `an inner address is refused`(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressRules.objection(to: address) != nil)
  }

  @Test(arguments: [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.1.1", "223.255.255.1",
    "2606:4700:4700::1111", "2a00:1450:4001:801::200e", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
  ])
  func `a public address is not`(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(AddressRules.objection(to: address) == nil)
  }

  @Test func `an address shows as people write it`() throws {
    #expect(try #require(IPAddress("10.0.0.1")).description == "10.0.0.1")
    #expect(try #require(IPAddress("[fd00:0:0::1]")).description == "fd00::1")
    #expect(IPAddress("10.0.0") == nil)
  }

  @Test(arguments: [
    ("minio", "minio", 9000, true), ("minio", "minio.", 80, true), ("MinIO", "minio", 80, true), ("minio", "xminio", 80, false),
    ("minio:9000", "minio", 9000, true), ("minio:9000", "minio", 9001, false),
    ("*.internal", "a.b.internal", 80, true), ("*.internal", "internal", 80, false), ("*.internal", "xinternal", 80, false),
    ("10.0.0.0/8", "any.name", 80, true), ("10.1.0.0/16", "any.name", 80, false), ("10.0.0.7", "any.name", 1, true),
    ("a, b ,minio", "minio", 80, true), ("", "minio", 80, false),
  ])
  func `a host is allowed by its entry`(list: String, host: String, port: Int, isAllowed: Bool) throws {
    let address = try #require(IPAddress("10.0.0.7"))
    #expect(try AllowedHosts(list).allows(host, port: port, at: address) == isAllowed)
  }

  @Test func `an IPv6 host may have a port`() throws {
    let address = try #require(IPAddress("::1"))
    #expect(try AllowedHosts("[::1]:9000").allows("[::1]", port: 9000, at: address))
    #expect(try !AllowedHosts("[::1]:9000").allows("[::1]", port: 80, at: address))
    #expect(try AllowedHosts("[::1]").allows("localhost", port: 80, at: address))
  }

  @Test(arguments: ["*", "http://minio", "a:b", "minio:0", "10.0.0.0/33/1", "*.*.x"])
  func `an entry that is none is refused`(list: String) {
    #expect(throws: HTTPError.self) { try AllowedHosts(list) }
  }

  @Test(arguments: ["http://127.0.0.1", "http://localhost", "http://2130706433", "http://0x7f.1", "http://0", "http://[::ffff:127.0.0.1]"])
  func `a request to this machine is refused at its connection`(address: String) async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer() }
    let found = await failure { _ = try await HTTPClient().send(HTTPRequest("GET", "\(address):\(server.port)/?key=s3cr3t")) }
    #expect(found?.kind == .forbiddenAddress)
    #expect(found?.description.contains("HEDGEROW_ALLOW_HOSTS") == true)
    #expect(found?.description.contains("s3cr3t") == false)
    #expect(server.acceptedConnections == 0)
  }

  @Test func `behind a proxy a written address is judged, and a name is the proxy's to judge`() async throws {
    let proxy = try TestHTTPServer { TestHTTPAnswer(text: $0.target) }
    var options = HTTPOptions()
    options.proxies = HTTPProxies(http: proxy.url)
    let client = HTTPClient(options)
    let found = await failure { _ = try await client.send(HTTPRequest("GET", "http://169.254.169.254/latest/meta-data")) }
    #expect(found?.kind == .forbiddenAddress)
    #expect(await failure { _ = try await client.send(HTTPRequest("GET", "http://localhost/")) }?.kind == .forbiddenAddress)
    #expect(try await client.send(HTTPRequest("GET", "http://example.com/x")).text() == "http://example.com/x")
    #expect(proxy.requests.count == 1)
  }
}
