/// A query whose names are looked up.
public indirect enum ResolvedQuery: Sendable {
  case select(ResolvedSelect)
  case set(ResolvedSet)
  case values(ResolvedValues)

  var columns: [OutputColumn] {
    switch self {
    case .select(let select): select.columns
    case .set(let set): set.columns
    case .values(let values): values.columns
    }
  }

  /// The number of levels that code which recurses over the query goes down.
  var depth: Int {
    switch self {
    case .select(let select): select.depth
    case .set(let set): set.depth
    case .values(let values): values.rows.reduce(1) { $1.reduce($0) { max($0, $1.depth + 1) } }
    }
  }

  /// A level of queries takes as much of the stack as several of expressions.
  static let levels = 6
}

/// A column that a query gives.
public struct OutputColumn: Hashable, Sendable {
  /// The name in SQL, unique in its query.
  public var name: String
  /// The name as it is looked up and shown.
  public var label: String
  public var type: HogQLType
  public var mayBeNull: Bool
}

/// Members joined by set operators, from left to right.
public final class ResolvedSet: Sendable {
  let commonTables: [ResolvedCommonTable]
  let first: ResolvedQuery
  let rest: [(SetOperator, ResolvedQuery)]
  /// Members' columns widened to one type each.
  let columns: [OutputColumn]
  let orderBy: [ResolvedOrder]
  let limit: ResolvedLimit?
  /// The alias under which `orderBy` sees the set's columns.
  let alias: String
  let depth: Int

  init(
    commonTables: [ResolvedCommonTable], first: ResolvedQuery, rest: [(SetOperator, ResolvedQuery)],
    columns: [OutputColumn], orderBy: [ResolvedOrder], limit: ResolvedLimit?, alias: String
  ) {
    self.commonTables = commonTables
    self.first = first
    self.rest = rest
    self.columns = columns
    self.orderBy = orderBy
    self.limit = limit
    self.alias = alias
    let members = rest.reduce(first.depth) { max($0, $1.1.depth) }
    depth = commonTables.reduce(members) { max($0, $1.query.depth) } + rest.count + ResolvedQuery.levels
  }
}

/// `VALUES`, all rows widened to the columns' types.
public final class ResolvedValues: Sendable {
  let rows: [[TypedExpr]]
  let columns: [OutputColumn]

  init(rows: [[TypedExpr]], columns: [OutputColumn]) {
    self.rows = rows
    self.columns = columns
  }
}

/// A query of WITH that is used.
public struct ResolvedCommonTable: Sendable {
  var name: String
  var query: ResolvedQuery
  var isMaterialized: Bool?
}

/// One SELECT.
public final class ResolvedSelect: Sendable {
  let commonTables: [ResolvedCommonTable]
  let isDistinct: Bool
  let items: [TypedExpr]
  let columns: [OutputColumn]
  let from: ResolvedFrom?
  let arrayJoins: [ResolvedArrayJoin]
  /// `arrayJoin(..)` calls of the expressions, each unrolled once.
  let condition: TypedExpr?
  let groupBy: ResolvedGroupBy?
  let isAggregated: Bool
  let having: TypedExpr?
  let qualify: TypedExpr?
  let orderBy: [ResolvedOrder]
  let limitBy: ResolvedLimitBy?
  let limit: ResolvedLimit?
  let depth: Int
  /// The number of nodes of its own expressions, shared ones counted each time.
  let size: Int

  init(
    commonTables: [ResolvedCommonTable], isDistinct: Bool, items: [TypedExpr], columns: [OutputColumn],
    from: ResolvedFrom?, arrayJoins: [ResolvedArrayJoin], condition: TypedExpr?, groupBy: ResolvedGroupBy?,
    isAggregated: Bool, having: TypedExpr?, qualify: TypedExpr?, orderBy: [ResolvedOrder],
    limitBy: ResolvedLimitBy?, limit: ResolvedLimit?
  ) {
    self.commonTables = commonTables
    self.isDistinct = isDistinct
    self.items = items
    self.columns = columns
    self.from = from
    self.arrayJoins = arrayJoins
    self.condition = condition
    self.groupBy = groupBy
    self.isAggregated = isAggregated
    self.having = having
    self.qualify = qualify
    self.orderBy = orderBy
    self.limitBy = limitBy
    self.limit = limit
    let exprs = items + (groupBy?.keys ?? []) + (limitBy?.keys ?? []) + orderBy.map(\.expr)
      + arrayJoins.flatMap { $0.items.map(\.array) } + [condition, having, qualify].compactMap { $0 }
    var depth = exprs.reduce(from?.depth ?? 0) { max($0, $1.depth) }
    for table in commonTables { depth = max(depth, table.query.depth) }
    self.depth = depth + ResolvedQuery.levels
    size = exprs.reduce(0) { $0 + $1.size }
  }
}

/// GROUP BY's keys.
public struct ResolvedGroupBy: Sendable {
  enum Form: Sendable {
    case plain, rollup, cube
    /// Indexes into the keys.
    case sets([[Int]])
  }
  var form: Form
  var keys: [TypedExpr]
}

public struct ResolvedLimit: Sendable {
  var count: TypedExpr?
  var isPercent = false
  var offset: TypedExpr?
  var withTies = false
}

public struct ResolvedLimitBy: Sendable {
  var count: TypedExpr
  var offset: TypedExpr?
  var keys: [TypedExpr]
}

/// ARRAY JOIN: the arrays are walked in parallel.
public struct ResolvedArrayJoin: Sendable {
  var isLeft: Bool
  var alias: String
  var items: [(array: TypedExpr, column: String)]
}

/// Where a SELECT's rows come from.
public indirect enum ResolvedFrom: Sendable {
  case table(schema: String, name: String, alias: String)
  /// A query of WITH.
  case common(name: String, alias: String)
  case query(ResolvedQuery, alias: String)
  /// `numbers(start, count)`
  case numbers(start: TypedExpr?, count: TypedExpr, alias: String)
  /// `generateSeries(start, stop, step)`, the stop included.
  case series(start: TypedExpr, stop: TypedExpr, step: TypedExpr, alias: String)
  case join(ResolvedFrom, ResolvedJoin)

  /// The alias of the first source.
  var firstAlias: String {
    var place = self
    while case .join(let left, _) = place { place = left }
    return switch place {
    case .table(_, _, let alias), .common(_, let alias), .query(_, let alias), .numbers(_, _, let alias),
      .series(_, _, _, let alias):
      alias
    case .join(_, let join): join.rightAlias
    }
  }

  var depth: Int {
    switch self {
    case .table, .common, .numbers, .series: 1
    case .query(let query, _): query.depth + 1
    case .join(let left, let join): max(left.depth, join.right.depth, join.condition?.depth ?? 0) + 1
    }
  }
}

/// A join of what stands left of it with one more source.
public struct ResolvedJoin: Sendable {
  enum Kind: Hashable, Sendable {
    case inner, left, right, full, cross
    /// One match for each left row.
    case anyLeft, anyInner, anyRight
    case leftSemi, leftAnti, rightSemi, rightAnti
    case asofInner, asofLeft
  }
  var kind: Kind
  var right: ResolvedFrom
  var condition: TypedExpr?
  /// For ASOF: the key of the right side by which the closest row is chosen, and whether the latest is.
  var closest: (key: TypedExpr, isLatest: Bool)?
  /// For ANY INNER and RIGHT: the left side's keys of the equalities.
  var leftKeys: [TypedExpr] = []
  /// The right source's alias and columns, for joins that are written as LATERAL.
  var rightAlias: String
}
