import Testing

@testable import HogQL

/// Nothing but the catalogue's tables and the table's functions can be reached, whatever the text says.
@Suite struct SafetyTests {
  static let attempts = [
    "select * from pg_catalog.pg_class", "select * from pg_class", "select * from `pg_catalog`.`pg_class`",
    "select * from information_schema.tables", "select * from `information_schema.tables`",
    "select * from system.tables", "select * from public.orders", "select * from warehouse.orders",
    "select * from hedgerow.secrets", "select * from \"orders; drop table orders\"",
    "select pg_sleep(5)", "select `pg_sleep`(5)", "select `pg_sleep(5)--`(1)", "select pg_read_file('/etc/passwd')",
    "select current_setting('data_directory')", "select set_config('a', 'b', false)", "select lo_import('/etc/passwd')",
    "select dblink('x', 'y')", "select version()", "select current_user", "select session_user",
    "select hogql.divide(1, 0)", "select hogql_divide(1, 0)", "select `hogql.divide`(1, 0)",
    "select query_to_xml('select 1', true, true, '')", "select generate_series(1, 1000000000)",
    "select * from generate_series(1, 10)", "select * from pg_ls_dir('/')", "select * from read_csv('x')",
    "select * from url('http://localhost')", "select * from file('/etc/passwd')", "select * from remote('a', b)",
    "select 1; drop table orders", "select 1; select 2", "insert into orders values (1)", "update orders set id = 1",
    "delete from orders", "drop table orders", "copy orders to '/tmp/x'", "set role postgres", "explain select 1",
    "show tables", "select 1 into outfile '/tmp/x'", "select 1 format TSV", "select 1 settings max_threads = 1",
    "select id into x from orders", "with x as (delete from orders returning *) select * from x",
    "select ctid from orders", "select xmin from orders", "select tableoid from orders", "select orders from orders",
    "select o from orders o", "select orders.* from orders o", "select id from orders for update",
    "select id from orders where id = any(select 1)", "select $1", "select 'a' 'b'", "select E'\\x41'", "select U&'x'",
    "select id from only orders", "select id from orders tablesample system (1)", "select id::regclass from orders",
    "select cast('pg_class' as regclass)", "select '/etc'::text::pg_lsn", "table orders",
    "select (select rolpassword from pg_authid limit 1)", "select id from orders where id in pg_class",
    "select id from orders union all select usename from pg_user",
  ]

  @Test(arguments: attempts)
  func `an attempt to reach anything else is refused`(text: String) throws {
    let error = try #require(Shop.error(text))
    #expect(!error.message.isEmpty)
    #expect(error.span.start >= 0 && error.span.end <= text.unicodeScalars.count)
  }

  static let hostile = [
    "'; drop table orders; --", #"\'; drop table orders; --"#, "a\\", "$$; select 1; $$", "/* */ --", "\u{0}", "'''", "🌿'\"`",
    "{x}", "%s", "E'\\''",
  ]

  @Test(arguments: hostile)
  func `a placeholder's value stays a value`(value: String) throws {
    let sql = try Shop.sql("select id from orders where status = {x}", values: ["x": .string(value)])
    let other = try Shop.sql("select id from orders where status = {x}", values: ["x": .string("safe")])
    #expect(outsideLiterals(sql) == outsideLiterals(other))
  }

  @Test(arguments: hostile.filter { $0 != "\u{0}" })
  func `an alias stays a name`(name: String) throws {
    let quoted = name.flatMap { $0 == "\\" ? "\\\\" : $0 == "`" ? "``" : String($0) }
    let sql = try Shop.sql("select id as `\(String(quoted))` from orders")
    #expect(outsideLiterals(sql) == outsideLiterals(try Shop.sql("select id as `x y` from orders")))
  }

  @Test func `comments never reach the SQL`() throws {
    #expect(try Shop.sql("select 1 /* ; drop */ as a -- ; drop\n") == "SELECT 1::bigint AS \"a\"")
    #expect(try Shop.sql("select 1 - -1 as a, - -quantity as b from orders").contains("--") == false)
  }

  /// The SQL with every quoted piece emptied, read by Postgres' rules.
  private func outsideLiterals(_ sql: String) -> String {
    var result = ""
    var rest = Array(sql.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      guard scalar == "'" || scalar == "\"" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      let hasEscapes = scalar == "'" && (result.last == "E" || result.last == "e")
      if hasEscapes { result.removeLast() }
      while let inner = rest.popFirst() {
        if hasEscapes, inner == "\\" {
          _ = rest.popFirst()
        } else if inner == scalar {
          guard rest.first == scalar else { break }
          rest.removeFirst()
        }
      }
      result += "'_'"
    }
    return result.split(separator: " ").joined(separator: " ")
  }
}
