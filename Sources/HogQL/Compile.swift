/// A query as Postgres' SQL, with the types of its columns.
public struct CompiledQuery: Sendable {
  public var sql: String
  public var columns: [(name: String, type: HogQLType)]
  /// Where in the text the pieces of the SQL come from.
  var places = PlaceMap()
}

/// Turns a HogQL text into SQL that gives ClickHouse's answer.
///
/// Sees nothing but the catalogue; throws a ``QueryError`` for everything that it cannot say in SQL.
public func compile(
  _ text: String, catalogue: QueryCatalogue, values: [String: PlaceholderValue] = [:],
  options: CompileOptions = CompileOptions()
) throws(QueryError) -> CompiledQuery {
  let tree = try Parser.parse(text)
  let compilation = Compilation(
    tree: tree, length: text.utf8.count, catalogue: catalogue, values: values, options: options)
  return try compilation.run()
}

/// What follows parsing: resolve, lower, print.
struct Compilation: Sendable {
  let tree: Query
  /// Of the text, in bytes.
  let length: Int
  let catalogue: QueryCatalogue
  let values: [String: PlaceholderValue]
  let options: CompileOptions

  /// How deep a tree may be on whatever thread the caller has, and on one with a ``LargeStack``.
  static let smallDepth = 40
  static let largeDepth = 1_000

  /// Most trees are flat; only for one that turns out to be deep, the work starts again on a larger stack.
  func run() throws(QueryError) -> CompiledQuery {
    switch attempt(Self.smallDepth) {
    case .success(let query): return query
    case .failure(.refused(let error)): throw error
    case .failure(.tooDeep): break
    }
    switch onLargeStack() {
    case .success(let query): return query
    case .failure(.refused(let error)), .failure(.tooDeep(let error)): throw error
    }
  }

  enum Failure: Error {
    case refused(QueryError)
    /// Deeper than this attempt allows.
    case tooDeep(QueryError)
  }

  private func attempt(_ depth: Int) -> Result<CompiledQuery, Failure> {
    let resolver = Resolver(
      catalogue: catalogue, values: values, options: options,
      limits: Resolver.Limits(depth: depth, size: max(50_000, length)))
    do throws(QueryError) {
      let query = try resolver.query(tree, isTop: true)
      let lowering = Lowering(
        options: LoweringOptions(
          timeZone: catalogue.timeZone, weekStartsOnSunday: catalogue.weekStartsOnSunday,
          collationIsC: options.collationIsC, foldsASCIIOnly: options.foldsASCIIOnly),
        budget: max(500_000, length))
      let sql = try lowering.query(query)
      var printer = SQLPrinter(places: lowering.places)
      printer.query(sql)
      if printer.isTooLong {
        throw QueryError(
          "The query becomes too large in SQL.", at: tree.span,
          hint: "Compute what stands inside other things in a subquery.")
      }
      return .success(
        CompiledQuery(
          sql: printer.text, columns: query.columns.map { ($0.label, $0.type) },
          places: PlaceMap(marks: printer.marks)))
    } catch {
      return .failure(resolver.isTooDeep ? .tooDeep(error) : .refused(error))
    }
  }

  private func onLargeStack() -> Result<CompiledQuery, Failure> {
    final class Answer: @unchecked Sendable {
      // Written by the one thread and read after it has ended.
      var result: Result<CompiledQuery, Failure>?
    }
    let answer = Answer()
    let hasRun = LargeStack.run {
      answer.result = attempt(Self.largeDepth)
    }
    if hasRun, let result = answer.result { return result }
    return .failure(
      .refused(
        QueryError(
          "The query is nested too deeply for the memory there is.", at: Span(start: 0, end: 0),
          hint: "Compute its parts in subqueries.")))
  }
}
