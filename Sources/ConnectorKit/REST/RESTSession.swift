import Rows

/// One stream, open for reading.
actor RESTSession: CheckpointedSession {
  nonisolated let table: SourceTable
  nonisolated let reloadReason: String?
  nonisolated let tellsDeletions: Bool
  private let context: StreamContext
  private let manifest: RESTManifest
  private let mode: SyncMode
  private let key: [String]
  private var readers: [@Sendable () async -> Void] = []

  init(_ request: ReadRequest, _ stream: RESTStream, _ manifest: RESTManifest, _ client: RESTClient, identity: String?) throws {
    if let filter = request.filter {
      throw ConnectorError(
        .unusable, "\(request.label): \(manifest.title) cannot be asked with where=\(filter)", hint: "Take it back with: hedgerow set \(request.label) where=")
    }
    let all = RESTConnector.columns(stream.columns, keepsUnknown: stream.keepsUnknown ?? true)
    try request.checkNames(in: all)
    let columns = stream.columns.filter { request.columns?.contains($0.name) ?? true }
    let keepsUnknown = (stream.keepsUnknown ?? true) && (request.columns?.contains(RecordEncoder.extra) ?? true)
    key = request.key.isEmpty ? stream.key : request.key
    context = StreamContext(
      stream: stream, client: client, label: request.label,
      encoder: RecordEncoder(
        columns: columns, declared: stream.columns, leftOut: stream.leavesOut ?? [],
        cursorField: request.cursorField ?? stream.cursor?.field, keepsUnknown: keepsUnknown),
      notes: NoteBook())
    table = SourceTable(
      columns: RESTConnector.columns(columns, keepsUnknown: keepsUnknown), allColumns: all, key: key, keyIsUnique: true, remote: request.remote,
      identity: identity, estimatedRows: nil, estimatedBytes: nil, mayRepeat: true)
    self.manifest = manifest
    mode = request.mode
    tellsDeletions = mode == .merge && !(stream.events?.goneTypes ?? []).isEmpty
    reloadReason = try Self.reloadReason(request, stream, manifest, now: context.now())
  }

  /// Events are kept for some days: what changed before them is found by reading everything.
  private static func reloadReason(_ request: ReadRequest, _ stream: RESTStream, _ manifest: RESTManifest, now: Int64) throws -> String? {
    guard let text = request.checkpoint, request.mode == .merge, let events = stream.events else { return nil }
    let checkpoint = try RESTCheckpoint(parsing: text, label: request.label)
    guard let since = checkpoint.events else { return "it was loaded without the events of \(manifest.title), which tell what changed" }
    let days = (now - since + 86_399) / 86_400
    return days >= Int64(events.keptDays)
      ? "its last sync saw the events of \(days) days ago, and \(manifest.title) keeps them for \(events.keptDays) days" : nil
  }

  var notes: [String] { context.notes.sentences }

  // MARK: Reading

  func load(after checkpoint: String?) async throws -> any BatchReader {
    let stored = try checkpoint.map { try RESTCheckpoint(parsing: $0, label: context.label) }
    var events = stored?.events
    if events == nil, mode == .merge, let source = context.stream.events { events = try await EventWalk.start(context, source) }
    return try loadReader(context, stored?.load, events)
  }

  private func loadReader(_ context: StreamContext, _ state: RESTCheckpoint.LoadState?, _ events: Int64?) throws -> any BatchReader {
    let width = manifest.rate?.concurrency ?? 4
    if let parent = context.stream.parent {
      guard let parents = manifest.stream(parent.stream) else {
        throw ConnectorError(.unusable, "\(context.label): its parent \(parent.stream) is no stream of \(manifest.title)", hint: "Mend the manifest.")
      }
      let reader = ChildReader(context, parent, parents: parents, place: state?.windows.first?.place, width: width)
      readers.append { await reader.stop() }
      return reader
    }
    let reader = LoadReader(context, state: state, events: events, width: width)
    readers.append { await reader.stop() }
    return reader
  }

  func changes(after checkpoint: String) async throws -> any BatchReader {
    let state = try RESTCheckpoint(parsing: checkpoint, label: context.label)
    let reader = ChangesReader(context, state, readsEvents: mode == .merge)
    readers.append { await reader.stop() }
    return reader
  }

  func read(_ slice: RowSlice) async throws -> any BatchReader {
    switch slice {
    case .all: return JoinedBatches(try loadReader(context, nil, nil))
    case .keysOnly:
      var keys = context
      keys.stream.cutLists = nil
      keys.encoder = RecordEncoder(columns: context.encoder.columns.filter { key.contains($0.name) }, declared: [], cursorField: nil, keepsUnknown: false)
      return JoinedBatches(try loadReader(keys, nil, nil))
    case .since, .keys:
      throw ConnectorError(.unusable, "\(context.label): \(manifest.title) cannot be read by ranges of its rows")
    }
  }

  func close() async {
    for stop in readers { await stop() }
    readers = []
  }
}
