import FoundationEssentials
import TestSupport

/// A database of its own with the functions that change column types, one synced table of 1,000 rows, and an owner
/// that is no superuser.
///
/// In its SQL `$table` is the table, `$owner`, `$reader`, `$boss` and `$stranger` are roles. The owner is a member of
/// `$boss` alone.
struct SyncedTable {
  let url: String
  private let words: [(String, String)]

  init() throws {
    url = try TestCluster.warehouse.createDatabase(named: "widen")
    let database = try TestCluster.warehouse.psql("SELECT current_database()", url)
    words =
      ["owner", "reader", "boss", "stranger"].map { ("$\($0)", "\"\($0) 🌿 \(database)\"") }
      + [("$table", #"warehouse."Tab ""1"" 🌿""#)]
    try asSuperuser(Self.roles + "\nGRANT CREATE ON DATABASE \"\(database)\" TO $owner;")
    try TestCluster.warehouse.psql("SET client_min_messages = warning;" + Self.functions(), url)
    try run(Self.table)
  }

  /// Runs statements as the owner, each in a transaction of its own, and returns the rows.
  @discardableResult
  func run(_ sql: String, as role: String = "$owner") throws -> String {
    try asSuperuser("SET SESSION AUTHORIZATION \(role); SET client_min_messages = warning;\n\(sql)")
  }

  @discardableResult
  func asSuperuser(_ sql: String) throws -> String {
    try TestCluster.warehouse.psql(words.reduce(sql) { $0.replacing($1.0, with: $1.1) }, url)
  }

  /// Changes a column's type and returns the names of what was made again.
  @discardableResult
  func change(_ column: String, to type: String) throws -> [String] {
    try run("SELECT unnest(hedgerow.change_column_type('$table', '\(column)', '\(type)'))")
      .split(separator: "\n").map(String.init)
  }

  /// Every table, view, right, policy, trigger, key, comment and so on, a line each, in order. `withTypes` false leaves
  /// out the types of columns and the text of views and functions.
  func state(withTypes: Bool = true) throws -> [String] {
    try asSuperuser(Self.stateQuery).split(separator: "\u{1e}\n").map(String.init)
      .filter { withTypes || !$0.hasPrefix("type ") }
  }

  /// The files in which the generation's rows and indexes are stored.
  func files() throws -> String {
    try asSuperuser(
      "SELECT relname, relfilenode FROM pg_class WHERE relnamespace = 'hedgerow_data'::regnamespace ORDER BY 1")
  }

  private static let roles = """
    CREATE ROLE $owner; CREATE ROLE $reader; CREATE ROLE $boss; CREATE ROLE $stranger;
    GRANT $boss TO $owner;
    CREATE SCHEMA hedgerow;
    GRANT USAGE ON SCHEMA hedgerow TO PUBLIC;
    CREATE SCHEMA warehouse AUTHORIZATION $owner;
    CREATE SCHEMA hedgerow_data AUTHORIZATION $owner;
    GRANT USAGE, CREATE ON SCHEMA warehouse TO $boss, $stranger;
    """

  private static let table = """
    CREATE TABLE $table (
      id integer NOT NULL DEFAULT 7, name varchar(10) COLLATE "C" NOT NULL, amount numeric(10, 2), size real, note text,
      CONSTRAINT "key 🌿" PRIMARY KEY (id), CONSTRAINT positive CHECK (id > 0)
    ) PARTITION BY LIST (id);
    CREATE TABLE hedgerow_data.g42 PARTITION OF $table DEFAULT;
    INSERT INTO $table SELECT i, 'n' || i, i, i, 'note ' || i FROM generate_series(1, 1000) AS i;
    CREATE INDEX "by name" ON $table (name);
    """

  /// Each is loaded by itself, in any order: what they call is looked up when it is called.
  private static func functions() throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../sql/functions")
    return try [
      "alter_columns", "column_settings", "comments", "dependents", "fate_of_dependent", "object_definition",
      "parent_definition", "rebuild_parent", "recreate_dependents", "restore_grants", "saved_dependents",
      "table_attachments", "view_definition", "widen_column",
    ].map { try String(contentsOf: folder.appending(path: "\($0).sql"), encoding: .utf8) }.joined()
  }

  private static let stateQuery = """
    SET search_path = pg_catalog;
    WITH mine AS (
      SELECT * FROM pg_class
      WHERE relnamespace::regnamespace::text IN ('warehouse', 'hedgerow_data', 'public') AND relkind <> 'c'
    ), line (line) AS (
      SELECT concat_ws(' ', relkind, oid::regclass, relowner::regrole, reloptions, relrowsecurity, relforcerowsecurity,
        relreplident, relispopulated, obj_description(oid, 'pg_class'),
        (SELECT array_agg(a ORDER BY a) FROM unnest(relacl::text[]) AS a)) FROM mine
      UNION ALL SELECT concat_ws(' ', 'column', c.oid::regclass, a.attname, a.attnotnull, a.attacl,
        (SELECT a.attstorage FROM pg_type AS t WHERE t.oid = a.atttypid AND t.typstorage <> a.attstorage), a.attoptions,
        col_description(c.oid, a.attnum), pg_get_expr(d.adbin, c.oid))
        FROM mine AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND relkind NOT IN ('i', 'I')
        LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
      UNION ALL SELECT concat_ws(' ', 'type', c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attcollation::regcollation) FROM mine AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
      UNION ALL SELECT concat_ws(' ', 'type', oid::regclass, pg_get_viewdef(oid)) FROM mine WHERE relkind IN ('v', 'm')
      UNION ALL SELECT concat_ws(' ', 'type', oid::regprocedure, pg_get_functiondef(oid)) FROM pg_proc
        WHERE pronamespace = 'warehouse'::regnamespace AND prokind <> 'a'
      UNION ALL SELECT concat_ws(' ', 'routine', oid::regprocedure, proowner::regrole, proacl,
        obj_description(oid, 'pg_proc')) FROM pg_proc WHERE pronamespace = 'warehouse'::regnamespace
      UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, contype, convalidated,
        obj_description(oid, 'pg_constraint'), CASE WHEN contype <> 'c' THEN pg_get_constraintdef(oid) END)
        FROM pg_constraint WHERE conrelid IN (SELECT oid FROM mine) AND (contype <> 'f' OR conparentid = 0)
      UNION ALL SELECT concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident)
        FROM pg_index WHERE indrelid IN (SELECT oid FROM mine)
      UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger'))
        FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT concat_ws(' ', 'policy', polrelid::regclass, polname, polcmd, polpermissive,
        polroles::regrole[], polqual IS NULL, polwithcheck IS NULL, obj_description(oid, 'pg_policy')) FROM pg_policy
      UNION ALL SELECT concat_ws(' ', 'rule', ev_class::regclass, rulename, ev_enabled,
        obj_description(oid, 'pg_rewrite')) FROM pg_rewrite WHERE ev_class IN (SELECT oid FROM mine)
      UNION ALL SELECT concat_ws(' ', 'published', p.pubname, schemaname, tablename) FROM pg_publication_tables AS p
      UNION ALL SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(oid), stxstattarget) FROM pg_statistic_ext
    )
    SELECT line || chr(30) FROM line ORDER BY line COLLATE "C";
    """
}
