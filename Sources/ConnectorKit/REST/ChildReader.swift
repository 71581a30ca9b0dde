import JSON
import Rows

/// Reads a stream that is asked for once for each record of another one: page by page of the parents, and the parents of
/// a page side by side. The place to go on from is between two pages of parents.
actor ChildReader: BatchReader {
  nonisolated var format: CopyFormat { .binary }
  private let context: StreamContext
  private let parent: RESTParent
  private let parents: PageWalk
  private let tasks = PageTasks<StreamContext.Fetched>()
  private let width: Int
  private var page: PageWalk.Page?
  private var place: PagePlace?
  private var started = 0
  /// Children that are being read, with where each is.
  private var reading = 0
  private var isEnded = false

  init(_ context: StreamContext, _ parent: RESTParent, parents: RESTStream, place: PagePlace?, width: Int) {
    self.context = context
    self.parent = parent
    self.parents = PageWalk(parents, label: context.label)
    self.place = place
    self.width = max(1, width)
  }

  func next() async throws -> Batch? {
    while true {
      if isEnded { return nil }
      guard let page else {
        self.page = try await parents.page(context.client, at: place)
        (started, reading) = (0, 0)
        continue
      }
      while reading < width, started < page.records.count {
        await start(started, page, at: nil)
        (started, reading) = (started + 1, reading + 1)
      }
      guard reading > 0 else { return try endOfPage(page) }
      let (index, fetched) = try await tasks.next()
      if let next = fetched.next { await start(index, page, at: next) } else { reading -= 1 }
      if fetched.batch.rows > 0 { return fetched.batch }
    }
  }

  func stop() async { await tasks.stop() }

  private func start(_ index: Int, _ page: PageWalk.Page, at place: PagePlace?) async {
    let (context, parent) = (context, parent)
    await tasks.start(index) { try await Self.fetch(context, parent, page, index, at: place) }
  }

  private static func fetch(
    _ context: StreamContext, _ parent: RESTParent, _ page: PageWalk.Page, _ index: Int, at place: PagePlace?
  ) async throws -> StreamContext.Fetched {
    let record = page.records[index]
    var constants: [String: String] = [:]
    if let column = parent.column, let id = page.tape.value(record, at: parent.id.keys) { constants[column] = page.tape.string(id) }
    do {
      return try await context.fetch(
        context.walk, at: place, from: nil, before: nil, names: CutLists.names("parent", record, page.tape), constants: constants)
    } catch let error as ConnectorError {
      // The parent was deleted since its page was read, and its children with it.
      guard error.kind == .missing else { throw error }
      return try context.encode([], of: page.tape)
    }
  }

  private func endOfPage(_ done: PageWalk.Page) throws -> Batch {
    page = nil
    place = done.next
    isEnded = done.next == nil
    let checkpoint = isEnded
      ? RESTCheckpoint(listed: context.now()) : RESTCheckpoint(load: .init(windows: [.init(id: 0, place: place)], high: nil, count: 1))
    return Batch(bytes: [], rows: 0, checkpoint: try checkpoint.text)
  }
}
