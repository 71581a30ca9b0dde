import ConnectorKit
import Formats
import ObjectStores
import Rows

/// A bucket's files as they were listed, open for reading.
struct BucketSession: CheckpointedSession {
  let connector: BucketConnector
  let plan: FilePlan
  let columns: FileColumns
  let table: SourceTable
  /// All that count, oldest first.
  let files: [ObjectEntry]
  /// Those of them that no sync has loaded.
  let fresh: [ObjectEntry]
  let reloadReason: String?
  private let gone: Int

  var tellsDeletions: Bool { true }

  static func open(_ connector: BucketConnector, _ request: ReadRequest) async throws -> BucketSession {
    let files = try await connector.files()
    let plan = try FilePlan(connector.settings, remote: request.remote)
    let marks = request.mode == .fullRefresh ? nil : request.checkpoint.flatMap(FileMarks.init)
    let difference = (marks ?? FileMarks()).difference(to: files)
    let reason = try reloadReason(connector.settings, difference, request) { connector.place.name($0.key) }
    let isWhole = marks == nil || reason != nil
    let fresh = isWhole ? files : difference.new + difference.changed
    let columns = try await connector.survey(plan, fresh, known: request.known)
    return BucketSession(connector, plan, columns, request, files, fresh, reason, difference.gone.count)
  }

  private init(
    _ connector: BucketConnector, _ plan: FilePlan, _ columns: FileColumns, _ request: ReadRequest, _ files: [ObjectEntry],
    _ fresh: [ObjectEntry], _ reason: String?, _ gone: Int
  ) {
    var columns = columns
    if let chosen = request.columns { columns.columns = columns.columns.filter { chosen.contains($0.name) } }
    self.connector = connector
    self.plan = plan
    self.columns = columns
    self.files = files
    self.fresh = fresh
    self.gone = gone
    reloadReason = reason
    var table = SourceTable(
      columns: columns.columns, key: request.key, keyIsUnique: false, remote: plan.remote, identity: connector.place.identity,
      estimatedRows: nil, estimatedBytes: fresh.reduce(0) { $0 + $1.size })
    // Of a key that several files have, the newest file's row counts.
    table.mayRepeat = request.mode == .merge
    table.versions = connector.versions(columns.columns.map(\.name), request.key)
    self.table = table
  }

  private static func reloadReason(
    _ settings: BucketSettings, _ difference: (new: [ObjectEntry], changed: [ObjectEntry], gone: [ObjectEntry]), _ request: ReadRequest,
    name: (ObjectEntry) -> String
  ) throws -> String? {
    if let file = difference.changed.first {
      // A merge takes the rows of a file's new version over those of its old one.
      switch settings.changed {
      case .error:
        throw ConnectorError(
          .unusable, "\(request.label): \(name(file)) was loaded, and is another file now",
          hint: "Nothing was changed. Load everything anew with hedgerow reload \(request.label); or choose changed=reload or changed=append.")
      case .reload where request.mode == .append: return "\(name(file)) was overwritten (changed=reload)"
      case .reload, .append: break
      }
    }
    if settings.deleted == .remove, let file = difference.gone.first { return "\(name(file)) was deleted (deleted=remove)" }
    return nil
  }

  var notes: [String] {
    get async {
      let layout = fresh.count == files.count ? connector.layoutNote(columns.columns.map(\.name), table.key) : nil
      guard gone > 0, connector.settings.deleted == .keep else { return [layout].compactMap { $0 } }
      return ["\(gone) file\(gone == 1 ? " is" : "s are") gone from the bucket; the rows stay (deleted=keep)"]
    }
  }

  func canGoOnLoading(after checkpoint: String) -> Bool {
    guard let marks = FileMarks(checkpoint) else { return false }
    let difference = marks.difference(to: files)
    return difference.changed.isEmpty && difference.gone.isEmpty
  }

  func load(after checkpoint: String?) async throws -> any BatchReader {
    let marks = checkpoint.flatMap(FileMarks.init) ?? FileMarks()
    return reader(marks.difference(to: files).new, after: marks)
  }

  func changes(after checkpoint: String) async throws -> any BatchReader {
    reader(fresh, after: FileMarks(checkpoint) ?? FileMarks())
  }

  func read(_ slice: RowSlice) async throws -> any BatchReader {
    JoinedBatches(reader(files, after: FileMarks()))
  }

  func close() async {}

  private func reader(_ files: [ObjectEntry], after marks: FileMarks) -> FileReader {
    FileReader(BucketSeries(connector: connector, plan: plan, columns: columns, files: files, marks: marks))
  }
}
