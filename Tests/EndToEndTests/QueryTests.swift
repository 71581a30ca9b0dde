import Foundation
import Glibc
import LocalPostgres
import Postgres
import SQLText
import TestSupport
import Testing

/// HogQL at the command line, over tables that were synced.
@Suite struct QueryTests {
  private static let shop = """
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text, total numeric(10, 2), placed_at timestamptz, note text);
    INSERT INTO orders VALUES
      (1, 1, 'paid', 10.50, '2024-01-01 10:00Z', 'a,"b"'), (2, 1, 'paid', 4, '2024-01-02 23:30Z', ''), (3, 2, 'open', 7.25, '2024-01-03 00:00Z', NULL);
    CREATE TABLE customers (id int PRIMARY KEY, email text);
    INSERT INTO customers VALUES (1, 'ann@example.com'), (2, 'bob@example.com');
    """

  private static func synced() async throws -> SyncFixture {
    let fixture = try SyncFixture(shop)
    try await fixture.link()
    try await fixture.sync()
    return fixture
  }

  @Test func `an answer comes as a table, CSV, JSON or JSON lines`() async throws {
    let fixture = try await Self.synced()
    let query = "select id, total, placed_at, note from postgres_orders order by id"
    let csv = try await fixture.hedgerow("query", "--format", "csv", query).stdout
    #expect(
      csv == "id,total,placed_at,note\r\n1,10.5,2024-01-01T10:00:00Z,\"a,\"\"b\"\"\"\r\n2,4,2024-01-02T23:30:00Z,\"\"\r\n3,7.25,2024-01-03T00:00:00Z,\r\n")
    let lines = try await fixture.hedgerow("query", "--format", "jsonl", query).stdout.split(separator: "\n")
    #expect(lines.last.map(String.init) == #"{"id":3,"total":7.25,"placed_at":"2024-01-03T00:00:00Z","note":null}"#)
    let json = try await fixture.hedgerow("query", "--format", "json", "select count() as n from postgres.orders").stdout
    #expect(try fixture.warehouse("SELECT \(Literal(json))::jsonb ->> 'rows', \(Literal(json))::jsonb ->> 'columns'") == #"[[3]]|["n"]"#)
    let table = try await fixture.hedgerow("query", query).stdout
    #expect(table.split(separator: "\n").count == 4 && table.contains("NULL"), "\(table)")
  }

  @Test func `values are bound as values`() async throws {
    let fixture = try await Self.synced()
    let hostile = "paid' or 1 = 1 --"
    for (value, expected) in [("paid", "2"), (hostile, "0")] {
      let answer = try await fixture.hedgerow(
        "query", "--format", "csv", "--set", "status=\(value)", "select count() as n from postgres_orders where status = {status}")
      #expect(answer.stdout == "n\r\n\(expected)\r\n")
    }
    let dotted = try await fixture.hedgerow(
      "query", "--format", "csv", "--set", "variables.ids=[1,3]", "select count() as n from postgres_orders where id in {variables.ids}")
    #expect(dotted.stdout == "n\r\n2\r\n")
  }

  @Test func `a mistake is shown where it is, and is wrong use`() async throws {
    let fixture = try await Self.synced()
    let wrong = try await fixture.hedgerow("query", "select id\nfrom postgres_order", expecting: 2).stderr
    #expect(wrong.contains("line 2, column 6") && wrong.contains("^^^^") && wrong.contains("postgres_orders"), "\(wrong)")
    let divided = try await fixture.hedgerow("query", "select intDiv(id, id - id) from postgres_orders", expecting: 1).stderr
    #expect(divided.contains("divided by zero"), "\(divided)")
    let long = try await fixture.hedgerow(
      "query", "--timeout", "1", "select count() from numbers(100000) a cross join numbers(1000000) b", expecting: 1).stderr
    #expect(long.contains("took longer"), "\(long)")
  }

  @Test func `queries see what hedgerow_reader may read, and nothing else`() async throws {
    let fixture = try await Self.synced()
    try fixture.warehouse("CREATE VIEW warehouse.paid AS SELECT id FROM warehouse.postgres_orders WHERE status = 'paid'")
    for table in ["paid", "hedgerow.source", "pg_catalog.pg_authid", "pg_class", "hedgerow_data.generation"] {
      try await fixture.hedgerow("query", "select * from \(table)", expecting: 2)
    }
    try fixture.warehouse("GRANT SELECT ON warehouse.paid TO hedgerow_reader")
    #expect(try await fixture.hedgerow("query", "--format", "csv", "select count() as n from paid").stdout == "n\r\n2\r\n")
    try fixture.warehouse("REVOKE SELECT ON warehouse.postgres_orders FROM hedgerow_reader")
    try await fixture.hedgerow("query", "select * from postgres_orders", expecting: 2)
  }

  @Test func `a stored link leads from one table to another`() async throws {
    let fixture = try await Self.synced()
    try await fixture.hedgerow("join", "add", "postgres.orders", "customer_id", "postgres_customers", "id", "--as", "customer")
    let query = "select customer.email as email, count() as n from postgres_orders group by email order by email"
    let answer = try await fixture.hedgerow("query", "--format", "csv", query).stdout
    #expect(answer == "email,n\r\nann@example.com,2\r\nbob@example.com,1\r\n")
    #expect(try await fixture.hedgerow("join", "list").stdout.contains("postgres_orders.customer"))
    let near = try await fixture.hedgerow("join", "add", "postgres.order", "customer_id", "postgres_customers", "id", expecting: 2).stderr
    #expect(near.contains("Did you mean"), "\(near)")
    try await fixture.hedgerow("join", "add", "postgres.orders", "customer", "postgres_customers", "id", expecting: 2)
    try await fixture.hedgerow("join", "add", "postgres.orders", "customer_id", "postgres_customers", "id", "--as", "status", expecting: 2)
    try await fixture.hedgerow("join", "remove", "postgres.orders", "customer")
    try await fixture.hedgerow("query", query, expecting: 2)
  }

  @Test func `a view on a function of HogQL that has to change stops queries, which name it, and no sync`() async throws {
    let fixture = try await Self.synced()
    try fixture.warehouse(
      """
      DROP FUNCTION hogql.decimal_text(numeric);
      CREATE FUNCTION hogql.decimal_text(value numeric) RETURNS integer LANGUAGE sql AS 'SELECT 1';
      CREATE VIEW public.mine AS SELECT hogql.decimal_text(1.5) AS n;
      UPDATE hedgerow.installed SET digest = 'another';
      """)
    for _ in 1...2 {
      try await fixture.sync()
      try await fixture.hedgerow("status")
      let refused = try await fixture.hedgerow("query", "select 1", expecting: 1).stderr
      #expect(refused.contains("view public.mine") && refused.contains("run hedgerow migrate"), "\(refused)")
    }
    #expect(try await fixture.hedgerow("doctor", expecting: 1).stdout.contains("view public.mine"))
    #expect(try await fixture.hedgerow("migrate", expecting: 1).stderr.contains("view public.mine"))
    try fixture.warehouse("DROP VIEW public.mine")
    try await fixture.hedgerow("migrate")
    try await fixture.hedgerow("query", "select 1")
    #expect(try fixture.warehouse("SELECT hogql.decimal_text(1.50)") == "1.5")
  }

  @Test func `translate shows the SQL, and runs nothing`() async throws {
    let fixture = try await Self.synced()
    let shown = try await fixture.hedgerow("translate", "--explain", "select id from postgres_orders where status = 'paid'").stdout
    #expect(shown.contains("\"warehouse\".\"postgres_orders\"") || shown.contains("warehouse.postgres_orders"), "\(shown)")
    #expect(shown.contains("Scan"), "\(shown)")
    let timed = try await fixture.hedgerow("translate", "--time", "select 1 as a")
    #expect(timed.stdout == "SELECT 1::bigint AS \"a\" LIMIT 100;\n")
    #expect(timed.stderr.wholeMatch(of: /\d+ µs\n/) != nil, "\(timed.stderr)")
  }

  @Test func `without LIMIT there are a hundred rows, or as many as --limit says`() async throws {
    let fixture = try await Self.synced()
    for (arguments, rows) in [([], 100), (["--limit", "7"], 7), (["--limit", "60000"], 60000)] {
      let answer = try await HedgerowProcess.run(
        ["query", "--format", "jsonl"] + arguments + ["select number from numbers(70000)"],
        environment: ["HEDGEROW_DATABASE_URL": fixture.warehouseURL])
      #expect(answer.stdout.utf8.count { $0 == 10 } == rows, "\(answer.stderr)")
    }
  }

  @Test func `Ctrl-C cancels the statement at the server`() async throws {
    let fixture = try await Self.synced()
    let run = try fixture.start("query", "--timeout", "0", "select count() from numbers(1000000) a cross join numbers(1000000) b")
    let running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid() AND datname = current_database()"
    #expect(waitUntil(timeout: .seconds(20)) { (try? fixture.warehouse(running)) == "1" })
    run.signal(SIGINT)
    let result = try await run.wait(timeout: .seconds(20))
    #expect(result.exit == 1 && result.stderr.contains("cancelled"), "\(result)")
    #expect(waitUntil(timeout: .seconds(10)) { (try? fixture.warehouse(running)) == "0" })
  }

  @Test func `a batch outlives a query that fails, and one that takes the session with it`() async throws {
    let fixture = try await Self.synced()
    let lines = [
      #"{"id": 1, "hogql": "select nothing from postgres_orders"}"#, "no JSON",
      #"{"id": 2, "hogql": "select count() from numbers(1000000) a cross join numbers(1000000) b"}"#,
      #"{"id": 3, "hogql": "select count() as n from postgres_orders where status = {s}", "values": {"s": "paid"}}"#,
    ]
    let run = try HedgerowProcess.start(
      ["query", "--batch", "--timeout", "0"], environment: ["HEDGEROW_DATABASE_URL": fixture.warehouseURL],
      input: lines.joined(separator: "\n"))
    let ended = waitUntil(timeout: .seconds(20)) {
      (try? fixture.warehouse(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid() AND datname = current_database()
        """)) == "1"
    }
    #expect(ended)
    let result = try await run.wait()
    let answers = result.stdout.split(separator: "\n").map(String.init)
    #expect(result.exit == 0 && answers.count == 4, "\(result)")
    #expect(answers.first?.contains(#""position":7"#) == true)
    #expect(answers.last == #"{"id":3,"columns":["n"],"rows":[[2]]}"#)
  }

  @Test func `a file with names lets queries read what the user may, and grants nothing`() async throws {
    let fixture = try await Self.synced()
    try fixture.warehouse("CREATE TABLE warehouse.plain AS SELECT 7 AS n")
    let rights = "SELECT string_agg(oid::regclass || ' ' || coalesce(relacl::text, '-'), ';' ORDER BY oid) FROM pg_class WHERE relnamespace IN ('warehouse'::regnamespace, 'hedgerow_data'::regnamespace)"
    let before = try fixture.warehouse(rights)
    let path = TestFolder.makeFolder("config") + "/config.json"
    try #"{"timezone": "UTC", "tables": {"my.plain": "plain"}}"#.write(toFile: path, atomically: true, encoding: .utf8)
    func run(_ arguments: String...) async throws -> HedgerowProcess.Result {
      try await HedgerowProcess.run(
        arguments, environment: ["HEDGEROW_DATABASE_URL": fixture.warehouseURL, "HEDGEROW_HOGQL_CONFIG": path])
    }
    #expect(try await run("query", "--format", "csv", "select n from my.plain").stdout == "n\r\n7\r\n")
    #expect(try await run("translate", "--explain", "select n from plain").stdout.contains("Scan"))
    #expect(try await run("query", "select * from hedgerow.source").exit == 2)
    #expect(try fixture.warehouse(rights) == before)
    #expect(try await fixture.hedgerow("query", "select n from plain", expecting: 2).stderr.contains("plain"))
  }

  @Test func `the project's time zone and first day of the week are stored`() async throws {
    let fixture = try await Self.synced()
    #expect(try await fixture.hedgerow("project").stdout == "timezone=UTC week_start=sunday\n")
    let query = "select toStartOfWeek(toDateTime('2024-01-07 23:30:00')) as week, toHour(placed_at) as hour from postgres_orders where id = 2"
    #expect(try await fixture.hedgerow("query", "--format", "csv", query).stdout == "week,hour\r\n2024-01-07,23\r\n")
    let changed = try await fixture.hedgerow("project", "timezone=europe/berlin", "week_start=Monday").stdout
    #expect(changed == "timezone=Europe/Berlin week_start=monday\n")
    #expect(try await fixture.hedgerow("query", "--format", "csv", query).stdout == "week,hour\r\n2024-01-01,0\r\n")
    let asked = try await fixture.hedgerow("query", "--timezone", "Asia/Tokyo", "--format", "csv", query).stdout
    #expect(asked == "week,hour\r\n2024-01-01,8\r\n")
    for (setting, told) in [
      ("timezone=Europe/Berln", "Did you mean Europe/Berlin?"), ("week_start=friday", "sunday or monday"),
      ("timezon=UTC", "Did you mean timezone?"), ("week_start=", "sunday or monday"),
    ] {
      let error = try await fixture.hedgerow("project", setting, expecting: 2).stderr
      #expect(error.contains(told), "\(error)")
    }
    #expect(try fixture.warehouse("SELECT timezone, week_start FROM hedgerow.project") == "Europe/Berlin|monday")
  }
}
