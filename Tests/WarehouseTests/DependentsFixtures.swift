import Testing

/// Thirty views, each on the one before, with rights and comments.
func thirtyViews(of column: String) -> String {
  (1...30).map { number in
    let below = number == 1 ? "$table" : "warehouse.v\(number - 1)"
    return """
      CREATE VIEW warehouse.v\(number) AS SELECT id, \(column) FROM \(below);
      GRANT SELECT ON warehouse.v\(number) TO $reader;
      COMMENT ON VIEW warehouse.v\(number) IS 'number \(number)';

      """
  }.joined()
}

/// One of each kind of object that can hang on a synced table or stand on it.
let everything = #"""
  ALTER TABLE $table ALTER name SET STORAGE EXTERNAL, ALTER note SET STATISTICS 300,
    REPLICA IDENTITY USING INDEX "key 🌿", ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
  COMMENT ON TABLE $table IS 'it''s 🌿'; COMMENT ON COLUMN $table.id IS 'the id';
  COMMENT ON CONSTRAINT positive ON $table IS 'a check'; COMMENT ON INDEX warehouse."by name" IS 'an index';
  GRANT SELECT ON $table TO $reader WITH GRANT OPTION; GRANT UPDATE (id, name) ON $table TO $stranger, $reader;
  GRANT SELECT, INSERT ON $table TO $boss; GRANT SELECT ON $table TO PUBLIC;
  CREATE POLICY "see some" ON $table FOR SELECT TO $reader, $stranger USING (id > 5 AND amount < 1e6);
  COMMENT ON POLICY "see some" ON $table IS 'a policy';
  CREATE POLICY "see all" ON $table TO $owner, $boss USING (true) WITH CHECK (id > 0);
  CREATE FUNCTION warehouse.noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  CREATE TRIGGER "on 🌿" AFTER UPDATE OF id, amount ON $table FOR EACH ROW WHEN (new.id > 3)
    EXECUTE FUNCTION warehouse.noted();
  CREATE TRIGGER off BEFORE INSERT ON $table FOR EACH ROW EXECUTE FUNCTION warehouse.noted();
  ALTER TABLE $table DISABLE TRIGGER off;
  CREATE RULE never AS ON DELETE TO $table WHERE old.id < 0 DO INSTEAD NOTHING;
  COMMENT ON RULE never ON $table IS 'a rule';
  CREATE STATISTICS warehouse.together (dependencies) ON id, name FROM $table;
  CREATE PUBLICATION changes FOR TABLE $table;

  CREATE TABLE warehouse.child (id bigint REFERENCES $table (id) ON UPDATE CASCADE DEFERRABLE);
  INSERT INTO warehouse.child VALUES (1), (2);
  CREATE TABLE warehouse.secret (id bigint);
  CREATE VIEW warehouse.sorted WITH (security_barrier) AS
    SELECT id, name, amount FROM $table WHERE id > 0 WITH LOCAL CHECK OPTION;
  COMMENT ON COLUMN warehouse.sorted.name IS 'a name';
  ALTER VIEW warehouse.sorted ALTER name SET DEFAULT 'none 🌿';
  GRANT SELECT (id) ON warehouse.sorted TO $stranger; GRANT SELECT ON warehouse.sorted TO $reader WITH GRANT OPTION;
  CREATE TRIGGER instead INSTEAD OF INSERT ON warehouse.sorted FOR EACH ROW EXECUTE FUNCTION warehouse.noted();
  CREATE RULE upon AS ON UPDATE TO warehouse.sorted DO INSTEAD UPDATE $table SET amount = new.amount WHERE id = new.id;
  CREATE VIEW warehouse.grouped AS SELECT id, name, amount, count(*) FROM $table GROUP BY id;
  CREATE POLICY "by view" ON warehouse.secret USING (EXISTS (SELECT FROM warehouse.sorted AS s WHERE s.id = secret.id));
  CREATE FUNCTION warehouse.first_of(s warehouse.sorted) RETURNS numeric LANGUAGE sql SECURITY DEFINER
    AS 'SELECT s.amount';
  REVOKE EXECUTE ON FUNCTION warehouse.first_of FROM PUBLIC; GRANT EXECUTE ON FUNCTION warehouse.first_of TO $reader;
  COMMENT ON FUNCTION warehouse.first_of IS 'a function';
  CREATE VIEW warehouse.bosses AS SELECT id, amount FROM warehouse.sorted; ALTER VIEW warehouse.bosses OWNER TO $boss;
  CREATE MATERIALIZED VIEW warehouse.copy WITH (fillfactor = 70) AS SELECT id, amount FROM warehouse.sorted;
  CREATE UNIQUE INDEX copy_id ON warehouse.copy (id); COMMENT ON INDEX warehouse.copy_id IS 'of the copy';
  ALTER MATERIALIZED VIEW warehouse.copy CLUSTER ON copy_id; GRANT SELECT ON warehouse.copy TO $reader;
  CREATE MATERIALIZED VIEW warehouse.summary AS SELECT max(id) AS largest, sum(amount) FROM warehouse.copy;
  CREATE MATERIALIZED VIEW warehouse.later AS SELECT id, amount FROM warehouse.copy WITH NO DATA;
  """#

/// Something that a change of a column's type must stop at.
struct Obstacle: CustomTestStringConvertible {
  let testDescription: String
  let sql: String
  var column = "amount"
  var type = "numeric"
  /// What the error says among other things.
  let named: [String]

  static let all = [
    Obstacle(
      testDescription: "a generated column",
      sql: "ALTER TABLE $table ADD doubled integer GENERATED ALWAYS AS (id * 2) STORED", column: "id", type: "bigint",
      named: [#"generated column warehouse."Tab ""1"" 🌿".doubled"#]),
    Obstacle(
      testDescription: "a view whose function takes the old type only",
      sql: """
        CREATE FUNCTION warehouse.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
        CREATE VIEW warehouse.inner AS SELECT id FROM $table;
        CREATE VIEW warehouse."outer 🌿" AS SELECT warehouse.f(id) FROM warehouse.inner;
        """, column: "id", type: "bigint",
      named: [#"view warehouse."outer 🌿" does not work"#, "function warehouse.f(bigint) does not exist"]),
    Obstacle(
      testDescription: "a table with a column of the table's row type",
      sql: "CREATE TABLE warehouse.holder (row_of $table)", column: "id", type: "bigint",
      named: ["table warehouse.holder"]),
    Obstacle(
      testDescription: "the same, where the table is altered in place",
      sql: "CREATE TABLE warehouse.holder (row_of $table)", named: ["table warehouse.holder"]),
    Obstacle(
      testDescription: "a table with a column of a view's row type",
      sql: "CREATE VIEW warehouse.v AS SELECT amount FROM $table; CREATE TABLE warehouse.holder (row_of warehouse.v)",
      named: ["table warehouse.holder"]),
    Obstacle(
      testDescription: "a domain over the row type",
      sql: "CREATE DOMAIN warehouse.whole AS $table", column: "id", type: "bigint", named: ["type warehouse.whole"]),
    Obstacle(
      testDescription: "an aggregate over a view",
      sql: """
        CREATE VIEW warehouse.v AS SELECT amount FROM $table;
        CREATE FUNCTION warehouse.next(integer, warehouse.v) RETURNS integer LANGUAGE sql AS 'SELECT 1';
        CREATE AGGREGATE warehouse.total(warehouse.v) (sfunc = warehouse.next, stype = integer);
        """, named: ["aggregate warehouse.total(warehouse.v)"]),
    Obstacle(
      testDescription: "a foreign key that cannot compare the types",
      sql: "CREATE TABLE warehouse.child (id integer CONSTRAINT \"to it\" REFERENCES $table (id))", column: "id",
      type: "uuid", named: []),
    Obstacle(
      testDescription: "a check that does not know the new type",
      sql: "CREATE VIEW warehouse.v AS SELECT id FROM $table", column: "id", type: "text",
      named: ["table constraint positive", "operator does not exist"]),
    Obstacle(
      testDescription: "views that stand on each other in a circle",
      sql: """
        CREATE VIEW warehouse.a AS SELECT amount FROM $table;
        CREATE VIEW warehouse.b AS SELECT amount FROM warehouse.a;
        CREATE OR REPLACE VIEW warehouse.a AS SELECT t.amount FROM warehouse.b, $table AS t;
        """, named: ["circle"]),
    Obstacle(
      testDescription: "a type that is none", sql: "", type: "numeric; DROP TABLE x", named: ["numeric; DROP TABLE x"]),
    Obstacle(
      testDescription: "a second partition",
      sql: "CREATE TABLE hedgerow_data.extra PARTITION OF $table FOR VALUES IN (-1)", column: "id", type: "bigint",
      named: []),
  ]
}
