public import HTTP
public import Secrets
import JSON
import Rows

/// Reads any API that a `RESTManifest` describes.
public actor RESTConnector: Connector {
  private let manifest: RESTManifest
  private let client: RESTClient
  private let onClose: @Sendable () async -> Void
  /// Why a stream cannot be read, by its name; nil before the check.
  private var findings: [String: ConnectorError]?
  private var eventsError: ConnectorError?

  /// - Parameters:
  ///   - http: sends the requests; `onClose` gives it up.
  public init(
    _ manifest: RESTManifest, fields: [String: String], secrets: [String: Secret], http: any HTTPSending, patience: RESTPatience = RESTPatience(),
    onClose: @escaping @Sendable () async -> Void = {}
  ) {
    self.manifest = manifest
    self.onClose = onClose
    let config = RESTConfig(fields: fields, secrets: secrets)
    let perSecond = manifest.rate?.requestsPerSecond.flatMap { Double($0.text(config.names { _ in nil })) }
    client = RESTClient(
      manifest: manifest, config: config, http: http,
      limiter: RateLimiter(perSecond: perSecond, concurrency: manifest.rate?.concurrency ?? 4), patience: patience)
  }

  // MARK: Checking

  /// Looks at one record of every stream: what is refused is said table by table.
  ///
  /// - Throws: where no stream can be read.
  public func check() async throws -> ConnectionReport {
    let found = try await look()
    findings = found
    let readable = manifest.streams.filter { found[$0.name] == nil }
    guard !readable.isEmpty else {
      throw found[manifest.streams.first?.name ?? ""] ?? ConnectorError(.unusable, "\(manifest.title) has no streams", hint: "Mend the manifest.")
    }
    var notes = manifest.streams.compactMap { stream in found[stream.name].map { "\(stream.name) cannot be read: \($0.message)" } }
    eventsError = await lookAtEvents()
    if let eventsError {
      notes.append("changes and deletions are not seen, as the events cannot be read: \(eventsError.message). Tables are appended to instead of merged.")
    }
    return ConnectionReport(server: manifest.title, notes: notes)
  }

  private func look() async throws -> [String: ConnectorError] {
    try await withThrowingTaskGroup(of: (String, ConnectorError?).self) { group in
      for stream in manifest.streams { group.addTask { (stream.name, try await self.look(stream)) } }
      var result: [String: ConnectorError] = [:]
      for try await (name, error) in group { result[name] = error }
      return result
    }
  }

  /// - Returns: why it may not be read.
  /// - Throws: what would meet every stream, such as a wrong key.
  private func look(_ stream: RESTStream) async throws -> ConnectorError? {
    do {
      var names: @Sendable (String) -> String? = { _ in nil }
      if let parent = stream.parent {
        guard let parents = manifest.stream(parent.stream) else { return nil }
        let page = try await probe(PageWalk(parents, label: stream.name))
        guard let first = page.records.first else { return nil }
        names = CutLists.names("parent", first, page.tape)
      }
      _ = try await probe(PageWalk(stream, label: stream.name), names)
      return nil
    } catch let error as ConnectorError {
      switch error.kind {
      case .forbidden, .missing, .unusable: return error
      default: throw error
      }
    }
  }

  private func probe(_ walk: PageWalk, _ names: @escaping @Sendable (String) -> String? = { _ in nil }) async throws -> PageWalk.Page {
    var parameters = walk.parameters
    if let size = manifest.sizeParameter {
      for index in parameters.indices where parameters[index].name == size { parameters[index].value = "1" }
    }
    let one = PageWalk(path: walk.path, parameters: parameters, records: walk.records, pagination: .none, label: walk.label, permission: walk.permission)
    return try await one.page(client, at: nil, names: names)
  }

  private func lookAtEvents() async -> ConnectorError? {
    guard let events = manifest.streams.compactMap(\.events).first else { return nil }
    let walk = PageWalk(path: events.path, parameters: events.parameters, records: events.records, pagination: .none, label: "events", permission: "events")
    do { _ = try await probe(walk) } catch let error as ConnectorError { return error.kind == .forbidden ? error : nil } catch {}
    return nil
  }

  // MARK: The streams

  public func discover() async throws -> [SourceSchema] {
    if findings == nil { _ = try await check() }
    return manifest.streams.map { stream in
      var schema = SourceSchema(
        name: stream.name, remote: ["stream": stream.name], columns: Self.columns(stream.columns, keepsUnknown: stream.keepsUnknown ?? true),
        key: stream.key, candidates: Self.candidates(stream, manifest), estimatedRows: nil, estimatedBytes: nil)
      schema.mend = findings?[stream.name].map { "\($0.message)\($0.message.hasSuffix(".") ? "" : ".") \($0.hint ?? "")" }
      schema.usualMode = Self.usualMode(stream, hasEvents: eventsError == nil)
      schema.usualDeletes = stream.events.map { $0.goneTypes.isEmpty ? "ignore" : "hard" }
      return schema
    }
  }

  static func usualMode(_ stream: RESTStream, hasEvents: Bool) -> SyncMode {
    guard stream.parent == nil, stream.cursor != nil else { return .fullRefresh }
    if stream.events != nil { return hasEvents ? .merge : .append }
    return stream.usualMode ?? (stream.cursor?.tellsChanges == true ? .merge : .fullRefresh)
  }

  private static func candidates(_ stream: RESTStream, _ manifest: RESTManifest) -> [CursorCandidate] {
    guard let cursor = stream.cursor, stream.parent == nil, let column = stream.columns.first(where: { $0.name == cursor.field }) else { return [] }
    return [CursorCandidate(name: cursor.field, type: column.type.column, isIndexed: cursor.from != nil, note: RESTDescription.freshness(stream, manifest))]
  }

  static func columns(_ columns: [RESTColumn], keepsUnknown: Bool) -> [SourceColumn] {
    var result = columns.map { column in
      SourceColumn(name: column.name, number: number(column.name), type: column.type.column, sourceType: column.type.rawValue, required: false)
    }
    if keepsUnknown {
      result.append(SourceColumn(name: RecordEncoder.extra, number: number(RecordEncoder.extra), type: "jsonb", sourceType: "json", required: false))
    }
    return result
  }

  /// The same for a name whatever else a manifest has: a column that is added between two others renames none. (FNV-1a)
  private static func number(_ name: String) -> Int {
    Int(name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 } & 0x7FFF_FFFF)
  }

  // MARK: Opening

  public func open(_ request: ReadRequest) async throws -> any SchemaSession {
    guard let stream = request.remote["stream"].flatMap({ manifest.stream($0) }) else {
      throw ConnectorError(
        .missing, "\(request.label): \(manifest.title) has no stream \(request.remote["stream"] ?? "of this name") any more",
        hint: "Leave it out with: hedgerow set \(request.label) enabled=false")
    }
    return try RESTSession(request, stream, manifest, client, identity: nil)
  }

  public func close() async { await onClose() }
}
