import Postgres
import SQLText
import TestSupport

/// A session with a server of the tests; a new database where none is named.
func connect(
  _ server: TestCluster = .source, _ url: String? = nil, name: String = "hedgerow-test"
) async throws -> Connection {
  let parameters = try ConnectionParameters(url: url ?? server.url())
  return try await Connection.open(parameters, applicationName: name)
}

/// Asks again until the query's first value is `t`, for up to a minute.
func eventually(_ sql: SQL, on connection: Connection) async throws -> Bool {
  for _ in 0..<1200 {
    if try await connection.query(sql)[0].values[0] == "t" { return true }
    try await Task.sleep(for: .milliseconds(50))
  }
  return false
}
