import Testing

@testable import HogQL

/// Deep and long queries end in SQL or in an error, never in a crash, on a small stack.
@Suite struct DepthTests {
  static let queries: [String] = {
    func chain(_ count: Int, _ first: String, _ next: (String) -> String) -> String {
      let items = (0..<count).map { "\($0 == 0 ? first : next("a\($0 - 1)")) as a\($0)" }
      return "select \(items.joined(separator: ", ")) from orders"
    }
    func repeated(_ count: Int, _ part: String, _ separator: String) -> String {
      Array(repeating: part, count: count).joined(separator: separator)
    }
    var queries: [String] = []
    for count in [30, 45, 400, 1_100] {
      queries.append(chain(count, "1") { "\($0) + 1" })
      queries.append(chain(count, "[1]") { "[\($0)]" })
      queries.append(chain(count, "status") { "if(\($0) = 'x', \($0), 'y')" })
      queries.append(chain(count, "id") { "toString(\($0)) = '1'" })
      queries.append(chain(count, "id") { "(\($0) = 1) in (select 1)" })
    }
    for count in [100, 3_000] {
      queries.append("select \(repeated(count, "id", " + ")) from orders")
      queries.append("select id\(repeated(count, "::int", "")) from orders")
      queries.append("select details\(repeated(count, "[1]", "")) from orders")
      queries.append("select \(repeated(count, "id = 1", " and ")) from orders")
      queries.append(repeated(count, "select 1", " union all "))
      queries.append("select id in (\(repeated(count * 20, "7", ", "))) from orders")
      queries.append("select 1 from orders\((0..<count).map { ", orders o\($0)" }.joined())")
    }
    for count in [20, 80] {
      queries.append("select \(repeated(count, "(1 + ", ""))1\(repeated(count, ")", ""))")
      queries.append("select * from \(repeated(count, "(select * from ", ""))orders\(repeated(count, ")", ""))")
    }
    return queries
  }()

  @Test(arguments: queries.indices)
  func `a deep query does not exhaust the stack`(index: Int) {
    let text = Self.queries[index]
    onSmallStack {
      switch Result(catching: { () throws(QueryError) in try Shop.sql(text) }) {
      case .success(let sql): #expect(!sql.isEmpty)
      case .failure(let error): #expect(error.span.end <= text.utf8.count)
      }
    }
  }

  @Test func `a chain of some hundred aliases is fine`() throws {
    let sql = try Shop.sql(Self.queries[2 * 5])
    #expect(sql.hasPrefix("SELECT ") && sql.contains("FROM"), "\(sql.prefix(200))")
  }

  @Test func `aliases that double in size are refused before they fill the memory`() {
    let items = (0..<60).map { $0 == 0 ? "id as a0" : "a\($0 - 1) + a\($0 - 1) as a\($0)" }
    let error = Shop.error("select \(items.joined(separator: ", ")) from orders")
    #expect(error?.message == "The expression is too large once its aliases are written out.")
  }
}
