import Foundation
import TestSupport
import Testing

@testable import HogQL

/// What Postgres makes of the SQL: indexes serve conditions, and functions of the runtime vanish in plans.
@Suite struct PlanTests {
  /// A query and a column whose index its plan has to use.
  struct Plan: Sendable, CustomTestStringConvertible {
    var query: String
    var index: String

    init(_ query: String, _ index: String) {
      self.query = query
      self.index = index
    }

    var testDescription: String { query }
  }

  static let plans = [
    Plan("select id from orders where status = 'paid'", "status"),
    Plan("select id from orders where id = 7", "id"),
    Plan("select id from orders where id > 19990", "id"),
    Plan("select id from orders where quantity > 5 and id between 10 and 20", "id"),
    Plan("select id from orders where status in ('s1', 's2')", "status"),
    Plan("select id from orders where status like 's19%'", "status"),
    Plan("select id from orders where status >= 's999'", "status"),
    Plan("select id from orders where (status, id) in (('s1', 1), ('s2', 2))", "id"),
    Plan("select count() from orders where details.k = 's5'", "expr"),
    Plan("select id from orders where created_at >= '2020-07-25'", "created_at"),
    Plan("select count() from orders where toDate(created_at) = '2020-02-29'", "created_at"),
    Plan("select count() from orders where toDate(created_at) between '2020-02-01' and '2020-02-03'", "created_at"),
    Plan("select count() from orders where toStartOfMonth(created_at) = '2020-02-01'", "created_at"),
    Plan("select count() from orders where toStartOfWeek(created_at) = '2020-02-23'", "created_at"),
    Plan("select count() from orders where toYYYYMM(created_at) = 202002", "created_at"),
    Plan("select count() from orders where toYear(created_at) = 2019", "created_at"),
    Plan("select count() from orders where created_at >= now() - interval 100 day", "created_at"),
    Plan("select count() from orders where toDate(created_at) >= today() - 7", "created_at"),
    Plan("select count() from orders where toStartOfMonth(ordered_on) = '2020-02-01'", "ordered_on"),
    Plan("select count() from orders where ordered_on >= today() - 7", "ordered_on"),
    Plan("select count() from orders where ordered_on > toDateTime('2025-06-20 10:00:00')", "ordered_on"),
    Plan("select id from orders where created_at > '2020-01-05' order by created_at desc limit 5", "created_at"),
    Plan("select id from orders order by id limit 5", "id"),
    Plan("select id from orders where id in (select id from customers where name = 'n5')", "id"),
    Plan("select o.id from orders o join customers c on c.id = o.id where c.name = 'n5'", "id"),
    Plan("select customer_id, created_at from orders order by customer_id, created_at limit 1 by customer_id", "customer_id"),
    Plan("select status, groupArray(id) from (select id, status from orders order by created_at) where id > 19990 group by status", "id"),
    Plan("select argMax(status, created_at) from orders where customer_id = 5", "customer_id"),
    Plan("select o.id from orders o any left join customers c on c.id = o.customer_id where o.id = 5", "id"),
  ]

  @Test(arguments: plans)
  func `an index serves the query`(plan: Plan) throws {
    let database = try Self.database.get()
    let sql = try Shop.sql(plan.query)
    let text = try TestCluster.warehouse.psql("EXPLAIN \(sql)", database)
    #expect(text.contains("Index") && text.contains("_\(plan.index)"), "\(text)")
    #expect(!text.contains("Seq Scan on orders"), "\(text)")
  }

  @Test(arguments: try GoldenPair.read())
  func `the SQL that was agreed on runs`(pair: GoldenPair) throws {
    let plan = try TestCluster.warehouse.psql("SET statement_timeout = 20000; EXPLAIN \(pair.sql)", Self.database.get())
    #expect(plan.contains("(cost="), "\(plan)")
  }

  @Test func `functions of the runtime that are one expression are inlined`() throws {
    let lines = try TestCluster.warehouse.psql(Self.probe, Self.database.get()).split(separator: "\n")
    let seen = lines.filter { $0.hasPrefix("seen ") }.map { $0.dropFirst(5) }
    #expect(seen.count > 100 && seen.contains("time_bucket") && seen.contains("position"), "\(seen)")
    #expect(lines.filter { !$0.hasPrefix("seen ") } == [])
  }

  private static let database = Result {
    let url = try TestCluster.warehouse.createDatabase(named: "plans")
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../sql/hogql").standardized
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    for file in files.sorted(by: { $0.lastPathComponent < $1.lastPathComponent }) where file.lastPathComponent < "9" {
      try TestCluster.warehouse.psql("SET client_min_messages = warning;" + String(contentsOf: file, encoding: .utf8), url)
    }
    try TestCluster.warehouse.psql(tables, url)
    return url
  }

  private static let tables = """
    CREATE SCHEMA warehouse;
    CREATE TABLE warehouse.orders (id bigint, customer_id bigint, status text, amount numeric(12,2),
      discount double precision, quantity bigint, is_gift boolean, ordered_on date, created_at timestamptz,
      tags text[] NOT NULL, details jsonb);
    INSERT INTO warehouse.orders SELECT n, n % 5000, 's' || n % 2000, n, n, n % 100, n % 2 = 0,
      '2020-01-01'::date + (n % 2000)::int, '2020-01-01 00:00+00'::timestamptz + n * interval '15 minutes', '{a}',
      jsonb_build_object('k', 's' || n % 1000) FROM generate_series(1, 20000) n;
    CREATE INDEX ON warehouse.orders (id);
    CREATE INDEX ON warehouse.orders (status text_pattern_ops);
    CREATE INDEX ON warehouse.orders (status COLLATE "C", id);
    CREATE INDEX ON warehouse.orders (ordered_on);
    CREATE INDEX ON warehouse.orders (created_at);
    CREATE INDEX ON warehouse.orders (customer_id, created_at);
    CREATE INDEX ON warehouse.orders ((details ->> 'k'));
    CREATE TABLE warehouse.customers (id bigint, email text, name text);
    INSERT INTO warehouse.customers SELECT n, 'e' || n, 'n' || n FROM generate_series(1, 5000) n;
    CREATE INDEX ON warehouse.customers (id);
    CREATE TABLE warehouse.stripe_charge (id text, amount bigint, currency text);
    CREATE TABLE warehouse.stripe_customer (id text, email text, balance bigint);
    CREATE TABLE warehouse.events (uuid uuid NOT NULL, event text NOT NULL, timestamp timestamptz NOT NULL,
      distinct_id text NOT NULL, person_id uuid NOT NULL, properties jsonb NOT NULL, "$group_0" text NOT NULL);
    CREATE TABLE warehouse.persons (id uuid NOT NULL, created_at timestamptz NOT NULL, properties jsonb NOT NULL,
      is_identified boolean NOT NULL);
    CREATE TABLE warehouse.groups (index bigint NOT NULL, key text NOT NULL, properties jsonb NOT NULL);
    ANALYZE;
    """

  /// The names of functions of one SELECT without FROM that were looked at, and of those whose call is still in a plan.
  private static let probe = #"""
    SET client_min_messages = error;
    CREATE TEMP TABLE found (name text);
    CREATE TEMP TABLE seen (name text);
    DO $$
    DECLARE f record; columns text; arguments text; plan text; line text;
    BEGIN
      FOR f IN SELECT p.proname, p.proargtypes::oid[] AS types FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'hogql'::regnamespace AND l.lanname = 'sql' AND p.prokind = 'f' AND NOT p.proretset
          AND p.pronargs > 0 AND regexp_replace(p.prosrc, '\m(extract|trim|substring|overlay)\([^()]*(\([^()]*\)[^()]*)*\)', '', 'gi') !~* '\mFROM\M'
          AND p.prosrc !~* 'select.*\mselect\M'
          AND NOT 'anycompatiblearray'::regtype::oid = ANY (p.proargtypes) LOOP
        SELECT string_agg(format('c%s %s', i, CASE t::regtype::text WHEN 'anyarray' THEN 'bigint[]' WHEN 'anyelement' THEN 'bigint'
            ELSE t::regtype::text END), ', ' ORDER BY i), string_agg('c' || i, ', ' ORDER BY i)
          INTO columns, arguments FROM unnest(f.types) WITH ORDINALITY AS u (t, i);
        INSERT INTO seen VALUES (f.proname);
        EXECUTE format('CREATE TEMP TABLE probe (%s)', columns);
        plan := '';
        FOR line IN EXECUTE format('EXPLAIN (VERBOSE, COSTS OFF) SELECT hogql.%I(%s) FROM probe', f.proname, arguments) LOOP
          plan := plan || line;
        END LOOP;
        IF strpos(plan, 'hogql.' || quote_ident(f.proname) || '(') > 0 THEN INSERT INTO found VALUES (f.proname); END IF;
        DROP TABLE probe;
      END LOOP;
    END $$;
    SELECT DISTINCT 'seen ' || name FROM seen UNION ALL SELECT DISTINCT name FROM found ORDER BY 1;
    """#
}
