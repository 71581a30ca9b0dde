public import ConnectorKit
import Formats
import ObjectStores
import Rows
import Synchronization

/// Reads files of a bucket, a container or a folder as one table.
public struct BucketConnector: Connector {
  let place: BucketPlace
  let settings: BucketSettings
  /// Columns that turned out to need another type while files were read, for the next try.
  private let learned = LearnedTypes()

  init(_ settings: BucketSettings, _ place: BucketPlace) {
    self.settings = settings
    self.place = place
  }

  public func close() async { await place.close() }

  // MARK: Linking

  public func check() async throws -> ConnectionReport {
    let files: [ObjectEntry] = try await explained { try await self.files() }
    let bytes = files.reduce(0) { $0 + $1.size }
    var notes = ["\(files.count) file\(files.count == 1 ? " matches" : "s match") \(settings.url), \(Self.readable(bytes)) in all"]
    if let newest = files.last { notes.append("the newest is \(newest.key)") }
    return ConnectionReport(server: place.title, notes: notes)
  }

  public func discover() async throws -> [SourceSchema] {
    try await explained {
      let files = try await files()
      let plan = try await plan(files)
      let columns = try await survey(plan, files, known: [])
      return [schema(plan, columns, files)]
    }
  }

  private func schema(_ plan: FilePlan, _ columns: FileColumns, _ files: [ObjectEntry]) -> SourceSchema {
    var schema = SourceSchema(
      name: settings.table, remote: plan.remote, columns: columns.columns, key: settings.primaryKey, candidates: [],
      estimatedRows: nil, estimatedBytes: files.reduce(0) { $0 + $1.size })
    schema.tableName = settings.table
    schema.usualMode = settings.primaryKey.isEmpty ? (place.isPattern ? .append : .fullRefresh) : .merge
    return schema
  }

  // MARK: Files

  /// The files that count, oldest first, so that what is read later is newer.
  func files() async throws -> [ObjectEntry] {
    let files = try await place.files()
    guard !files.isEmpty else {
      throw ConnectorError(
        .missing, "no file matches \(settings.url)",
        hint: "Look at the pattern: * stands for anything but /, ** for anything. The listing began at \"\(place.prefix)\".")
    }
    return files.sorted { ($0.modified ?? 0, $0.key) < ($1.modified ?? 0, $1.key) }
  }

  /// How the files are written, by one of them.
  func plan(_ files: [ObjectEntry]) async throws -> FilePlan {
    let example = files.last { $0.size > 0 } ?? files[0]
    let file = BucketFile(store: place.store, entry: example)
    let named = FileFormat(name: Compression.stripped(example.key))
    if let format = settings.format ?? named, !format.isText { return FilePlan(format, settings, try settings.dialect(knownTo: CSVDialect())) }
    let (head, isWhole) = try await file.head(FilePlan.sampleSize, settings.compression)
    let format = settings.format ?? named ?? FileFormat(head: head)
    guard format.isText else { return FilePlan(format, settings, try settings.dialect(knownTo: CSVDialect())) }
    do {
      let found = try CSVDetection.dialect(sample: head, isWhole: isWhole, known: try settings.dialect(knownTo: CSVDialect()))
      return FilePlan(format, settings, try settings.dialect(knownTo: found))
    } catch {
      throw BucketFailure.explain(error, example.key)
    }
  }

  /// Looks into files for their columns: all of a few, some of many.
  func survey(_ plan: FilePlan, _ files: [ObjectEntry], known: [SourceColumn]) async throws -> FileColumns {
    let chosen = Self.spread(files, 200).map { BucketFile(store: place.store, entry: $0) }
    var seen = SeenColumns()
    seen.add(try await plan.columns(chosen))
    seen.add(learned.columns.map { FilePlan.Seen(field: $0.name, column: $0) })
    let columns = FileColumns.merged(
      known: known, seen: seen.columns, partitions: PathColumns.of(files.map(\.key)), chosen: settings.types, hasProvenance: settings.hasProvenance)
    for name in settings.types.keys.sorted() + settings.primaryKey where !columns.columns.contains(where: { $0.name == name }) {
      throw ConnectorError(
        .unusable, "the files have no column \(name), which types= or primary_key= names",
        hint: "They have: \(columns.columns.map(\.name).joined(separator: ", ")).")
    }
    return columns
  }

  private static func spread(_ files: [ObjectEntry], _ limit: Int) -> [ObjectEntry] {
    guard files.count > limit else { return files }
    return (0..<limit).map { files[$0 * (files.count - 1) / (limit - 1)] }
  }

  // MARK: Syncing

  public func open(_ request: ReadRequest) async throws -> any SchemaSession {
    try await explained { try await BucketSession.open(self, request) }
  }

  /// For a row that does not fit: looks at the file around it, and lets the next try have a type that holds it.
  func widen(_ file: BucketFile, _ row: RejectedRow, _ plan: FilePlan, _ columns: FileColumns) async throws {
    let seen = try await plan.columns(of: file, around: row)
    var wider: [FileColumn] = []
    for found in seen {
      guard settings.types[found.column.name] == nil, let now = columns.columns.first(where: { $0.name == found.column.name }) else { continue }
      let type = TypeUnion.of(ColumnType(now.type), found.column.type)
      if type.name != now.type { wider.append(FileColumn(name: now.name, type: type, fileType: found.column.fileType)) }
    }
    guard !wider.isEmpty else { return }
    learned.add(wider)
    let list = wider.map { "\($0.name) becomes \($0.type)" }.joined(separator: ", ")
    throw ConnectorError(.busy, "\(file.entry.key), row \(row.row): \(row.reason); so \(list)", hint: "The files are read again with that.")
  }

  private func explained<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch { throw BucketFailure.explain(error, nil) }
  }

  private static func readable(_ bytes: Int64) -> String {
    bytes < 10_000 ? "\(bytes) bytes" : bytes < 10_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
  }
}

/// Types that were found to be needed while files were read.
private final class LearnedTypes: Sendable {
  private let found = Mutex<[FileColumn]>([])

  var columns: [FileColumn] { found.withLock { $0 } }

  func add(_ columns: [FileColumn]) { found.withLock { $0 += columns } }
}
