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
    try await explained {
      let listing = try await place.listing()
      if let format = try tableFormat(listing) {
        let lake = try await lake(format)
        return ConnectionReport(server: place.title, notes: ["\(settings.url) is \(lake.title): \(lake.files.count) file\(lake.files.count == 1 ? "" : "s"), \(Self.readable(lake.bytes)) in all"])
      }
      let files = try sorted(listing.files)
      let bytes = files.reduce(0) { $0 + $1.size }
      var notes = ["\(files.count) file\(files.count == 1 ? " matches" : "s match") \(settings.url), \(Self.readable(bytes)) in all"]
      if let newest = files.last { notes.append("the newest is \(place.name(newest.key))") }
      return ConnectionReport(server: place.title, notes: notes)
    }
  }

  public func discover() async throws -> [SourceSchema] {
    try await explained {
      let listing = try await place.listing()
      if let format = try tableFormat(listing) {
        let lake = try await lake(format)
        let columns = try columns(of: lake, known: [])
        try checkNamed(columns)
        return [schema(["checkpoints": "files", "format": format.rawValue], columns, lake.bytes, keepsVersions: true)]
      }
      let files = try sorted(listing.files)
      let plan = try await plan(files)
      try refuseDeadFiles(plan, listing)
      let columns = try await survey(plan, files, known: [])
      guard !columns.columns.isEmpty else {
        throw ConnectorError(
          .unusable, "\(files.count == 1 ? "\(place.name(files[0].key)) shows" : "the \(files.count) files show") no columns: \(files.allSatisfy { $0.size == 0 } ? "nothing is in them" : "no row is in them")",
          hint: "Link it when there is a file with rows, or at least with a header.")
      }
      try checkNamed(columns)
      return [schema(plan.remote, columns, files.reduce(0) { $0 + $1.size }, keepsVersions: place.isPattern)]
    }
  }

  private func schema(_ remote: [String: String], _ columns: FileColumns, _ bytes: Int64, keepsVersions: Bool) -> SourceSchema {
    let names = columns.columns.map(\.name)
    let layout = layout(names)
    var key = settings.primaryKey
    if key.isEmpty, case .columns(let own) = layout?.key { key = own }
    var schema = SourceSchema(
      name: settings.table, remote: remote, columns: columns.columns, key: key, candidates: [], estimatedRows: nil, estimatedBytes: bytes)
    schema.tableName = settings.table
    schema.usualMode = key.isEmpty ? (keepsVersions ? .append : .fullRefresh) : layout?.keepsTies == true ? .fullRefresh : .merge
    return schema
  }

  /// A name that the user gave must be one of a column.
  private func checkNamed(_ columns: FileColumns) throws(ConnectorError) {
    for name in settings.types.keys.sorted() + settings.primaryKey where !columns.columns.contains(where: { $0.name == name }) {
      throw ConnectorError(
        .unusable, "the files have no column \(name), which types= or primary_key= names",
        hint: "They have: \(columns.columns.map(\.name).joined(separator: ", ")).")
    }
  }

  // MARK: Files

  /// The files that count, oldest first, so that what is read later is newer.
  func files() async throws -> [ObjectEntry] { try sorted(try await place.listing().files) }

  private func sorted(_ files: [ObjectEntry]) throws(ConnectorError) -> [ObjectEntry] {
    let files = files.filter { !isSkipped($0.key) }
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
    do {
      let (head, isWhole) = try await file.head(FilePlan.sampleSize, settings.compression)
      let format = settings.format ?? named ?? FileFormat(head: head)
      guard format.isText else { return FilePlan(format, settings, try settings.dialect(knownTo: CSVDialect())) }
      let found = try CSVDetection.dialect(sample: head, isWhole: isWhole, known: try settings.dialect(knownTo: CSVDialect()))
      return FilePlan(format, settings, try settings.dialect(knownTo: found))
    } catch {
      throw BucketFailure.explain(error, file.name)
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
    return columns
  }

  private static func spread(_ files: [ObjectEntry], _ limit: Int) -> [ObjectEntry] {
    guard files.count > limit else { return files }
    return (0..<limit).map { files[$0 * (files.count - 1) / (limit - 1)] }
  }

  // MARK: Syncing

  public func open(_ request: ReadRequest) async throws -> any SchemaSession {
    if let filter = request.filter, !filter.isEmpty {
      throw ConnectorError(.unusable, "files have no language that a filter could be written in", hint: "Load all rows, and filter them where you query.")
    }
    return try await explained {
      if let format = (settings.format ?? request.remote["format"].flatMap(FileFormat.init(rawValue:))), format.isTable {
        return try await LakeSession.open(self, format, request)
      }
      return try await BucketSession.open(self, request)
    }
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
    throw ConnectorError(.busy, "\(file.name), row \(row.row): \(row.reason); so \(list)", hint: "The files are read again with that.")
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
