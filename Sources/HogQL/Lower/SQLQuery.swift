/// A query in Postgres' SQL.
public indirect enum SQLQuery: Hashable, Sendable {
  case select(SQLSelect)
  case set(SQLSetOperation)
  /// `VALUES (..), (..)`
  case values([[SQLExpr]])
}

/// Two queries joined by a set operator; both sides are printed in parentheses where they need them.
public struct SQLSetOperation: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case union = "UNION", unionAll = "UNION ALL", intersect = "INTERSECT", intersectAll = "INTERSECT ALL"
    case except = "EXCEPT", exceptAll = "EXCEPT ALL"
  }
  public var kind: Kind
  public var left: SQLQuery
  public var right: SQLQuery
}

/// One SELECT.
public struct SQLSelect: Hashable, Sendable {
  public var with: [SQLCommonTable] = []
  public var isDistinct = false
  public var distinctOn: [SQLExpr] = []
  public var items: [SQLItem]
  public var from: SQLFrom?
  public var condition: SQLExpr?
  public var groupBy: SQLGroupBy?
  public var having: SQLExpr?
  public var orderBy: [SQLOrder] = []
  public var limit: SQLExpr?
  public var withTies = false
  public var offset: SQLExpr?

  public init(_ items: [SQLItem], from: SQLFrom? = nil, where condition: SQLExpr? = nil, orderBy: [SQLOrder] = []) {
    self.items = items
    self.from = from
    self.condition = condition
    self.orderBy = orderBy
  }

  /// `SELECT expr FROM .. WHERE .. ORDER BY ..`
  public init(_ expr: SQLExpr, from: SQLFrom? = nil, where condition: SQLExpr? = nil, orderBy: [SQLOrder] = []) {
    self.init([SQLItem(expr)], from: from, where: condition, orderBy: orderBy)
  }
}

/// A select item, with its name if it has one.
public struct SQLItem: Hashable, Sendable {
  public var expr: SQLExpr
  public var name: String?
  /// The piece of the text that it stands for.
  public var span: Span?
  public init(_ expr: SQLExpr, name: String? = nil) {
    self.expr = expr
    self.name = name
  }
}

/// `name (columns) AS [NOT] MATERIALIZED (query)`
public struct SQLCommonTable: Hashable, Sendable {
  public var name: String
  public var columns: [String] = []
  public var isMaterialized: Bool?
  public var query: SQLQuery
}

/// The keys of a GROUP BY; no key at all is `GROUP BY ()`.
public enum SQLGroupBy: Hashable, Sendable {
  case keys([SQLExpr])
  case rollup([SQLExpr])
  case cube([SQLExpr])
  case sets([[SQLExpr]])
}

/// Where rows come from.
public indirect enum SQLFrom: Hashable, Sendable {
  case table(schema: String?, name: String, alias: String)
  case query(SQLQuery, alias: String, columns: [String], isLateral: Bool)
  /// A set-returning function of `pg_catalog` or the runtime: `unnest(a, b) WITH ORDINALITY AS alias (columns)`.
  case function(schema: String?, name: String, [SQLExpr], withOrdinality: Bool, alias: String, columns: [String], isLateral: Bool)
  case join(SQLFrom, SQLJoinKind, SQLFrom, on: SQLExpr?)

  /// `unnest(array) WITH ORDINALITY AS alias (value, n)`: the usual way through an array.
  public static func unnest(_ arrays: [SQLExpr], as alias: String, columns: [String]) -> SQLFrom {
    .function(
      schema: nil, name: "unnest", arrays, withOrdinality: columns.count > arrays.count, alias: alias,
      columns: columns, isLateral: false)
  }
}

public enum SQLJoinKind: String, Hashable, Sendable {
  case inner = "JOIN", left = "LEFT JOIN", right = "RIGHT JOIN", full = "FULL JOIN", cross = "CROSS JOIN"
}
