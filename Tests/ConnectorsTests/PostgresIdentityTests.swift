import Testing

@testable import Connectors

@Suite struct PostgresIdentityTests {
  @Test(arguments: [
    (nil, "7:1:5", true), ("7:1:5", "7:1:5", true), ("7:1:5", "7:2:5", true), ("7:1:5", "8:1:5", false), ("7:1:5", "7:1:6", false),
    ("database:5", "database:5", true), ("database:5", "database:6", false), ("database:5", "7:1:5", false), ("7:1:5", "database:5", false),
  ] as [(String?, String, Bool)])
  func `numbers last in one database of one system, also when it is promoted`(before: String?, now: String, keeps: Bool) {
    #expect(PostgresIdentity.keepsNumbers(before, now) == keeps)
  }
}
