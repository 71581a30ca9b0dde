import Postgres
import SQLText
import TestSupport
import Testing

@Suite struct RowStreamTests {
  private func open() async throws -> Connection {
    try await Connection.open(ConnectionParameters(url: try TestCluster.warehouse.createDatabase(named: "rows")))
  }

  @Test(arguments: [0, 1, 499, 500, 501, 1000])
  func `all rows come, in order and in pieces`(count: Int) async throws {
    let connection = try await open()
    try await connection.beginRows("SELECT n, nullif(n % 2, 0) AS odd FROM generate_series(1, \(count)::int) n")
    var seen = 0
    while let rows = try await connection.readRows(500) {
      #expect(!rows.isEmpty && rows.count <= 500)
      for row in rows {
        seen += 1
        #expect(row == ["\(seen)", seen % 2 == 1 ? "1" : nil])
      }
    }
    #expect(seen == count)
    #expect(await connection.isIdle)
    #expect(try await connection.query("SELECT 1 AS one")[0]["one"] == "1")
  }

  @Test func `an error in the middle ends the rows, and the session goes on`() async throws {
    let connection = try await open()
    try await connection.beginRows("SELECT 1 / (2000 - n) FROM generate_series(1, 3000) n")
    let error = await #expect(throws: PostgresError.self) {
      while try await connection.readRows(500) != nil {}
    }
    #expect(error?.sqlState == "22012")
    #expect(await connection.isIdle)
  }

  @Test func `a reader that stops in the middle rolls back`() async throws {
    let connection = try await open()
    try await connection.begin("READ ONLY")
    try await connection.beginRows("SELECT n FROM generate_series(1, 100000000) n")
    #expect(try await connection.readRows(10)?.count == 10)
    await connection.rollback()
    #expect(await connection.isIdle)
  }

  @Test func `an error says where in the statement it is`() async throws {
    let connection = try await open()
    let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1, nothing") }
    #expect(error?.position == 11)
  }
}
