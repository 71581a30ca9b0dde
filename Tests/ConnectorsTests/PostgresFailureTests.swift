import ConnectorKit
import Postgres
import Testing

@testable import Connectors

@Suite struct PostgresFailureTests {
  private let parameters = ConnectionParameters(
    ["host": "db.example", "port": "6000", "user": "reader", "dbname": "shop", "password": "planted-secret"])

  @Test(arguments: [
    ("28P01", "password authentication failed", .unauthorized, ["refused the password of role reader", "hedgerow set shop password=env:"]),
    ("3D000", #"database "shop" does not exist"#, .unusable, ["no database shop", "psql -h db.example -p 6000 -U reader -l"]),
    ("28000", "no pg_hba.conf entry for host", .unauthorized, ["reader", "pg_hba.conf"]),
    ("53300", "too many clients already", .busy, ["no free connection", "max_connections"]),
    ("", "could not translate host name \"db.example\"", .unreachable, ["no server is named db.example", "host="]),
    ("", "Connection refused", .unreachable, ["nothing listens at db.example:6000", "port"]),
    ("", "timeout expired", .unreachable, ["db.example:6000 does not answer", "firewall"]),
    ("", "server does not support SSL, but SSL was required", .unusable, ["does not speak TLS", "sslmode=disable"]),
    ("", "SSL error: certificate verify failed", .unusable, ["certificate", "sslrootcert=FILE"]),
    ("", "something else", .unreachable, ["something else", "tried again"]),
  ] as [(String, String, ConnectorError.Kind, [String])])
  func `why no connection was had is said with its mend`(state: String, text: String, kind: ConnectorError.Kind, words: [String]) throws {
    let error = try explain(PostgresError(.cannotConnect, text, sqlState: state))
    #expect(error.kind == kind)
    let whole = "\(error.message) \(error.hint ?? "")"
    for word in words { #expect(whole.contains(word), "\(word) is missing in: \(whole)") }
    #expect(!whole.contains("planted-secret"))
  }

  @Test(arguments: [
    ("42501", .forbidden), ("42P01", .missing), ("3F000", .missing), ("42703", .unusable), ("57014", .busy), ("55P03", .busy), ("40001", .busy),
    ("53300", .busy), ("XX001", .malformed),
  ] as [(String, ConnectorError.Kind)])
  func `what a read was refused for has its kind, and names the schema`(state: String, kind: ConnectorError.Kind) throws {
    let error = try explain(PostgresError(.refused, "permission denied for table orders", sqlState: state))
    #expect(error.kind == kind)
    #expect(error.message.contains("shop.orders"))
    if kind != .malformed { #expect(error.hint?.isEmpty == false) }
  }

  @Test func `a table that is gone names the command that looks again`() throws {
    let error = try explain(PostgresError(.refused, "relation does not exist", sqlState: "42P01"))
    #expect(error.hint == "hedgerow schemas shop --discover shows what there is now.")
  }

  @Test func `a missing right names the GRANT`() throws {
    let error = try explain(PostgresError(.refused, "permission denied for table orders", sqlState: "42501"))
    #expect(error.hint?.contains(#"GRANT SELECT ON orders TO "reader""#) == true)
  }

  @Test func `row-level security is never read through`() throws {
    let error = try explain(PostgresError(.refused, "query would be affected by row-level security policy", sqlState: "42501"))
    #expect(error.kind == .forbidden)
    #expect(error.hint?.contains("BYPASSRLS") == true)
  }

  @Test func `a broken connection is tried again, and a stop stays a stop`() throws {
    #expect(try explain(PostgresError(.connectionLost, "server closed the connection")).kind == .unreachable)
    let stop = PostgresFailure.explain(PostgresError(.cancelled, "x"), "a.b", parameters)
    #expect((stop as? PostgresError)?.kind == .cancelled)
    let own = ConnectorError(.replaced, "m")
    #expect(PostgresFailure.explain(own, nil, parameters) as? ConnectorError == own)
  }

  private func explain(_ error: PostgresError) throws -> ConnectorError {
    try #require(PostgresFailure.explain(error, "shop.orders", parameters) as? ConnectorError)
  }
}
