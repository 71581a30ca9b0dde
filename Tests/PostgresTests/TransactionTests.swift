import Postgres
import SQLText
import TestSupport
import Testing

@Suite struct TransactionTests {
  @Test func `it commits when the body returns, and others see it then`() async throws {
    let (connection, table) = try await table()
    let count = try await connection.transaction { transaction in
      try transaction.execute("INSERT INTO \(table) SELECT generate_series(1, 7)")
    }
    #expect(count == 7)
    #expect(try await connect().query("SELECT count(*) AS n FROM \(table)")[0]["n"] == "7")
    #expect(await connection.isIdle)
  }

  @Test func `it rolls back when the body throws, whatever it throws`() async throws {
    struct Changed: Error {}
    let (connection, table) = try await table()
    await #expect(throws: Changed.self) {
      try await connection.transaction { transaction in
        try transaction.execute("INSERT INTO \(table) VALUES (1)")
        throw Changed()
      }
    }
    await #expect(throws: PostgresError.self) {
      try await connection.transaction { transaction in
        try transaction.execute("INSERT INTO \(table) VALUES (1)")
        try transaction.execute("SELECT 1/0")
      }
    }
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT count(*) AS n FROM \(table)")[0]["n"] == "0")
  }

  @Test func `a savepoint's part may fail without the rest`() async throws {
    let (connection, table) = try await table()
    try await connection.transaction { transaction in
      try transaction.execute("INSERT INTO \(table) VALUES (1)")
      do throws(PostgresError) {
        try transaction.savepoint { () throws(PostgresError) in
          try transaction.execute("INSERT INTO \(table) VALUES (2)")
          try transaction.execute("SELECT 1/0")
        }
        Issue.record("the part did not fail")
      } catch { #expect(error.sqlState == "22012") }
      _ = try transaction.savepoint { () throws(PostgresError) in try transaction.execute("INSERT INTO \(table) VALUES (3)") }
    }
    #expect(try await connection.query("SELECT string_agg(n::text, ',' ORDER BY n) AS all FROM \(table)")[0]["all"] == "1,3")
  }

  @Test func `a constraint that is checked at the commit fails the transaction`() async throws {
    let (connection, table) = try await table()
    try await connection.execute("ALTER TABLE \(table) ADD UNIQUE (n) DEFERRABLE INITIALLY DEFERRED")
    let error = await #expect(throws: PostgresError.self) {
      try await connection.transaction { try $0.execute("INSERT INTO \(table) VALUES (1), (1)") }
    }
    #expect(error?.sqlState == "23505")
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT count(*) AS n FROM \(table)")[0]["n"] == "0")
  }

  @Test func `a session that is lost before the commit commits nothing`() async throws {
    let (connection, table) = try await table()
    let error = await #expect(throws: PostgresError.self) {
      try await connection.transaction { transaction in
        try transaction.execute("INSERT INTO \(table) VALUES (1)")
        try transaction.execute("SELECT pg_terminate_backend(pg_backend_pid())")
      }
    }
    #expect(error?.kind == .connectionLost)
    #expect(try await connect().query("SELECT count(*) AS n FROM \(table)")[0]["n"] == "0")
  }

  private func table() async throws -> (Connection, QualifiedName) {
    let connection = try await connect()
    let name = QualifiedName("public", "transaction \(connection.backendPID) \(UInt32.random(in: 0 ... .max))")
    try await connection.execute("CREATE TABLE \(name) (n int)")
    return (connection, name)
  }
}
