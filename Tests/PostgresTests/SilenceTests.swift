import SQLText
import TestSupport
import Testing

@testable import Postgres

/// What a session makes of a server that is silent for longer than it should be.
@Suite struct SilenceTests {
  private static let limit = Duration.seconds(1)

  private func connect(_ parameters: ConnectionParameters) async throws -> Connection {
    try await Connection.open(parameters, applicationName: "hedgerow-test", silenceLimit: Self.limit)
  }

  /// A database with a role of its own.
  private func restricted(_ sql: String) throws -> ConnectionParameters {
    let url = try TestCluster.source.createDatabase(named: "silence")
    let role = try TestCluster.source.psql("SELECT 'silent_' || replace(gen_random_uuid()::text, '-', '')", url)
    try TestCluster.source.psql("CREATE ROLE \(role) LOGIN; \(sql.replacing("ROLE_NAME", with: role))", url)
    var parameters = try ConnectionParameters(url: url)
    parameters["user"] = role
    return parameters
  }

  @Test func `a server with no room for the question is not taken for dead`() async throws {
    let connection = try await connect(try restricted("ALTER ROLE ROLE_NAME CONNECTION LIMIT 1"))
    #expect(try await connection.query("SELECT pg_sleep(6), 1 AS one")[0]["one"] == "1")
  }

  @Test func `a question that the server refuses is not taken for the statement's own error`() async throws {
    let connection = try await connect(try restricted("REVOKE SELECT ON pg_stat_activity FROM PUBLIC"))
    #expect(try await connection.query("SELECT pg_sleep(6), 1 AS one")[0]["one"] == "1")
  }

  @Test func `the server of now is asked, not another one that has the same name`() async throws {
    let first = try FaultProxy(to: .source)
    var parameters = try ConnectionParameters(url: TestCluster.warehouse.url())
    parameters["port"] = "\(first.port),\(TestCluster.warehouse.port)"
    parameters["host"] = "127.0.0.1,127.0.0.1"
    first.refuse(true)
    let connection = try await connect(parameters)
    first.refuse(false)
    #expect(try await connection.query("SELECT pg_sleep(6), 1 AS one")[0]["one"] == "1")
  }

  @Test func `a server that lets nothing through is taken for dead`() async throws {
    let proxy = try FaultProxy(to: .source)
    var parameters = try ConnectionParameters(url: proxy.url(for: TestCluster.source.url()))
    parameters["connect_timeout"] = "2"
    let connection = try await connect(parameters)
    proxy.stall()
    let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
    #expect(error?.kind == .connectionLost)
    #expect(error?.message.contains("takes no new connection") == true, "\(error?.message ?? "")")
    #expect(await connection.isBroken)
  }

  @Test(arguments: [
    ([.idle, .working, .idle], nil), ([.idle, .idle], "no longer works on our statement"), ([.idle, .unclear("full"), .idle], "no longer works"),
    ([.unreachable("refused")], "takes no new connection: refused"), (Array(repeating: .unclear("full"), count: 9), nil),
    (Array(repeating: .unclear("full"), count: 10), "full"), (Array(repeating: .unclear("full"), count: 9) + [.working, .unclear("full")], nil),
  ] as [([ServerProbe.Answer], String?)])
  func `a session is given up for what is known, and for doubt only when it lasts`(answers: [ServerProbe.Answer], words: String?) {
    var silence = Silence()
    let reasons = answers.map { silence.reason(after: $0, limit: .seconds(30)) }
    #expect(reasons.dropLast().allSatisfy { $0 == nil })
    if let words { #expect(reasons.last??.contains(words) == true) } else { #expect(reasons.last == .some(nil)) }
  }
}
