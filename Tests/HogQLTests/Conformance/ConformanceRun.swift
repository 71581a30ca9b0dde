import JSON
import LocalPostgres
import Terminal
import TestSupport

/// How the texts of a warehouse sort: the SQL differs with it, the answers do not.
enum Collation: String, CaseIterable, Sendable {
  case usual
  case bytes
}

/// One run of the program over all cases, in a warehouse with the data set.
struct ConformanceRun: Sendable {
  /// By the cases' ids.
  let answers: [String: JSONValue]
  let exit: Int32
  let stderr: String
  /// How many rows each table has, before and after.
  let rowsBefore: String
  let rowsAfter: String

  static func of(_ collation: Collation) async throws -> ConformanceRun {
    switch collation {
    case .usual: try await usual.value
    case .bytes: try await bytes.value
    }
  }

  private static let usual = Task { try await ConformanceRun(try TestCluster.warehouse.createDatabase(named: "hogql")) }
  private static let bytes = Task {
    try TestCluster.warehouse.psql("CREATE DATABASE hogql_bytes TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    return try await ConformanceRun(TestCluster.warehouse.url(database: "hogql_bytes"))
  }

  private init(_ url: String) async throws {
    guard let data = Disk.read("\(ConformanceCase.folder)/dataset.postgres.sql") else { throw TestFailure("there is no data set") }
    try TestCluster.warehouse.psql("\\set schema warehouse\n" + data, url)
    rowsBefore = try Self.rows(url)
    let result = try await HedgerowProcess.run(
      ["query", "--format", "jsonl", "--batch"],
      environment: [
        "HEDGEROW_DATABASE_URL": url, "HEDGEROW_NAMESPACE": "warehouse",
        "HEDGEROW_HOGQL_CONFIG": "\(ConformanceCase.folder)/config.json",
      ],
      input: ConformanceCase.all.map { $0.request + "\n" }.joined(), timeout: .seconds(300))
    var answers: [String: JSONValue] = [:]
    for line in result.stdout.split(separator: "\n") {
      let answer = try JSONValue(parsing: String(line))
      answers[answer["id"]?.stringValue ?? ""] = answer
    }
    self.answers = answers
    exit = result.exit
    stderr = result.stderr
    rowsAfter = try Self.rows(url)
  }

  private static func rows(_ url: String) throws -> String {
    try TestCluster.warehouse.psql(
      """
      SELECT relname, (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', oid::regclass), false, true, '')))[1]
      FROM pg_class WHERE relnamespace = 'warehouse'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
      """, url)
  }
}
