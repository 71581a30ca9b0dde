import Glibc
import LocalPostgres
import TestSupport
import Testing

/// A folder of files, a warehouse, and the program between them. The source is called `files`.
struct BucketFixture: Sendable {
  let folder: String
  let warehouseURL: String

  /// The copies of the files that formats are tested with.
  static let data = Disk.parent(of: Disk.parent(of: #filePath)) + "/FormatsTests/Data"

  init() throws {
    folder = TestFolder.makeFolder("bucket")
    warehouseURL = try TestCluster.warehouse.createDatabase(named: "bucket")
  }

  // MARK: Files

  func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

  func write(_ name: String, bytes: [UInt8]) throws {
    let path = "\(folder)/\(name)"
    _ = try Command("/bin/mkdir", ["-p", Disk.parent(of: path)]).run()
    let file = fopen(path, "w")
    guard let file else { throw TestFailure("\(path) could not be written") }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw TestFailure("\(path) could not be written") }
  }

  func remove(_ name: String) { unlink("\(folder)/\(name)") }

  /// Copies a file or a folder of the formats' test data.
  func copy(_ path: String, to name: String) throws {
    let result = try Command("/bin/cp", ["-r", "\(Self.data)/\(path)", "\(folder)/\(name)"]).run()
    if result.exit != 0 { throw TestFailure("\(path) could not be copied: \(result.stderr)") }
  }

  // MARK: The program

  @discardableResult
  func hedgerow(
    _ arguments: [String], expecting exit: Int32 = 0, failpoints: String = "", at location: SourceLocation = #_sourceLocation
  ) async throws -> HedgerowProcess.Result {
    let result = try await start(arguments, failpoints: failpoints).wait(timeout: .seconds(180))
    #expect(
      result.exit == exit, "hedgerow \(arguments.joined(separator: " ")):\n\(result.stdout)\(result.stderr)", sourceLocation: location)
    return result
  }

  func start(_ arguments: [String], failpoints: String = "") throws -> HedgerowProcess {
    try HedgerowProcess.start(
      arguments,
      environment: [
        "HEDGEROW_DATABASE_URL": warehouseURL, "HEDGEROW_SECRET_KEY": SyncFixture.key, "HEDGEROW_FAILPOINTS": failpoints,
        "HEDGEROW_ALLOW_HOSTS": "127.0.0.1",
      ])
  }

  /// Links files of the folder.
  @discardableResult
  func link(
    _ pattern: String, _ fields: String..., expecting exit: Int32 = 0, at location: SourceLocation = #_sourceLocation
  ) async throws -> HedgerowProcess.Result {
    try await hedgerow(["link", "file", "files", "url=file://\(folder)/\(pattern)"] + fields, expecting: exit, at: location)
  }

  @discardableResult
  func sync(expecting exit: Int32 = 0, failpoints: String = "", at location: SourceLocation = #_sourceLocation) async throws
    -> HedgerowProcess.Result
  {
    try await hedgerow(["sync", "files"], expecting: exit, failpoints: failpoints, at: location)
  }

  func set(_ settings: String..., expecting exit: Int32 = 0, at location: SourceLocation = #_sourceLocation) async throws {
    try await hedgerow(["set", "files.files"] + settings, expecting: exit, at: location)
  }

  // MARK: The warehouse

  @discardableResult
  func warehouse(_ sql: String) throws -> String { try TestCluster.warehouse.psql("SET client_min_messages = warning;" + sql, warehouseURL) }

  /// The table's rows as psql prints them, in order.
  func rows(_ columns: String = "*") throws -> [String] {
    try warehouse("SELECT \(columns) FROM warehouse.files ORDER BY 1, 2").split(separator: "\n").map(String.init)
  }

  var count: Int { get throws { Int(try warehouse("SELECT count(*) FROM warehouse.files")) ?? -1 } }

  func types() throws -> [String] {
    try warehouse(
      "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'warehouse.files'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> '_hedgerow_synced_at' ORDER BY attnum"
    ).split(separator: "\n").map(String.init)
  }

  /// `status|read|updated|deleted|rejected` of the newest sync.
  func newest() throws -> String {
    try warehouse("SELECT status, rows_read, rows_updated, rows_deleted, rows_rejected FROM hedgerow.history ORDER BY id DESC LIMIT 1")
  }
}
