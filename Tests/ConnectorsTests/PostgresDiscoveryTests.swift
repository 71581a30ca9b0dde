import ConnectorKit
import Rows
import TestSupport
import Testing

@testable import Connectors

@Suite struct PostgresDiscoveryTests {
  @Test func `each kind of table is found once, by its own name`() async throws {
    let source = try SourceDatabase(
      """
      CREATE TABLE plain (id int PRIMARY KEY);
      CREATE TABLE parted (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
      CREATE TABLE parted_2023 PARTITION OF parted FOR VALUES FROM ('2023-01-01') TO ('2024-01-01') PARTITION BY LIST (id);
      CREATE TABLE parted_2023_rest PARTITION OF parted_2023 DEFAULT;
      CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
      INSERT INTO parted SELECT i, date '2023-06-01' + i FROM generate_series(1, 500) i; ANALYZE parted;
      CREATE TABLE parent (id int); CREATE TABLE child (extra int) INHERITS (parent);
      CREATE UNLOGGED TABLE unlogged (id int);
      CREATE VIEW shown AS SELECT id FROM plain;
      CREATE MATERIALIZED VIEW kept AS SELECT id FROM plain;
      CREATE SEQUENCE counter; CREATE INDEX ON plain (id); CREATE TYPE pair AS (a int, b int); CREATE TABLE empty_of_columns ();
      CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
      CREATE FOREIGN TABLE afar (line text) SERVER files OPTIONS (filename '/etc/hostname');
      CREATE SCHEMA other; CREATE TABLE other.hidden (id int);
      """)
    let found = try await source.discover()
    #expect(found.keys.sorted() == ["afar", "child", "kept", "parent", "parted", "plain", "shown", "unlogged"])
    #expect(found["parted"]?.key == ["id", "at"])
    #expect(found["parted"]?.estimatedRows == 500)
    #expect((found["parted"]?.estimatedBytes ?? 0) > 8000)
    #expect(found["shown"]?.key == [])
    #expect(found["plain"]?.remote["namespace"] == "public")
  }

  @Test func `names and columns may be anything`() async throws {
    let long = String(repeating: "ö", count: 31) + "x"
    let source = try SourceDatabase(
      """
      CREATE TABLE "select" ("from" int PRIMARY KEY, "UPPER" text, "say ""hi""\" int, "it's" int, "back\\slash" int, "größe 🌿" int, "\(long)" int, "a,b" int);
      CREATE TABLE "Weird ""Table"" 🌿" (id int PRIMARY KEY); CREATE TABLE "\(long)" (id int);
      CREATE TABLE made (gone int, id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, also_gone int);
      ALTER TABLE made DROP gone, DROP also_gone;
      INSERT INTO "select" VALUES (1); INSERT INTO made VALUES (21);
      CREATE TABLE keyed ("a,b" int, "c""d" int, "null" int, PRIMARY KEY ("a,b", "c""d", "null"));
      """)
    let found = try await source.discover()
    #expect(found.keys.sorted() == ["Weird \"Table\" 🌿", "keyed", "made", "select", long].sorted())
    #expect(found["select"]?.columns.map(\.name) == ["from", "UPPER", "say \"hi\"", "it's", "back\\slash", "größe 🌿", long, "a,b"])
    #expect(found["made"]?.columns.map(\.name) == ["id", "twice"])
    #expect(found["made"]?.columns.map(\.number) == [2, 3])
    #expect(found["keyed"]?.key == ["a,b", "c\"d", "null"])
    let connector = try source.connector()
    for schema in found.values {
      let session = try await connector.open(ReadRequest(label: "s.t", remote: schema.remote))
      #expect(try await session.count(.all) == (["select", "made"].contains(schema.name) ? 1 : 0))
      await session.close()
    }
  }

  @Test func `a type is kept where the warehouse has it, and noted where it has not`() async throws {
    let source = try SourceDatabase(Self.types)
    let found = try await source.discover()
    #expect(
      found["typed"]?.types == [
        "id": "bigint", "price": "numeric(12,2)", "code": "character varying(5)", "at": "timestamp(3) with time zone", "tags": "text[]",
        "mood": "text", "moods": "text[]", "positive": "integer", "positives": "integer[]", "net": "integer", "ids": "integer[]",
        "ids_list": "text[]", "moody": "text", "span": "text", "spans": "text[]", "whole": "int4range", "address": "jsonb",
        "addresses": "jsonb", "ci": "text", "cis": "text[]", "email": "text", "h": "jsonb", "hs": "jsonb", "money": "text", "tbl": "text",
      ])
    for column in found["typed"]?.columns ?? [] {
      let isSame = column.type == column.sourceType
      #expect((column.note == nil) == isSame, "\(column.name): \(column.note ?? "no note")")
    }
    let rich = try await source.discover(extensions: ["citext.citext": "public.citext", "hstore.hstore": "\"my ext\".hstore"])
    let types = rich["typed"]?.types ?? [:]
    #expect([types["ci"], types["cis"], types["email"], types["h"], types["hs"]] == ["public.citext", "text[]", "public.citext", "\"my ext\".hstore", "text[]"])
  }

  @Test(arguments: [[:], ["citext.citext": "public.citext", "hstore.hstore": "public.hstore"]])
  func `rows of every such type can be read`(extensions: [String: String]) async throws {
    let source = try SourceDatabase(Self.types)
    let connector = try source.connector(extensions: extensions)
    let schema = try #require(try await connector.discover().first { $0.name == "typed" })
    let session = try await connector.open(ReadRequest(label: "s.typed", remote: schema.remote))
    #expect(try await session.count(.all) == 2)
    await session.close()
  }

  private static let types = """
    CREATE EXTENSION citext; CREATE EXTENSION hstore;
    CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN net AS positive;
    CREATE DOMAIN ids AS int[]; CREATE DOMAIN moody AS mood; CREATE TYPE span AS RANGE (subtype = float8);
    CREATE TYPE address AS (street text, "No." int); CREATE DOMAIN email AS citext;
    CREATE TABLE typed (id bigint, price numeric(12,2), code varchar(5), at timestamptz(3), tags text[], mood mood, moods mood[],
      positive positive, positives positive[], net net, ids ids, ids_list ids[], moody moody, span span, spans span[], whole int4range,
      address address, addresses address[], ci citext, cis citext[], email email, h hstore, hs hstore[], money money, tbl regclass);
    INSERT INTO typed VALUES (1, 1.5, 'a', now(), '{a,NULL}', 'sad', '{sad,NULL}', 1, '{1,NULL}', 2, '{1,2}', ARRAY['{1,2}'::ids], 'sad',
      '[1,2)', ARRAY['[1,2)'::span], '[1,5)', ('x', 1), ARRAY[('x', 1)::address], 'A', '{A,NULL}', 'A@b', 'a=>1', ARRAY['a=>NULL'::hstore],
      1.5, 'typed');
    INSERT INTO typed (id) VALUES (2);
    """

  @Test func `a key is the primary one, or the shortest that is unique and never NULL`() async throws {
    let source = try SourceDatabase(
      """
      CREATE TABLE a (x int NOT NULL UNIQUE, y int, z int, PRIMARY KEY (z, y));
      CREATE TABLE b (x int NOT NULL, y int NOT NULL, z int NOT NULL, UNIQUE (x, y), UNIQUE (z));
      CREATE TABLE c (x int UNIQUE, y int NOT NULL); CREATE UNIQUE INDEX ON c (y) WHERE y > 0; CREATE UNIQUE INDEX ON c ((y + 1));
      CREATE TABLE d (x int NOT NULL UNIQUE DEFERRABLE, y int NOT NULL); CREATE INDEX ON d (y);
      CREATE TABLE e (x int NOT NULL, y int NOT NULL, note text); CREATE UNIQUE INDEX ON e (y, x) INCLUDE (note);
      CREATE TABLE f (x int NOT NULL, y int); CREATE UNIQUE INDEX ON f (x, y);
      """)
    let found = try await source.discover()
    #expect(found.mapValues(\.key) == ["a": ["z", "y"], "b": ["z"], "c": [], "d": [], "e": ["y", "x"], "f": []])
  }

  @Test func `candidates for the cursor come best first, with what serves them`() async throws {
    let source = try SourceDatabase(
      """
      CREATE TABLE orders (id bigserial PRIMARY KEY, note text, created_at timestamptz, updated_at timestamp(3) NOT NULL, day date, n numeric(9,0), f float8);
      CREATE INDEX ON orders (updated_at); CREATE INDEX ON orders (day) WHERE day > '2020-01-01'; CREATE INDEX ON orders USING hash (n);
      CREATE TABLE cached (id bigint GENERATED ALWAYS AS IDENTITY (CACHE 50) PRIMARY KEY); CREATE TABLE none (t text);
      """)
    let found = try await source.discover()
    let candidates = found["orders"]?.candidates ?? []
    #expect(candidates.map(\.name) == ["updated_at", "created_at", "id", "day", "n"])
    #expect(candidates.map(\.isIndexed) == [true, false, true, false, false])
    #expect(found["cached"]?.candidates[0].note?.contains("50 values") == true)
    #expect(found["none"]?.candidates.isEmpty == true)
  }

  @Test func `several namespaces are part of the names`() async throws {
    let source = try SourceDatabase("CREATE SCHEMA a; CREATE SCHEMA \"B c\"; CREATE TABLE a.t (id int); CREATE TABLE \"B c\".t (id int); CREATE TABLE u (id int)")
    #expect(try await source.discover(["schema": "a"]).keys.sorted() == ["t"])
    #expect(try await source.discover(["schema": "a, B c"]).keys.sorted() == ["B c.t", "a.t"])
    #expect(try await source.discover(["schema": "*"]).keys.sorted() == ["B c.t", "a.t", "public.u"])
  }

  /// Takes some 10 s, nearly all of it to make the tables. A quiet machine needs less than two for the discovery; how
  /// loaded this one is shows in a tenth of the tables.
  @Test func `ten thousand tables are found in a time that grows with their number`() async throws {
    let server = try TestCluster.start(settings: ["max_locks_per_transaction": "400"])
    let url = try server.createDatabase()
    let connector = try SourceDatabase().connector(["url": url])
    try Self.makeTables(1...1000, server, url)
    let few = try await Self.discover(connector)
    try Self.makeTables(1001...10_000, server, url)
    let many = try await Self.discover(connector)
    #expect(few.found.count == 1000)
    #expect(many.found.count == 10_000)
    #expect(many.found.allSatisfy { $0.columns.count == 4 && $0.key == ["id"] && $0.candidates.count == 4 })
    #expect(many.took < max(.seconds(5), few.took * 40), "it took \(many.took), and \(few.took) for a tenth of them")
    await connector.close()
    try server.remove()
  }

  private static func makeTables(_ numbers: ClosedRange<Int>, _ server: TestCluster, _ url: String) throws {
    try server.psql(
      """
      DO $$ BEGIN FOR i IN \(numbers.lowerBound)..\(numbers.upperBound) LOOP
        EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, at timestamptz, n numeric(10,2), v int)', i);
      END LOOP; END $$;
      ANALYZE pg_catalog.pg_class
      """, url)
  }

  private static func discover(_ connector: any Connector) async throws -> (found: [SourceSchema], took: Duration) {
    let start = ContinuousClock.now
    let found = try await connector.discover()
    return (found, ContinuousClock.now - start)
  }
}
