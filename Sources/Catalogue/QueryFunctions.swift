import Postgres
import SQLText

/// The functions that translated HogQL calls. They are replaced all together or not at all: people build views on them,
/// and a view that stands in the way is theirs to drop.
enum QueryFunctions {
  /// What people made that stands on functions which cannot be replaced in their place.
  struct Obstacle: Sendable {
    /// As `name(types)`, in the namespace `hogql`.
    var functions: [String]
    var users: [String]

    var inWords: CatalogueError {
      let changed = functions.map { "hogql.\($0)" }.joined(separator: ", ")
      return CatalogueError(
        "HogQL's functions cannot be brought to this version, since others stand on \(changed), which must be made anew: \(users.joined(separator: ", "))",
        hint: "Keep their definitions (SELECT pg_get_viewdef('...') shows a view's), drop them, run hedgerow migrate, and make them again. Syncs go on meanwhile; HogQL queries wait for it.")
    }
  }

  /// - Returns: what stands in the way; the functions are as they were then.
  static func replace(_ transaction: borrowing Transaction) throws(PostgresError) -> Obstacle? {
    do {
      try transaction.savepoint { () throws(PostgresError) in try run(SQLFile.queries, transaction) }
      return nil
    } catch {
      // Another result or other names of arguments; another kind of routine.
      guard ["42P13", "42809"].contains(error.sqlState) else { throw error }
      let changed = try changedFunctions(transaction)
      guard !changed.isEmpty else { throw error }
      return try makeAnew(changed, transaction)
    }
  }

  /// Functions whose arguments or result changed are dropped first, where nobody but hogql uses them, and get back
  /// their privileges.
  private static func makeAnew(_ changed: [String], _ transaction: borrowing Transaction) throws(PostgresError) -> Obstacle? {
    let names = ArrayText.format(changed)
    let users = try texts("SELECT hedgerow.users_beside_hogql(\(names)::text[]) AS texts", transaction)
    guard users.isEmpty else { return Obstacle(functions: changed, users: users) }
    let grants = try transaction.query("SELECT hedgerow.drop_routines(\(names)::text[])::text AS grants")[0].text("grants")
    try run(SQLFile.queries, transaction)
    try transaction.execute("SELECT hedgerow.restore_routines(\(grants)::jsonb)")
    try run(SQLFile.queries.suffix(1), transaction)
    return nil
  }

  /// Makes all functions in an empty namespace, compares, and takes that back.
  private static func changedFunctions(_ transaction: borrowing Transaction) throws(PostgresError) -> [String] {
    try transaction.script("SAVEPOINT aside; ALTER SCHEMA hogql RENAME TO hedgerow_hogql_before")
    try run(SQLFile.queries, transaction)
    let changed = try texts("SELECT hedgerow.changed_routines('hedgerow_hogql_before', 'hogql') AS texts", transaction)
    try transaction.script("ROLLBACK TO SAVEPOINT aside; RELEASE SAVEPOINT aside")
    return changed
  }

  private static func texts(_ sql: SQL, _ transaction: borrowing Transaction) throws(PostgresError) -> [String] {
    try transaction.query(sql)[0]["texts"].map(ArrayText.parse) ?? []
  }

  private static func run(_ files: some Sequence<SQLFile>, _ transaction: borrowing Transaction) throws(PostgresError) {
    for file in files { try transaction.script(file.text) }
  }
}
