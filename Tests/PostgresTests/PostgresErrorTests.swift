import Postgres
import Testing

@Suite struct PostgresErrorTests {
  @Test(arguments: [
    "08006", "08001", "40001", "40P01", "53300", "53200", "57P01", "57P02", "57P03", "55P03", "25P03", "25006", "58030",
  ])
  func `what is known to pass may be tried again`(state: String) {
    #expect(PostgresError(.refused, "x", sqlState: state).isTransient)
  }

  @Test(arguments: ["53100", "42501", "42P01", "23505", "22003", "28P01", "3D000", "XX000", "HR001", "57014", ""])
  func `what is not known to pass is not`(state: String) {
    #expect(!PostgresError(.refused, "x", sqlState: state).isTransient)
  }

  @Test func `a lost connection passes, a cancelled statement does not`() {
    #expect(PostgresError(.connectionLost, "x").isTransient)
    #expect(PostgresError(.cannotConnect, "x").isTransient)
    #expect(!PostgresError(.cannotConnect, "x", sqlState: "28P01").isTransient)
    #expect(!PostgresError(.cancelled, "x").isTransient)
    #expect(!PostgresError(.unexpected, "x").isTransient)
  }

  @Test func `its text has message, detail and state`() {
    #expect(PostgresError(.refused, "no", sqlState: "23505", detail: "Key (id).").description == "no (Key (id).) [SQLSTATE 23505]")
    #expect(PostgresError(.unexpected, "no").description == "no")
  }
}
