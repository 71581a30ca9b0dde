/// How a value is used, which decides what NULL may stand for.
enum LoweringContext: Hashable, Sendable {
  /// As a value: a comparison is never NULL.
  case value
  /// As a condition: NULL and false are one, so comparisons print plain.
  case condition
  /// In a join's ON: comparisons are Postgres' own, NULL keys never match.
  case join
}

/// Settings of the project and the server that decide SQL.
public struct LoweringOptions: Hashable, Sendable {
  public var timeZone: String
  public var weekStartsOnSunday: Bool
  /// Whether the database compares text by bytes already.
  public var collationIsC: Bool
  /// Whether the database takes only ASCII's letters for letters.
  public var foldsASCIIOnly: Bool

  public init(
    timeZone: String = "UTC", weekStartsOnSunday: Bool = true, collationIsC: Bool = false, foldsASCIIOnly: Bool = false
  ) {
    self.timeZone = timeZone
    self.weekStartsOnSunday = weekStartsOnSunday
    self.collationIsC = collationIsC
    self.foldsASCIIOnly = foldsASCIIOnly
  }
}

/// Turns typed trees into SQL trees. One for each query: it hands out aliases and knows what lambda parameters and
/// group keys stand for at the moment.
public final class Lowering {
  public let options: LoweringOptions
  var nextAlias = 0
  /// SQL for the parameters of the lambdas around.
  var bindings: [Int: SQLExpr] = [:]
  /// Expressions that have SQL of their own in the select being lowered: keys of GROUPING SETS, items of a derived
  /// table that stands in between.
  var replacements: [(expr: TypedExpr, sql: SQLExpr)] = []
  /// The unrolled arrays of the select being lowered.
  var unrolled: [(array: TypedExpr, sql: SQLExpr)] = []
  /// The keys of the select being lowered, which other places must spell in the same way.
  var groupKeys: [TypedExpr] = []
  /// Whether aggregates of the select being lowered have a row for certain.
  var groupsHaveRows = false
  /// Something of the FROM of the select being lowered, nil without one: what names it belongs to that select.
  var anchor: SQLExpr?
  /// The order of the FROM's rows of the select being lowered, where an aggregate follows it.
  var rowOrder: [SQLOrder] = []
  /// Queries of WITH whose rows have an order.
  var orderedTables: Set<String> = []
  /// Columns that cannot be NULL in the rows that WHERE lets through.
  var present: [ColumnReference] = []
  /// Where names of the SQL come from.
  var places = NamePlaces()

  /// How many expressions may be lowered: rules that spell an argument twice double it with each level.
  private var budget: Int

  public init(options: LoweringOptions, budget: Int = 500_000) {
    self.options = options
    self.budget = budget
  }

  /// Whether the expression has SQL of its own here, as a key of GROUP BY has, and must not be taken apart.
  func isGiven(_ expr: TypedExpr) -> Bool {
    groupKeys.contains { $0.isSame(as: expr) } || replacements.contains { $0.expr.isSame(as: expr) }
  }

  func spend(at span: Span) throws(QueryError) {
    budget -= 1
    guard budget > 0 else {
      throw QueryError(
        "The query becomes too large in SQL.", at: span, hint: "Compute what stands inside other things in a subquery.")
    }
  }

  /// An alias that no source of the query has; users' aliases never hold a space.
  func freshAlias(_ hint: String) -> String {
    nextAlias += 1
    return "\(hint) \(nextAlias)"
  }

  func binding<Result>(
    _ parameters: [LambdaParameter], to values: [SQLExpr], _ body: () throws(QueryError) -> Result
  ) throws(QueryError) -> Result {
    let saved = bindings
    defer { bindings = saved }
    for (parameter, value) in zip(parameters, values) { bindings[parameter.id] = value }
    return try body()
  }
}
