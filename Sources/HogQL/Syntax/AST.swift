/// An expression as the user wrote it: names not yet looked up.
///
/// The parser limits how deep a tree is nested, so code may recurse over it; but a chain such as
/// `a + b + c` leans to the left and may be long: take it by ``leftSpine``.
public struct Expr: Hashable, Sendable {
  public var kind: Kind
  public var span: Span

  public init(_ kind: Kind, at span: Span) {
    self.kind = kind
    self.span = span
  }

  public indirect enum Kind: Hashable, Sendable {
    case literal(Literal)
    /// A dotted name, `a` or `a.b.c`; never empty.
    case name([Name])
    /// `*`, `t.*`, `COLUMNS(..)`: a select item, or the argument of `count(*)`.
    case star(Star)
    case placeholder(Placeholder)

    case array([Expr])
    /// `(a, b)` and `(a,)`; `(a)` is just `a`.
    case tuple([Expr])
    case dictionary([DictionaryEntry])
    /// `a || b || c` and template strings with several parts, flat.
    case concat([Expr])

    case unary(UnaryOperator, Expr)
    case binary(BinaryOperator, Expr, Expr)
    /// Two or more operands, flat.
    case and([Expr])
    /// Two or more operands, flat.
    case or([Expr])
    case isNull(Expr, negated: Bool)
    case between(Expr, low: Expr, high: Expr, negated: Bool)
    /// `condition ? then : otherwise`.
    case conditional(Expr, then: Expr, otherwise: Expr)
    case caseWhen(Case)

    /// `a.b` where `a` is no plain name, and every `a?.b`.
    case member(Expr, Name)
    /// `a.1`, `a?.1`: 1-based.
    case element(Expr, index: Int)
    /// `a[i]`, `a?.[i]`.
    case subscripted(Expr, Expr)
    /// `a[from:to]`, both inclusive.
    case slice(Expr, from: Expr?, to: Expr?)

    case cast(Expr, TypeName, CastForm)
    /// `INTERVAL count unit`; the form with a string has a literal count.
    case interval(count: Expr, IntervalUnit)
    case call(Call)
    case lambda(parameters: [Name], body: Expr)
    /// `expr AS name`, and `name: expr`; allowed inside any expression.
    case alias(Expr, Name)
    case subquery(Query)
  }
}

/// An identifier without its quotes, or an alias given as a string.
public struct Name: Hashable, Sendable {
  public var text: String
  public var span: Span

  public init(_ text: String, at span: Span) {
    self.text = text
    self.span = span
  }
}

/// A constant.
public enum Literal: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// An integer outside Int64: decimal digits with an optional minus.
  case bigInteger(String)
  /// Also `inf` and `nan`.
  case float(Double)
  case string(String)
}

/// `{name}`, `{a.b}`: a value that is given beside the query.
public struct Placeholder: Hashable, Sendable {
  /// The names between the dots, never empty.
  public var path: [String]
  public var span: Span
}

/// One `key: value` of a dictionary.
public struct DictionaryEntry: Hashable, Sendable {
  public var key: Expr
  public var value: Expr
}

public enum UnaryOperator: Hashable, Sendable {
  case negate, not
}

public enum BinaryOperator: Hashable, Sendable {
  case add, subtract, multiply, divide, modulo
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case `in`, notIn, inCohort, notInCohort
  case like, notLike, ilike, notILike
  /// Regular expressions: `~ =~`, `!~`, `~* =~*`, `!~*`.
  case match, notMatch, matchIgnoringCase, notMatchIgnoringCase
  /// `IS DISTINCT FROM`; `IS NOT DISTINCT FROM` and `<=>`.
  case distinctFrom, notDistinctFrom
  /// `??`
  case coalesce
}

/// `CASE [operand] WHEN .. THEN .. [ELSE ..] END`
public struct Case: Hashable, Sendable {
  public var operand: Expr?
  /// At least one.
  public var branches: [CaseBranch]
  public var otherwise: Expr?
}

public struct CaseBranch: Hashable, Sendable {
  public var when: Expr
  public var then: Expr
}

/// How a cast is written, and so what a bad value gives.
public enum CastForm: Hashable, Sendable {
  /// `CAST(x AS type)`: an error.
  case cast
  /// `x::type`: an error.
  case colons
  /// `TRY_CAST(x AS type)`: NULL.
  case tryCast
}

/// The type of a cast: `int`, `Nullable(Int64)`, `Decimal(10, 2)`, `Tuple(a String, b Int64)`.
public struct TypeName: Hashable, Sendable {
  public var name: String
  public var arguments: [TypeArgument]
  public var span: Span
}

public enum TypeArgument: Hashable, Sendable {
  case type(TypeName)
  case named(Name, TypeName)
  case integer(Int64)
  case string(String)
}

public enum IntervalUnit: String, Hashable, Sendable, CaseIterable {
  case second, minute, hour, day, week, month, quarter, year
}

/// A function's call with everything that can be said inside and after its parentheses.
public struct Call: Hashable, Sendable {
  public var name: Name
  /// The first parentheses of a parametric aggregate, `quantile(0.9)(x)`; nil without.
  public var parameters: [Expr]?
  public var arguments: [Expr]
  public var isDistinct = false
  /// `f(x ORDER BY y)`
  public var orderBy: [OrderItem] = []
  /// `FILTER (WHERE c)`
  public var filter: Expr?
  public var over: Over?
}

public enum Over: Hashable, Sendable {
  case named(Name)
  case window(Window)
}

/// `*`, `t.*`, `COLUMNS('regex')`, `COLUMNS(a, b)`, each perhaps with EXCLUDE and REPLACE.
public struct Star: Hashable, Sendable {
  public enum Choice: Hashable, Sendable {
    case all
    case matching(String)
    case listed([Expr])
  }

  /// The names before `.*`; empty for a bare star.
  public var qualifier: [Name] = []
  public var choice = Choice.all
  public var excluded: [Name] = []
  public var replaced: [Replacement] = []
}

/// `expr AS column` in a REPLACE list.
public struct Replacement: Hashable, Sendable {
  public var value: Expr
  public var column: Name
}
