@testable import HTTP
import Synchronization
import Testing
import TestSupport

@Suite struct HTTPRetryTests {
  /// Sleeps in no time, and remembers for how long.
  private final class FastClock: RetryClock {
    let slept = Mutex<[Duration]>([])
    func sleep(for duration: Duration) async throws { slept.withLock { $0.append(duration) } }
    func random() -> Double { 0 }
    func now() -> Int { 1_700_000_000 }
  }
  private let clock = FastClock()

  private func retrying(_ change: (inout RetryPolicy) -> Void = { _ in }) throws -> HTTPRetry {
    var policy = RetryPolicy()
    change(&policy)
    return HTTPRetry(try localClient(), policy: policy, clock: clock)
  }

  @Test(arguments: [408, 425, 429, 500, 502, 503, 504])
  func `an answer that says later is asked for again`(status: Int) async throws {
    let server = try TestHTTPServer { TestHTTPAnswer($0.number < 3 ? status : 200, text: "\($0.number)") }
    let response = try await retrying().send(HTTPRequest("GET", server.url))
    #expect(response.status == 200)
    #expect(try await response.text() == "3")
    #expect(server.acceptedConnections == 1, "the answers before were read to their end")
    #expect(clock.slept.withLock { $0 } == [.milliseconds(250), .milliseconds(500)])
  }

  @Test(arguments: [200, 304, 400, 401, 403, 404, 409, 410, 422, 501])
  func `any other answer is the answer`(status: Int) async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(status) }
    #expect(try await retrying().send(HTTPRequest("GET", server.url)).status == status)
    #expect(server.requests.count == 1)
  }

  @Test func `it gives up, with the last answer`() async throws {
    let server = try TestHTTPServer { TestHTTPAnswer(503, text: "\($0.number)") }
    let response = try await retrying { $0.attempts = 3 }.send(HTTPRequest("GET", server.url))
    #expect(response.status == 503)
    #expect(try await response.text() == "3")
  }

  @Test(arguments: [("7", 7), ("Tue, 14 Nov 2023 22:13:50 GMT", 30), ("Tue, 14 Nov 2023 22:13:10 GMT", 0)])
  func `the server's own delay is kept`(header: String, seconds: Int) async throws {
    let server = try TestHTTPServer { request in
      request.number == 1 ? TestHTTPAnswer(429, headers: [("Retry-After", header)]) : TestHTTPAnswer()
    }
    #expect(try await retrying().send(HTTPRequest("GET", server.url)).status == 200)
    #expect(clock.slept.withLock { $0 } == [max(.seconds(seconds), .milliseconds(250))])
  }

  @Test func `a longer delay than it may take is the caller's to wait for`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(429, headers: [("Retry-After", "3600")]) }
    let response = try await retrying().send(HTTPRequest("GET", server.url))
    #expect(response.header("Retry-After") == "3600")
    #expect(server.requests.count == 1)
  }

  @Test func `a reset before the answer is tried again`() async throws {
    let server = try TestHTTPServer { $0.number < 3 ? TestHTTPAnswer(faults: [.resetBeforeHead]) : TestHTTPAnswer(text: "ok") }
    #expect(try await retrying().send(HTTPRequest("GET", server.url)).text() == "ok")
    #expect(server.requests.count == 3)
  }

  @Test func `a body that breaks off is not`() async throws {
    let server = try TestHTTPServer { _ in TestHTTPAnswer(text: "0123456789", faults: [.close(afterBytes: 5)]) }
    let response = try await retrying().send(HTTPRequest("GET", server.url))
    #expect(await failure { _ = try await response.text() }?.kind == .cut)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [(500, 1), (502, 1), (429, 2), (503, 2)])
  func `a POST comes again only when the server did nothing`(status: Int, count: Int) async throws {
    let server = try TestHTTPServer { TestHTTPAnswer($0.number == 1 ? status : 200) }
    _ = try await retrying().send(HTTPRequest("POST", server.url, body: [1]))
    #expect(server.requests.count == count)
  }

  @Test func `a POST that may be repeated is, and one that may not is not`() async throws {
    let server = try TestHTTPServer { $0.number < 3 ? TestHTTPAnswer(faults: [.resetBeforeHead]) : TestHTTPAnswer() }
    var request = HTTPRequest("POST", server.url, body: [1])
    #expect(await failure { _ = try await retrying().send(request) }?.kind == .reset)
    request.mayRepeat = true
    #expect(try await retrying().send(request).status == 200)
  }

  @Test func `what cannot pass is not tried again`() async throws {
    let notices = Mutex(0)
    let sender = HTTPRetry(HTTPClient(), clock: clock) { _ in notices.withLock { $0 += 1 } }
    #expect(await failure { _ = try await sender.send(HTTPRequest("GET", "http://127.0.0.1:1/")) }?.kind == .forbiddenAddress)
    #expect(notices.withLock { $0 } == 0)
  }

  @Test func `each wait is told before it begins`() async throws {
    let server = try TestHTTPServer { $0.number == 1 ? TestHTTPAnswer(502) : TestHTTPAnswer() }
    let notices = Mutex<[HTTPRetry.Notice]>([])
    let sender = HTTPRetry(try localClient(), clock: clock) { notice in notices.withLock { $0.append(notice) } }
    _ = try await sender.send(HTTPRequest("GET", "\(server.url)/?key=s3cr3t"))
    let notice = try #require(notices.withLock { $0.first })
    #expect(notice.status == 502)
    #expect(notice.attempts == 1)
    #expect(notice.host == "127.0.0.1:\(server.port)")
  }

  @Test func `the pause doubles, up to its longest, and is spread`() {
    let policy = RetryPolicy()
    var patient = policy
    patient.attempts = 100
    #expect(patient.delay(afterAttempt: 1, retryAfter: nil, random: 0) == .milliseconds(250))
    #expect(patient.delay(afterAttempt: 4, retryAfter: nil, random: 1) == .seconds(4))
    #expect(patient.delay(afterAttempt: 60, retryAfter: nil, random: 1) == .seconds(30))
    #expect(patient.delay(afterAttempt: 1, retryAfter: .seconds(5), random: 1) == .milliseconds(5125))
    #expect(policy.delay(afterAttempt: 5, retryAfter: nil, random: 0) == nil)
  }

  @Test(arguments: [("0.5", 500), ("0", 0), ("-1", nil), ("soon", nil), ("", nil), ("nan", nil), ("1e300", 1_000_000_000_000)])
  func `a Retry-After is seconds, or nothing`(header: String, milliseconds: Int?) {
    #expect(RetryAfter.delay(header, now: 0) == milliseconds.map { .milliseconds($0) })
  }
}
