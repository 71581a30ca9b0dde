/// An expression in Postgres' SQL. The printer adds quotes and parentheses; a rule never writes text.
public indirect enum SQLExpr: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// Printed bare: `int4` to Postgres when it fits, so give it a cast where a function is polymorphic.
  case integer(Int64)
  /// A numeric constant in digits, `1.5` or `18446744073709551615`.
  case number(String)
  /// A string literal of unknown type; see ``text(_:)`` for one that is text for certain.
  case string(String)
  /// A column, with its table's alias.
  case column(table: String?, name: String)
  /// A function of `pg_catalog` (schema nil) or of the runtime (`hogql`).
  case call(schema: String?, name: String, [SQLExpr])
  case aggregate(SQLAggregate)
  case unary(SQLOperator, SQLExpr)
  case binary(SQLExpr, SQLOperator, SQLExpr)
  /// Two or more operands of AND or OR.
  case connective(SQLOperator, [SQLExpr])
  case cast(SQLExpr, SQLTypeName)
  case caseWhen([SQLBranch], otherwise: SQLExpr?)
  /// `ARRAY[..]`; an empty one needs a cast.
  case array([SQLExpr])
  /// `ARRAY(SELECT ..)`
  case arrayOf(SQLSelect)
  /// A scalar subquery.
  case subquery(SQLQuery)
  case exists(SQLQuery)
  /// `ROW(a, b)`
  case row([SQLExpr])
  case isNull(SQLExpr, negated: Bool)
  case inList(SQLExpr, [SQLExpr], negated: Bool)
  case inQuery(SQLExpr, SQLQuery, negated: Bool)
  case between(SQLExpr, SQLExpr, SQLExpr, negated: Bool)
  /// `a = ANY (array)`
  case any(SQLExpr, SQLOperator, array: SQLExpr)
  case subscripted(SQLExpr, SQLExpr)
  case slice(SQLExpr, from: SQLExpr?, to: SQLExpr?)
  /// `x COLLATE "C"`
  case byteOrder(SQLExpr)
  /// `EXTRACT(field FROM x)`; the field is a word of this code, never of a query.
  case extract(String, SQLExpr)
  /// `GROUPING(key)`
  case grouping(SQLExpr)
  /// `*`, the argument of `count(*)`.
  case star
}

/// One WHEN of a CASE.
public struct SQLBranch: Hashable, Sendable {
  public var when: SQLExpr
  public var then: SQLExpr
  public init(when: SQLExpr, then: SQLExpr) {
    self.when = when
    self.then = then
  }
}

/// An aggregate's or a window function's call.
public struct SQLAggregate: Hashable, Sendable {
  public var schema: String?
  public var name: String
  public var arguments: [SQLExpr]
  public var isDistinct = false
  public var orderBy: [SQLOrder] = []
  public var withinGroup: [SQLOrder] = []
  public var filter: SQLExpr?
  public var over: SQLWindow?

  public init(schema: String? = nil, _ name: String, _ arguments: [SQLExpr]) {
    self.schema = schema
    self.name = name
    self.arguments = arguments
  }
}

/// One key of an ORDER BY.
public struct SQLOrder: Hashable, Sendable {
  public var expr: SQLExpr
  public var isDescending: Bool
  /// Nil leaves Postgres' default: last for ASC, first for DESC.
  public var nullsFirst: Bool?

  public init(_ expr: SQLExpr, isDescending: Bool = false, nullsFirst: Bool? = nil) {
    self.expr = expr
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }
}

/// What stands in `OVER (..)`.
public struct SQLWindow: Hashable, Sendable {
  public var partitionBy: [SQLExpr] = []
  public var orderBy: [SQLOrder] = []
  public var frame: SQLFrame?
  public init(partitionBy: [SQLExpr] = [], orderBy: [SQLOrder] = [], frame: SQLFrame? = nil) {
    self.partitionBy = partitionBy
    self.orderBy = orderBy
    self.frame = frame
  }
}

/// `ROWS|RANGE BETWEEN start AND end`
public struct SQLFrame: Hashable, Sendable {
  public enum Bound: Hashable, Sendable {
    case unboundedPreceding, preceding(SQLExpr), currentRow, following(SQLExpr), unboundedFollowing
  }
  public var isRange: Bool
  public var start: Bound
  public var end: Bound
  public init(isRange: Bool, start: Bound, end: Bound) {
    self.isRange = isRange
    self.start = start
    self.end = end
  }

  /// From the partition's first row to its last.
  public static let wholePartition = SQLFrame(isRange: false, start: .unboundedPreceding, end: .unboundedFollowing)
}

/// An operator of Postgres, with the strength that decides parentheses.
public struct SQLOperator: Hashable, Sendable {
  public let text: String
  public let precedence: Int

  init(_ text: String, _ precedence: Int) {
    self.text = text
    self.precedence = precedence
  }

  public static let or = SQLOperator("OR", 1)
  public static let and = SQLOperator("AND", 2)
  public static let not = SQLOperator("NOT", 3)
  public static let distinctFrom = SQLOperator("IS DISTINCT FROM", 4)
  public static let notDistinctFrom = SQLOperator("IS NOT DISTINCT FROM", 4)
  public static let equal = SQLOperator("=", 5)
  public static let notEqual = SQLOperator("<>", 5)
  public static let less = SQLOperator("<", 5)
  public static let lessOrEqual = SQLOperator("<=", 5)
  public static let greater = SQLOperator(">", 5)
  public static let greaterOrEqual = SQLOperator(">=", 5)
  public static let like = SQLOperator("LIKE", 6)
  public static let ilike = SQLOperator("ILIKE", 6)
  public static let notLike = SQLOperator("NOT LIKE", 6)
  public static let notILike = SQLOperator("NOT ILIKE", 6)
  /// Regular expressions and every other operator stand on one level in Postgres.
  public static let matches = SQLOperator("~", 7)
  public static let matchesIgnoringCase = SQLOperator("~*", 7)
  public static let concat = SQLOperator("||", 7)
  public static let arrow = SQLOperator("->", 7)
  public static let arrowText = SQLOperator("->>", 7)
  public static let path = SQLOperator("#>", 7)
  public static let pathText = SQLOperator("#>>", 7)
  public static let contains = SQLOperator("@>", 7)
  public static let overlaps = SQLOperator("&&", 7)
  public static let hasKey = SQLOperator("?", 7)
  public static let bitAnd = SQLOperator("&", 7)
  public static let bitOr = SQLOperator("|", 7)
  public static let bitXor = SQLOperator("#", 7)
  public static let bitNot = SQLOperator("~", 7)
  public static let add = SQLOperator("+", 8)
  public static let subtract = SQLOperator("-", 8)
  public static let multiply = SQLOperator("*", 9)
  public static let divide = SQLOperator("/", 9)
  public static let modulo = SQLOperator("%", 9)
  public static let power = SQLOperator("^", 10)
  public static let negate = SQLOperator("-", 11)
}
