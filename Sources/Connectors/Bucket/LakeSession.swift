import ConnectorKit
import Formats
import ObjectStores
import Rows

/// A Delta or Iceberg table at its newest version, open for reading.
struct LakeSession: CheckpointedSession {
  let lake: LakeTable
  let columns: FileColumns
  let table: SourceTable
  let reloadReason: String?
  private let address: String
  private let mark: LakeMark?
  private let appended: [LakeTable.File]

  var tellsDeletions: Bool { true }
  var notes: [String] { [] }

  static func open(_ connector: BucketConnector, _ format: FileFormat, _ request: ReadRequest) async throws -> LakeSession {
    let lake = try await connector.lake(format)
    let mark = request.mode == .fullRefresh ? nil : request.checkpoint.flatMap(LakeMark.init)
    var appended: [LakeTable.File] = []
    var reason: String?
    if let mark {
      switch try await lake.changes(since: mark.version) {
      case .none: break
      case .appended(let files): appended = files
      case .rewritten(let why): reason = why
      }
    }
    let columns = try connector.columns(of: lake, known: request.known)
    return LakeSession(connector, lake, format, columns, request, mark, appended, reason)
  }

  private init(
    _ connector: BucketConnector, _ lake: LakeTable, _ format: FileFormat, _ columns: FileColumns, _ request: ReadRequest, _ mark: LakeMark?,
    _ appended: [LakeTable.File], _ reason: String?
  ) {
    var columns = columns
    if let chosen = request.columns { columns.columns = columns.columns.filter { chosen.contains($0.name) } }
    self.lake = lake
    self.columns = columns
    self.mark = mark
    self.appended = appended
    reloadReason = reason
    address = connector.lakeAddress
    var table = SourceTable(
      columns: columns.columns, key: request.key, keyIsUnique: false, remote: ["checkpoints": "files", "format": format.rawValue],
      identity: connector.place.identity, estimatedRows: nil, estimatedBytes: lake.bytes)
    table.mayRepeat = request.mode == .merge
    table.versions = connector.versions(columns.columns.map(\.name), request.key)
    self.table = table
  }

  func canGoOnLoading(after checkpoint: String) -> Bool { LakeMark(checkpoint)?.version == lake.version }

  func load(after checkpoint: String?) async throws -> any BatchReader {
    let begun = checkpoint.flatMap(LakeMark.init) ?? LakeMark(version: lake.version, isLoading: true)
    let done = Set(begun.done)
    return FileReader(series(lake.files.filter { !done.contains($0.path) }, begun))
  }

  func changes(after checkpoint: String) async throws -> any BatchReader {
    let mark = LakeMark(checkpoint) ?? LakeMark(version: lake.version)
    let done = Set(mark.done)
    return FileReader(series(appended.filter { !done.contains($0.path) }, mark))
  }

  func read(_ slice: RowSlice) async throws -> any BatchReader {
    JoinedBatches(FileReader(series(lake.files, LakeMark(version: lake.version, isLoading: true))))
  }

  func close() async {}

  private func series(_ files: [LakeTable.File], _ mark: LakeMark) -> LakeSeries {
    LakeSeries(lake: lake, columns: columns, address: address, files: files, mark: mark)
  }
}

/// Files of a table in one version.
struct LakeSeries: FileSeries {
  let lake: LakeTable
  let columns: FileColumns
  let address: String
  let files: [LakeTable.File]
  var mark: LakeMark
  private var left: Int

  init(lake: LakeTable, columns: FileColumns, address: String, files: [LakeTable.File], mark: LakeMark) {
    (self.lake, self.columns, self.address, self.files, self.mark) = (lake, columns, address, files, mark)
    left = files.count
    if left == 0 { end() }
  }

  var count: Int { files.count }
  var hasMoved: Bool { true }
  var checkpoint: String { mark.text }

  func name(_ place: Int) -> String { "\(address)/\(files[place].path)" }

  func rows(_ place: Int) async throws -> any FileRows { try await lake.rows(of: files[place], columns.wanted("", files[place].path)) }

  /// The table's own schema says its types.
  func widen(_ place: Int, _ row: RejectedRow) async throws {}

  mutating func finish(_ place: Int) {
    mark.done.append(files[place].path)
    left -= 1
    if left == 0 { end() }
  }

  private mutating func end() { mark = LakeMark(version: lake.version) }
}
