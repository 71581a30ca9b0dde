/// A function of HogQL: its names, its types and its Postgres form. The table of these is the only place that
/// knows a function.
public final class FunctionDefinition: Sendable {
  public enum Kind: String, Hashable, Sendable {
    case scalar, aggregate, window, posthog, table
  }

  /// How the result's nullability follows from the arguments'.
  public enum Nulls: Hashable, Sendable {
    /// NULL when an argument is NULL: the result is Nullable when an argument is.
    case propagate
    /// The return rule says it; the SQL may give NULL exactly when the type is Nullable.
    case own
    /// Never NULL, whatever the arguments.
    case never
  }

  public typealias ReturnRule = @Sendable (TypingCall) throws(QueryError) -> HogQLType
  public typealias LambdaRule = @Sendable (TypingCall, _ parameterCount: Int) throws(QueryError) -> [HogQLType]
  public typealias ScalarRule = @Sendable (LoweringCall) throws(QueryError) -> SQLExpr
  public typealias AggregateRule = @Sendable (AggregateCall) throws(QueryError) -> SQLExpr

  public enum Rule: Sendable {
    case scalar(ScalarRule)
    /// What it gives over no rows is decided by ``empty``.
    case aggregate(AggregateRule)
    /// Known, but refused with the reason: a clause that completes "needs ..".
    case unsupported(String)
  }

  /// What an aggregate gives over no rows when its argument is not Nullable (with a Nullable one: NULL).
  public enum Empty: Hashable, Sendable {
    /// The rule's SQL is right by itself: `count`, `uniq`, `groupArray`.
    case own
    /// The default of the result's type: `sum`, `min`, `any`.
    case typeDefault
    /// NaN: `avg`, `quantile`, `stddevPop`.
    case nan
  }

  public let names: [String]
  public let kind: Kind
  /// Numbers of arguments; nil takes them from the registry.
  public let arity: ClosedRange<Int>?
  public let nulls: Nulls
  public let empty: Empty
  /// Whether an aggregate's answer depends on the order of its rows: that of an ordered subquery is kept then.
  public let followsOrder: Bool
  /// Two calls with the same arguments may differ.
  public let isVolatile: Bool
  public let returns: ReturnRule
  public let lambda: LambdaRule?
  public let rule: Rule

  public init(
    _ names: [String], _ kind: Kind, arity: ClosedRange<Int>? = nil, nulls: Nulls, empty: Empty = .own,
    followsOrder: Bool = false, isVolatile: Bool = false, returns: @escaping ReturnRule, lambda: LambdaRule? = nil,
    rule: Rule
  ) {
    self.names = names
    self.kind = kind
    self.arity = arity
    self.nulls = nulls
    self.empty = empty
    self.followsOrder = followsOrder
    self.isVolatile = isVolatile
    self.returns = returns
    self.lambda = lambda
    self.rule = rule
  }
}

extension FunctionDefinition {
  /// A function of one row. `arity` is only needed where the registry's is not right.
  public static func scalar(
    _ names: String..., arity: ClosedRange<Int>? = nil, nulls: Nulls = .propagate, isVolatile: Bool = false,
    lambda: LambdaRule? = nil, returns: @escaping ReturnRule, lower: @escaping ScalarRule
  ) -> FunctionDefinition {
    FunctionDefinition(
      names, .scalar, arity: arity, nulls: nulls, isVolatile: isVolatile, returns: returns, lambda: lambda,
      rule: .scalar(lower))
  }

  /// A function of one row with a fixed return type.
  public static func scalar(
    _ names: String..., arity: ClosedRange<Int>? = nil, nulls: Nulls = .propagate, isVolatile: Bool = false,
    lambda: LambdaRule? = nil, returns: HogQLType, lower: @escaping ScalarRule
  ) -> FunctionDefinition {
    FunctionDefinition(
      names, .scalar, arity: arity, nulls: nulls, isVolatile: isVolatile, returns: { _ in returns }, lambda: lambda,
      rule: .scalar(lower))
  }

  /// An aggregate, without its suffixed spellings: those follow from the rule. Also usable as a window function.
  public static func aggregate(
    _ names: String..., arity: ClosedRange<Int>? = nil, empty: Empty, followsOrder: Bool = false,
    returns: @escaping ReturnRule, lower: @escaping AggregateRule
  ) -> FunctionDefinition {
    FunctionDefinition(
      names, .aggregate, arity: arity, nulls: .own, empty: empty, followsOrder: followsOrder, returns: returns,
      rule: .aggregate(lower))
  }

  /// A function that needs OVER.
  public static func window(
    _ names: String..., arity: ClosedRange<Int>? = nil, returns: @escaping ReturnRule,
    lower: @escaping AggregateRule
  ) -> FunctionDefinition {
    FunctionDefinition(names, .window, arity: arity, nulls: .own, returns: returns, rule: .aggregate(lower))
  }

  /// Functions that are known and refused: `reason` completes "`f` is not supported: ".
  public static func unsupported(_ names: String..., reason: String) -> FunctionDefinition {
    FunctionDefinition(
      names, .scalar, arity: 0...Int.max, nulls: .own, returns: { _ in .null }, rule: .unsupported(reason))
  }
}
