import Glibc
import HTTP
import ObjectStores
import Secrets
import Synchronization
import Testing
import TestSupport

/// Against a server that does what networks and busy stores do.
@Suite struct S3FaultTests {
  private let credentials = S3Store.Credentials(key: Secret("KEY"), secret: Secret("s3cr3t"), sessionToken: Secret("t0ken"))
  private static let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
  private let entry = ObjectEntry(key: "a b/x.bin", size: 100_000, etag: "\"v1\"", modified: nil)

  private func store(_ server: TestHTTPServer, _ service: S3Place.Service = .other, region: String? = nil) throws -> S3Store {
    S3Store(
      S3Place(service: service, bucket: "b", endpoint: server.url, region: region, usesVirtualHost: false), credentials,
      try localSender(), clock: FastClock())
  }

  /// The object as a server gives it, with Range.
  private static func object(_ request: TestHTTPRequest, etag: String = "\"v1\"", _ faults: [TestHTTPAnswer.Fault] = []) -> TestHTTPAnswer {
    guard let range = request.header("Range")?.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
    else { return TestHTTPAnswer(headers: [("ETag", etag)], body: body, faults: faults) }
    let start = Int(range[0])!
    let end = Int(range[1]).map { $0 + 1 } ?? body.count
    return TestHTTPAnswer(
      206, headers: [("ETag", etag), ("Content-Range", "bytes \(start)-\(end - 1)/\(body.count)")],
      body: Array(body[start..<end]), faults: faults)
  }

  private static func error(_ status: Int, _ code: String, headers: [(name: String, value: String)] = [], extra: String = "")
    -> TestHTTPAnswer
  {
    TestHTTPAnswer(status, headers: headers, text: "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>m</Message>\(extra)</Error>")
  }

  @Test func `a body that is cut again and again is taken up where it was`() async throws {
    let server = try TestHTTPServer { request in
      Self.object(request, request.number % 2 == 0 ? [.reset(afterBytes: 7000)] : [.close(afterBytes: 12_345)])
    }
    let bytes = try await store(server).open(entry, from: 0).all()
    #expect(bytes == Self.body)
    #expect(server.requests.count > 5)
    #expect(server.requests.allSatisfy { $0.header("If-Match") == "\"v1\"" })
    #expect(server.requests[1].header("Range")?.hasPrefix("bytes=") == true)
  }

  @Test func `an object that changes while it is cut is not pieced together`() async throws {
    let server = try TestHTTPServer { request in
      request.number == 1 ? Self.object(request, [.close(afterBytes: 50_000)]) : Self.error(412, "PreconditionFailed")
    }
    let reader = try await store(server).open(entry, from: 0)
    #expect(await failure { _ = try await reader.all() }?.kind == .changed)
  }

  @Test func `a store that ignores If-Match is caught by its ETag`() async throws {
    let server = try TestHTTPServer { request in
      request.number == 1 ? Self.object(request, [.close(afterBytes: 50_000)]) : Self.object(request, etag: "\"v2\"")
    }
    let reader = try await store(server).open(entry, from: 0)
    #expect(await failure { _ = try await reader.all() }?.kind == .changed)
  }

  @Test func `a store that ignores Range is told from one that does not`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(headers: [("ETag", "\"v1\"")], body: Self.body) }
    #expect(await failure { _ = try await store(server).read(entry, 5..<9) }?.kind == .malformed)
    #expect(await failure { _ = try await store(server).open(entry, from: 5) }?.kind == .malformed)
  }

  @Test func `a range that is cut is asked for again`() async throws {
    let server = try TestHTTPServer { Self.object($0, [.close(afterBytes: 400)]) }
    #expect(try await store(server).read(entry, 1000..<2000) == Array(Self.body[1000..<2000]))
    #expect(server.requests.map { $0.header("Range") } == ["bytes=1000-1999", "bytes=1400-1999", "bytes=1800-1999"])
  }

  @Test func `a connection that never gives a byte ends in an error`() async throws {
    let server = try TestHTTPServer { request in
      request.number == 1 ? Self.object(request, [.close(afterBytes: 10)]) : TestHTTPAnswer(faults: [.resetBeforeHead])
    }
    let reader = try await store(server).open(entry, from: 0)
    let found = await failure { _ = try await reader.all() }
    #expect(found?.isTransient == true)
    #expect(found?.message.contains("x.bin") == true)
  }

  @Test func `SlowDown is waited for`() async throws {
    let server = try TestHTTPServer { $0.number < 4 ? Self.error(503, "SlowDown") : Self.object($0) }
    #expect(try await store(server).open(entry, from: 0).all() == Self.body)
    #expect(server.requests.count == 4)
  }

  @Test func `SlowDown without an end is told`() async throws {
    let server = try TestHTTPServer { _ in Self.error(503, "SlowDown") }
    let found = await failure { _ = try await store(server).entries() }
    #expect(found?.kind == .busy)
    #expect(found?.isTransient == true)
  }

  @Test func `a page of a list that is cut is asked for again`() async throws {
    let page = "<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>a+b%2Bc</Key><Size>5</Size></Contents></ListBucketResult>"
    let server = try TestHTTPServer { TestHTTPAnswer(text: page, faults: $0.number < 3 ? [.close(afterBytes: 40)] : []) }
    #expect(try await store(server).entries() == [ObjectEntry(key: "a b+c", size: 5, etag: nil, modified: nil)])
  }

  @Test(arguments: [
    "<html>hello</html>", "not xml", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
    "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>",
  ])
  func `a list that is none is refused`(text: String) async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(text: text) }
    #expect(await failure { _ = try await store(server).entries() }?.kind == .malformed)
    #expect(server.requests.count < 4)
  }

  @Test func `a request is signed with its token, and its query is sorted`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(text: "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>") }
    _ = try await store(server, region: "eu-west-1").entries("a b/ü+")
    let request = try #require(server.requests.first)
    #expect(request.target == "/b?encoding-type=url&list-type=2&max-keys=1000&prefix=a%20b%2F%C3%BC%2B")
    #expect(request.header("x-amz-security-token") == "t0ken")
    #expect(request.header("Authorization")?.contains("/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,") == true)
    #expect(request.header("Accept-Encoding") == nil)
  }

  @Test func `without credentials nothing is signed`() async throws {
    let server = try TestHTTPServer { _ in Self.error(403, "AccessDenied") }
    let place = S3Place(service: .google, bucket: "b", endpoint: server.url, region: "auto", usesVirtualHost: false)
    let found = await failure { _ = try await S3Store(place, nil, localSender(), clock: FastClock()).entries() }
    #expect(found?.kind == .mayNotList)
    #expect(found?.message == "Without a key one may not list the bucket b.")
    #expect(server.requests.first?.header("Authorization") == nil)
    #expect(server.requests.first?.header("Accept-Encoding") == "gzip")
  }

  @Test(arguments: [(301, "PermanentRedirect"), (400, "AuthorizationHeaderMalformed")])
  func `a bucket in another region is asked there`(status: Int, code: String) async throws {
    let server = try TestHTTPServer { request in
      request.header("Authorization")?.contains("/eu-central-1/s3/") == true
        ? Self.object(request) : Self.error(status, code, headers: status == 301 ? [("x-amz-bucket-region", "eu-central-1")] : [], extra: "<Region>eu-central-1</Region>")
    }
    let store = try store(server)
    #expect(try await store.read(entry, 0..<3) == Array(Self.body[..<3]))
    #expect(try await store.read(entry, 3..<6) == Array(Self.body[3..<6]))
    #expect(server.requests.count == 3, "the region is remembered")
  }

  @Test func `a bucket that sends on and on is told`() async throws {
    let server = try TestHTTPServer { _ in Self.error(301, "PermanentRedirect", headers: [("x-amz-bucket-region", "r-2")]) }
    let found = await failure { _ = try await store(server, region: "r-1").entries() }
    #expect(found?.kind == .wrongRegion)
    #expect(found?.hint == "Give it as region=r-2.")
  }

  @Test(arguments: [
    (403, "RequestTimeTooSkewed", ObjectStoreError.Kind.clockSkew), (400, "ExpiredToken", .expired), (400, "InvalidToken", .wrongSecret),
    (403, "InvalidObjectState", .archived), (403, "Strange", .refused(code: "Strange")), (404, "NoSuchKey", .noSuchObject),
    (416, "InvalidRange", .changed), (501, "NotImplemented", .refused(code: "NotImplemented")),
  ])
  func `an error code has its meaning`(status: Int, code: String, kind: ObjectStoreError.Kind) async throws {
    let server = try TestHTTPServer { _ in Self.error(status, code, headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT")]) }
    let found = await failure { _ = try await store(server).open(entry, from: 0) }
    #expect(found?.kind == kind)
    #expect(found?.hint != nil)
    #expect(found?.description.contains("s3cr3t") == false)
  }

  @Test func `a slow body is read as it comes`() async throws {
    let isWanted = Flag()
    let sent = Mutex(0)
    let server = try TestHTTPServer { _ in
      TestHTTPAnswer(headers: [("ETag", "\"v1\"")], streaming: {
        let start = sent.withLock { $0 }
        // The second piece comes only when the reader has the first.
        while start > 0, !isWanted.isSet { usleep(1000) }
        sent.withLock { $0 += 20_000 }
        return start < Self.body.count ? Array(Self.body[start..<(start + 20_000)]) : nil
      })
    }
    let reader = try await store(server).open(entry, from: 0)
    let first = try #require(try await reader.next())
    #expect(first.count <= 20_000)
    isWanted.set()
    let whole = first + (try await reader.all()) == Self.body
    #expect(whole)
  }
}
