/// A whole query: one or more selects joined by set operators.
///
/// Members are combined from left to right. Where INTERSECT stands among other operators, which it
/// precedes, its operands have become a query of their own.
public struct Query: Hashable, Sendable {
  /// CTEs written before a parenthesised query.
  public var with: With?
  public var first: QueryMember
  public var rest: [SetOperation] = []
  /// What follows a parenthesised last member, and so belongs to the whole; what follows a bare select
  /// is that select's.
  public var orderBy: [OrderItem] = []
  public var interpolate: [Interpolation]?
  public var limitBy: LimitBy?
  public var limit: Limit?
  public var span: Span
}

public indirect enum QueryMember: Hashable, Sendable {
  case select(Select)
  /// In parentheses, or a group of INTERSECT operands.
  case query(Query)
  case placeholder(Placeholder)
  case values(Values)
}

public enum SetOperator: Hashable, Sendable {
  /// Plain EXCEPT and INTERSECT mean ALL; plain UNION means DISTINCT.
  case unionAll, unionDistinct, intersectAll, intersectDistinct, exceptAll, exceptDistinct
}

/// A set operator and its right operand.
public struct SetOperation: Hashable, Sendable {
  public var `operator`: SetOperator
  public var isByName: Bool
  /// The operator's own words.
  public var span: Span
  public var member: QueryMember
}

/// The WITH clause.
public struct With: Hashable, Sendable {
  public var isRecursive: Bool
  public var expressions: [CommonTableExpression]
  public var span: Span
}

/// One item of a WITH clause.
public struct CommonTableExpression: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// `name [(columns)] AS [[NOT] MATERIALIZED] (query)`
    case query(Query, columns: [Name], isMaterialized: Bool?)
    /// `expr AS name`
    case expression(Expr)
  }

  public var name: Name
  public var kind: Kind
  public var span: Span
}

/// One SELECT with its clauses.
public struct Select: Hashable, Sendable {
  public var with: With?
  public var isDistinct = false
  /// At least one; an alias is an ``Expr/Kind/alias(_:_:)``.
  public var columns: [Expr] = []
  public var from: From?
  public var arrayJoin: ArrayJoin?
  public var prewhere: Expr?
  public var `where`: Expr?
  public var groupBy: GroupBy?
  public var having: Expr?
  public var qualify: Expr?
  public var windows: [NamedWindow] = []
  public var orderBy: [OrderItem] = []
  public var interpolate: [Interpolation]?
  public var limitBy: LimitBy?
  public var limit: Limit?
  public var span: Span
}

/// `VALUES (1, 'a'), (2, 'b')`
public struct Values: Hashable, Sendable {
  public var rows: [[Expr]]
  public var span: Span
}

/// The FROM clause, or a join in parentheses: joins are made from left to right.
public struct From: Hashable, Sendable {
  public var first: TableSource
  public var joins: [Join] = []
  public var span: Span
}

/// Something that rows come from.
public struct TableSource: Hashable, Sendable {
  public indirect enum Kind: Hashable, Sendable {
    /// `orders`, `stripe.charge`; never empty.
    case table([Name])
    /// `numbers(10)`
    case function(Name, [Expr])
    case query(Query)
    case placeholder(Placeholder)
    /// `(a JOIN b ..)`
    case join(From)
  }

  public var kind: Kind
  public var alias: Name?
  /// `AS t (a, b)`
  public var columnAliases: [Name] = []
  /// Where FINAL stands.
  public var final: Span?
  public var sample: Sample?
  public var span: Span
}

/// `SAMPLE ratio [OFFSET ratio]`
public struct Sample: Hashable, Sendable {
  public var ratio: Expr
  public var offset: Expr?
  public var span: Span
}

public enum JoinSide: Hashable, Sendable {
  case inner, left, right, full, cross
  /// `a, b`
  case comma
}

public enum JoinStrictness: Hashable, Sendable {
  case all, any, semi, anti, asof
}

/// One join: what stands left of it is the result of the joins before.
public struct Join: Hashable, Sendable {
  public enum Constraint: Hashable, Sendable {
    case on(Expr)
    /// USING's columns, at least one.
    case using([Name])
  }

  /// Bare SEMI and ANTI are `left`.
  public var side: JoinSide
  /// Nil when the text names none.
  public var strictness: JoinStrictness?
  public var isPositional = false
  public var isNatural = false
  public var table: TableSource
  public var constraint: Constraint?
  /// The join's own words, `ANY LEFT JOIN`.
  public var span: Span
}

/// `[LEFT] ARRAY JOIN array AS name, ..`
public struct ArrayJoin: Hashable, Sendable {
  public var isLeft: Bool
  public var items: [ArrayJoinItem]
  public var span: Span
}

public struct ArrayJoinItem: Hashable, Sendable {
  public var array: Expr
  public var name: Name
}

/// The GROUP BY clause; `a, b WITH ROLLUP` is `rollup([a, b])`, `WITH CUBE` alike.
public struct GroupBy: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case all
    case expressions([Expr])
    case rollup([Expr])
    case cube([Expr])
    case groupingSets([[Expr]])
  }

  public var kind: Kind
  /// Where WITH TOTALS stands.
  public var totals: Span?
  public var span: Span
}

/// One item of an ORDER BY.
public struct OrderItem: Hashable, Sendable {
  public var expr: Expr
  public var isDescending = false
  /// NULLS FIRST or LAST, when the text says so.
  public var nullsFirst: Bool?
  /// COLLATE's string.
  public var collation: Name?
  public var fill: Fill?
  public var span: Span
}

/// `WITH FILL [FROM e] [TO e] [STEP e]`
public struct Fill: Hashable, Sendable {
  public var from: Expr?
  public var to: Expr?
  public var step: Expr?
  public var span: Span
}

/// One item of `INTERPOLATE (column [AS expr], ..)`.
public struct Interpolation: Hashable, Sendable {
  public var column: Name
  public var value: Expr?
}

/// `LIMIT n [OFFSET m] BY keys`
public struct LimitBy: Hashable, Sendable {
  public var count: Expr
  public var offset: Expr?
  public var keys: [Expr]
  public var span: Span
}

/// LIMIT and OFFSET of rows; at least one of the two is there.
public struct Limit: Hashable, Sendable {
  public var count: Expr?
  /// `LIMIT n%`
  public var isPercent = false
  public var offset: Expr?
  public var withTies = false
  public var span: Span
}

/// What stands in `OVER (..)` or after a name in the WINDOW clause.
public struct Window: Hashable, Sendable {
  /// A window of the WINDOW clause that this one starts from.
  public var base: Name?
  public var partitionBy: [Expr] = []
  public var orderBy: [OrderItem] = []
  public var frame: Frame?
  public var span: Span
}

public struct NamedWindow: Hashable, Sendable {
  public var name: Name
  public var window: Window
}

/// `ROWS|RANGE BETWEEN start AND end`; with one bound alone the end is the current row.
public struct Frame: Hashable, Sendable {
  public enum Unit: Hashable, Sendable {
    case rows, range
  }

  public enum Bound: Hashable, Sendable {
    case unboundedPreceding, preceding(Expr), currentRow, following(Expr), unboundedFollowing
  }

  public var unit: Unit
  public var start: Bound
  public var end: Bound
  public var span: Span
}
