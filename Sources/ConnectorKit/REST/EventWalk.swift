import JSON
import Rows

/// Walks a list of events from the newest to where the last sync began, and gives the newest state of each object.
actor EventWalk {
  private let context: StreamContext
  private let source: RESTEvents
  private let since: Int64
  private let walk: PageWalk
  private var place: PagePlace?
  private var isEnded = false
  private var seen: Set<String> = []
  private var newest: Int64
  /// How many events came that are newer than the last sync had seen.
  private(set) var count = 0

  /// - Parameter since: in Unix seconds.
  init(_ context: StreamContext, _ source: RESTEvents, since: Int64) {
    self.context = context
    self.source = source
    self.since = since
    newest = since
    walk = PageWalk(
      path: source.path, parameters: source.parameters, records: source.records, pagination: source.pagination, label: context.label,
      permission: "events")
  }

  /// Where the next walk begins: at the newest event, and no longer ago than a day, as an event shows within that.
  var reached: Int64 { max(newest, context.now() - 86_400) }

  /// The moment before which a walk that was never made begins: the newest event of now.
  static func start(_ context: StreamContext, _ source: RESTEvents) async throws -> Int64 {
    var parameters = source.parameters
    if let size = context.client.manifest.sizeParameter {
      for index in parameters.indices where parameters[index].name == size { parameters[index].value = "1" }
    }
    let walk = PageWalk(
      path: source.path, parameters: parameters, records: source.records, pagination: .none, label: context.label, permission: "events")
    let page = try await walk.page(context.client, at: nil)
    let now = context.now()
    guard let first = page.records.first, let time = time(first, page.tape, source) else { return now - 86_400 }
    return max(time, now - 86_400)
  }

  /// The batches of the next page; nil after the last.
  func next() async throws -> [Batch]? {
    guard !isEnded else { return nil }
    let bound = RESTParameter(source.from, Template(text: String(since - Int64(source.overlap))))
    let page = try await walk.page(context.client, at: place, bounds: [bound])
    place = page.next
    isEnded = page.next == nil
    return try await batches(page)
  }

  private func batches(_ page: PageWalk.Page) async throws -> [Batch] {
    let tape = page.tape
    var changed: [Int] = []
    var gone: [Int] = []
    var toRead: [String] = []
    for event in page.records {
      if let time = Self.time(event, tape, source) {
        newest = max(newest, time)
        if time > since { count += 1 }
      }
      guard let object = tape.value(event, at: source.object.keys), text(object, source.objectKind, tape) == source.objectKindIs,
        let id = text(object, "id", tape), seen.insert(id).inserted
      else { continue }
      if source.goneTypes.contains(text(event, source.type, tape) ?? "") { gone.append(object) } else if source.alwaysReads
        || text(event, source.version, tape) != source.versionIs
      {
        toRead.append(id)
      } else {
        changed.append(object)
      }
    }
    var result: [Batch] = []
    if !changed.isEmpty {
      let replaced = try await CutLists(context: context).complete(changed, of: tape)
      result.append(try context.encode(changed, of: tape, replaced).batch)
    }
    if !gone.isEmpty { result.append(context.gone(gone, of: tape)) }
    for id in toRead { if let batch = try await read(id) { result.append(batch) } }
    return result
  }

  /// The object as it is now.
  private func read(_ id: String) async throws -> Batch? {
    let query = context.client.query(source.objectPath, source.objectParameters, label: context.label, permission: context.stream.permission) {
      $0 == "id" ? id : nil
    }
    let answer: RESTClient.Answer
    do { answer = try await context.client.get(query) } catch let error as ConnectorError {
      guard error.kind == .missing else { throw error }
      return try goneByID(id)
    }
    let tape = answer.tape
    if let flag = source.goneFlag, text(JSONTape.root, flag, tape) == "true" { return context.gone([JSONTape.root], of: tape) }
    return try await context.rows(PageWalk.Page(tape: tape, records: [JSONTape.root], next: nil)).batch
  }

  private func goneByID(_ id: String) throws -> Batch {
    let tape = try JSONTape(Array(JSONValue.object([(key: "id", value: .string(id))]).text().utf8))
    return context.gone([JSONTape.root], of: tape)
  }

  private static func time(_ event: Int, _ tape: JSONTape, _ source: RESTEvents) -> Int64? {
    tape.value(event, at: source.time.keys).flatMap { ValueWriter.integer($0, tape) }
  }

  private func text(_ value: Int, _ path: Path, _ tape: JSONTape) -> String? {
    guard let found = tape.value(value, at: path.keys), !tape.isNull(found) else { return nil }
    return tape.string(found)
  }
}
