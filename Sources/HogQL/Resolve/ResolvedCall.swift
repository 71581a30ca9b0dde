/// A function's call: what is called, and with what.
public struct ResolvedCall: Sendable {
  public var definition: FunctionDefinition
  /// The suffixes of an aggregate, the outermost (last written) last.
  public var combinators: [Combinator] = []
  /// The name as the query spells it, operators by their function's name.
  public var name: String
  /// The first parentheses of a parametric aggregate.
  public var parameters: [TypedExpr] = []
  public var arguments: [TypedExpr]
  public var isDistinct = false
  public var orderBy: [ResolvedOrder] = []
  public var filter: TypedExpr?
  public var over: ResolvedWindow?

  var children: [TypedExpr] {
    var result = arguments + parameters
    result += orderBy.map(\.expr)
    if let filter { result.append(filter) }
    if let over { result += over.partitionBy + over.orderBy.map(\.expr) }
    return result
  }
}

/// One key of an ORDER BY.
public struct ResolvedOrder: Sendable {
  public var expr: TypedExpr
  public var isDescending = false
  public var nullsFirst: Bool?
  var fill: ResolvedFill?
}

/// WITH FILL of a key: the values from `from`, else from the first row's, up to `to`, else to the last row's.
struct ResolvedFill: Sendable {
  var from: TypedExpr?
  /// Not a value itself.
  var to: TypedExpr?
  /// A number counts days of a Date and seconds of a time. Negative where the order is descending.
  var step: ResolvedFrame.ConstantOffset
}

/// A window, named ones looked up.
public struct ResolvedWindow: Sendable {
  public var partitionBy: [TypedExpr] = []
  public var orderBy: [ResolvedOrder] = []
  public var frame: ResolvedFrame?
}

/// A frame whose offsets are constants.
public struct ResolvedFrame: Hashable, Sendable {
  public enum Bound: Hashable, Sendable {
    case unboundedPreceding, preceding(ConstantOffset), currentRow, following(ConstantOffset), unboundedFollowing
  }
  public enum ConstantOffset: Hashable, Sendable {
    case number(Int64)
    case interval(Int64, IntervalUnit)
  }
  public var isRange: Bool
  public var start: Bound
  public var end: Bound
}

/// A suffix of an aggregate's name that changes what it aggregates or what it gives.
public enum Combinator: String, Hashable, Sendable, CaseIterable {
  case `if` = "If"
  case array = "Array"
  case forEach = "ForEach"
  case map = "Map"
  case orNull = "OrNull"
  case orDefault = "OrDefault"
  case distinct = "Distinct"
  case state = "State"
  case merge = "Merge"
  case argMin = "ArgMin"
  case argMax = "ArgMax"
}
