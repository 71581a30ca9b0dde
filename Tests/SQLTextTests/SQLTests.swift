import SQLText
import Testing

@Suite struct SQLTests {
  @Test func `names are quoted and values become parameters`() {
    let table = QualifiedName("public", "orders")
    let sql: SQL = "SELECT \(Identifier("id")) FROM \(table) WHERE a = \("x") AND b > \(7) AND c = \(true) AND d = \(2.5)"
    #expect(sql.statement.text == #"SELECT "id" FROM "public"."orders" WHERE a = $1 AND b > $2 AND c = $3 AND d = $4"#)
    #expect(sql.statement.parameters == ["x", "7", "t", "2.5"])
  }

  @Test func `a missing value is a parameter that is NULL`() {
    let text: String? = nil
    let number: Int64? = nil
    let sql: SQL = "SELECT \(text), \(number), \(false)"
    #expect(sql.statement.text == "SELECT $1, $2, $3")
    #expect(sql.statement.parameters == [nil, nil, "f"])
  }

  @Test func `parameters are counted through all parts`() {
    let condition: SQL = "a = \("1")"
    let sql: SQL = "SELECT \(0) WHERE \(condition) AND " + condition + " LIMIT \(9)"
    #expect(sql.statement.text == "SELECT $1 WHERE a = $2 AND a = $3 LIMIT $4")
    #expect(sql.statement.parameters == ["0", "1", "1", "9"])
  }

  @Test(arguments: [#"'; DROP TABLE t; --"#, "$1", #"\"#, "🌿", ""])
  func `no value ever reaches the statement's text`(value: String) {
    let sql: SQL = "SELECT \(value)"
    #expect(sql.statement.text == "SELECT $1")
    #expect(sql.statement.parameters == [value])
  }

  @Test func `a literal is written into the text`() {
    let sql: SQL = "SET x = \(Literal("it's"))"
    #expect(sql.statement.text == "SET x = 'it''s'")
    #expect(sql.statement.parameters.isEmpty)
  }

  @Test(arguments: [(0, ""), (1, "a = $1"), (3, "a = $1 AND a = $2 AND a = $3")])
  func `parts are joined with a separator between them only`(count: Int, text: String) {
    let parts = (0..<count).map { "a = \($0)" as SQL }
    let joined = parts.joined(separator: " AND ")
    #expect(joined.statement.text == text)
    #expect(joined.statement.parameters == (0..<count).map { "\($0)" })
    #expect(joined.isEmpty == (count == 0))
  }

  @Test func `a list of names has commas`() {
    #expect([Identifier("a"), Identifier(#"b""#)].list.statement.text == #""a", "b""""#)
    #expect([Identifier]().list.isEmpty)
  }

  @Test func `nothing and an empty text are empty`() {
    #expect(("" as SQL).isEmpty)
    #expect(SQL(verbatim: "").isEmpty)
    #expect(!("\("")" as SQL).isEmpty)
  }
}
