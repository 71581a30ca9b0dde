import Postgres
import SQLText
import TestSupport
import Testing

/// Names and values that break out of careless quotes, on a real server.
@Suite struct HostileTextTests {
  static let texts = [
    "plain", "UPPER lower", "select", #"say "hi""#, "it's", #"back\slash"#, #"\"#, #"\'"#, "'", #"""#, "two\nlines\r\n", "tab\t",
    "größe 🌿", "e\u{301}", "\"\u{301}", "'\u{301}", "\\\u{301}'", "\\\u{301}\\'", "'\u{200D}; SELECT 1/0; --", "\"\u{FE0F}; SELECT 1/0; --",
    "'; SELECT 1/0; --", #""; SELECT 1/0; --"#, "$1 $$ $x$", "%s %", "{a,\"b\"}", " ", String(repeating: "n", count: 63),
    String(repeating: "ö", count: 31) + "x",
  ]

  @Test(arguments: texts)
  func `a column, a table and a namespace have the name that was given`(name: String) async throws {
    let connection = try await connect()
    try await connection.begin()
    let table = QualifiedName("ns " + String(name.prefix(20)), name)
    try await connection.execute("CREATE SCHEMA \(Identifier(table.namespace))")
    try await connection.execute("CREATE TABLE \(table) (\(Identifier(name)) int)")
    let row = try await connection.query(
      """
      SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum = 1 AND c.oid = \("\(table)")::regclass
      """)[0]
    #expect(row.values.map { $0.map { Array($0.utf8) } } == [table.namespace, name, name].map { Array($0.utf8) })
    await connection.rollback()
  }

  @Test(arguments: texts + [""], ["on", "off"])
  func `a literal and a parameter are the text that was given`(text: String, conforming: String) async throws {
    let connection = try await connect()
    try await connection.execute("SET standard_conforming_strings = \(Literal(conforming))")
    try await connection.execute("SET backslash_quote = on")
    let row = try await connection.query("SELECT\(Literal(text)) AS literal, \(text)::text AS parameter")[0]
    #expect(row.values.map { $0.map { Array($0.utf8) } } == [Array(text.utf8), Array(text.utf8)])
  }

  @Test(arguments: [texts, [], [""], ["NULL", "null"], ["a,b", "{c}"]])
  func `an array of texts goes there and back`(elements: [String]) async throws {
    let connection = try await connect()
    let row = try await connection.query(
      "SELECT \(ArrayText.format(elements))::text[] AS list, cardinality(\(ArrayText.format(elements))::text[]) AS n")[0]
    #expect(row.integer("n") == Int64(elements.count))
    #expect(ArrayText.parse(try row.text("list")).map { Array($0.utf8) } == elements.map { Array($0.utf8) })
  }
}
