import LocalPostgres
import Synchronization

private let databases = Atomic<Int>(0)

extension TestCluster {
  /// Makes a new, empty database.
  /// - Returns: how libpq reaches it over TCP.
  public func createDatabase(named prefix: String = "test") throws -> String {
    let name = "\(prefix)_\(databases.add(1, ordering: .relaxed).newValue)"
    try psql("CREATE DATABASE \"\(name)\"")
    return url(database: name)
  }

  /// Runs statements with the program psql, each in a transaction of its own, and stops at the first error.
  ///
  /// - Parameter database: a name or a libpq URI.
  /// - Returns: what it printed, without headings: a line for each row, `|` between columns.
  @discardableResult
  public func psql(_ sql: String, _ database: String = "postgres") throws -> String {
    let target = database.contains("://") ? database : url(database: database)
    let command = Command(
      "\(cluster.binaries.directory)/psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-", target], input: sql)
    let result = try command.run()
    guard result.exit == 0 else { throw TestFailure("psql: \(result.stderr)") }
    return result.stdout.hasSuffix("\n") ? String(result.stdout.dropLast()) : result.stdout
  }

  /// Dumps a database and restores it into another one, which is empty, of any server.
  ///
  /// - Parameters: libpq URIs.
  public func copy(_ from: String, to: String) throws {
    let file = TestFolder.makeFolder("dump") + "/dump"
    try run("pg_dump", ["--format=custom", "--file=\(file)", from])
    try run("pg_restore", ["--exit-on-error", "--dbname=\(to)", file])
  }

  private func run(_ program: String, _ arguments: [String]) throws {
    let result = try Command("\(cluster.binaries.directory)/\(program)", arguments).run()
    guard result.exit == 0 else { throw TestFailure("\(program): \(result.stderr)") }
  }
}
