import ConnectorKit
import Postgres
import SQLText

/// Where a table is now, and in which system.
struct PostgresPlace: Sendable {
  var namespace: String
  var name: String
  var number: UInt32
  /// `pg_class.relkind`.
  var kind: String
  /// A cursor is worth something in one system only (`PostgresIdentity`).
  var identity: String
  /// Whether it is the table that was asked for, and not another one under its name: columns have the numbers then by
  /// which they were known.
  var keepsNumbers: Bool
  /// The names of its columns by their numbers.
  private var columns: [Int: String]

  /// Finds the table by its number, which lasts when it is renamed; where numbers mean nothing, by its name.
  ///
  /// - Throws: `.replaced` where a cursor belongs to another system, `.missing` where the table is not there.
  static func find(_ request: ReadRequest, _ connection: Connection) async throws -> PostgresPlace {
    let identity = try await PostgresIdentity.find(connection)
    try request.refuseReplaced(by: identity)
    let isSameSystem = PostgresIdentity.keepsNumbers(request.identity, identity)
    let rows = try await connection.query(
      """
      SELECT c.oid, n.nspname AS namespace, c.relname AS name, c.relkind AS kind, t.is_known,
        ARRAY(SELECT a.attnum || ' ' || a.attname FROM pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (SELECT \(isSameSystem)::boolean AND c.oid = \(request.remote["number"])::oid AS is_known) t
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (t.is_known
        OR \(request.mayBeNew || !isSameSystem)::boolean AND n.nspname = \(request.remote["namespace"]) AND c.relname = \(request.remote["table"]))
      ORDER BY t.is_known DESC LIMIT 1
      """)
    guard let row = rows.first, let number = UInt32(try row.text("oid")) else {
      throw isSameSystem ? gone(request) : absent(request, identity)
    }
    return PostgresPlace(
      namespace: try row.text("namespace"), name: try row.text("name"), number: number, kind: try row.text("kind"),
      identity: identity, keepsNumbers: row.bool("is_known"), columns: columns(row["columns"].map(ArrayText.parse) ?? []))
  }

  private static func columns(_ words: [String]) -> [Int: String] {
    let pairs = words.compactMap { word -> (Int, String)? in
      let parts = word.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      return Int(parts[0]).map { ($0, String(parts[1])) }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The request by the names that columns had a moment ago: they may change until the table is locked.
  func expected(_ request: ReadRequest) -> ReadRequest { request.following(renames(of: request, columns)) }

  /// - Parameter names: the names of the table's columns by their numbers.
  func renames(of request: ReadRequest, _ names: [Int: String]) -> [String: String] {
    keepsNumbers ? request.known.renames(to: names) : [:]
  }

  static func gone(_ request: ReadRequest) -> ConnectorError {
    ConnectorError(
      .missing, "\(request.label): the table \(table(request)) was dropped, or dropped and made anew, at the source",
      hint: "The rows of now stay. If a new table has its name, take it up with: hedgerow reload \(request.label)")
  }

  private static func absent(_ request: ReadRequest, _ identity: String) -> ConnectorError {
    let source = request.label.prefix { $0 != "." }
    return ConnectorError(
      .missing,
      "\(request.label): the source is another system than before (it was \(request.identity ?? "?"), and is \(identity)), and has no table \(table(request))",
      hint: "The rows of now stay. hedgerow schemas \(source) --discover shows the tables that it has.")
  }

  private static func table(_ request: ReadRequest) -> String {
    "\(request.remote["namespace"] ?? "?").\(request.remote["table"] ?? "?")"
  }
}
