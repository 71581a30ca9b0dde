import ConnectorKit
import Testing

@testable import Connectors

@Suite struct PostgresFormTests {
  @Test func `a URL is taken apart, and a field beside it wins`() throws {
    let fields = try PostgresForm.normalize(["url": "postgresql://u:p%40w@db.example:6000/shop?sslmode=require", "user": "other"])
    #expect(fields == ["host": "db.example", "port": "6000", "database": "shop", "user": "other", "password": "p@w", "sslmode": "require"])
  }

  @Test(arguments: [["sslmode": "on"], ["port": "0"], ["port": "65536"], ["port": "x"], ["url": "http//planted"]])
  func `what cannot work is refused with what can`(fields: [String: String]) throws {
    let error = #expect(throws: ConnectorError.self) { try PostgresForm.normalize(fields) }
    #expect(error?.kind == .unusable)
    #expect(error?.hint?.isEmpty == false)
    #expect(error?.message.contains("planted") == false)
  }

  @Test(arguments: [
    ([:], ["public"]), (["schema": "*"], []), (["schema": ""], []), (["schema": "a"], ["a"]), (["schema": "a, b ,c"], ["a", "b", "c"]),
    (["schema": "My Space"], ["My Space"]),
  ] as [([String: String], [String])])
  func `namespaces are a list, a star for all`(fields: [String: String], namespaces: [String]) {
    #expect(PostgresForm.namespaces(fields) == namespaces)
  }
}
