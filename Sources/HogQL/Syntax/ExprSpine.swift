/// Chains of operators: `a + b + c` is a tree that leans to the left, thousands of levels high in a
/// query that a program wrote. These walk down it without recursion.
extension Expr {
  /// The expression, its left operand, that one's left operand and so on: `a + b + c`, `a + b`, `a`.
  ///
  /// Code that recurses over a tree must treat a chain from its far end, `leftSpine.reversed()`, and
  /// recurse only into what stands right of each operator: those are nested no deeper than the
  /// parser allows.
  public var leftSpine: [Expr] {
    var spine = [self]
    var place = self
    while let left = place.leftOperand {
      spine.append(left)
      place = left
    }
    return spine
  }

  /// What stands left of the operator, subscript, dot, cast or AS; nil for other expressions.
  public var leftOperand: Expr? { kind.split?.left }

  public static func == (one: Expr, other: Expr) -> Bool {
    var (one, other) = (one, other)
    while one.span == other.span {
      guard let (left, rest) = one.kind.split else { return one.kind == other.kind }
      guard let (otherLeft, otherRest) = other.kind.split, rest == otherRest else { return false }
      (one, other) = (left, otherLeft)
    }
    return false
  }

  public func hash(into hasher: inout Hasher) {
    var place = self
    hasher.combine(place.span)
    while let (left, rest) = place.kind.split {
      hasher.combine(rest)
      place = left
      hasher.combine(place.span)
    }
    hasher.combine(place.kind)
  }
}

extension Expr.Kind {
  /// Stands for a left operand that is looked at elsewhere.
  private static let hole = Expr(.tuple([]), at: Span(start: 0, end: 0))

  /// The left operand of a chain's node, and the node without it.
  fileprivate var split: (left: Expr, rest: Expr.Kind)? {
    let hole = Self.hole
    switch self {
    case .binary(let operation, let left, let right): return (left, .binary(operation, hole, right))
    case .isNull(let left, let negated): return (left, .isNull(hole, negated: negated))
    case .between(let left, let low, let high, let negated):
      return (left, .between(hole, low: low, high: high, negated: negated))
    case .member(let left, let name): return (left, .member(hole, name))
    case .element(let left, let index): return (left, .element(hole, index: index))
    case .subscripted(let left, let key): return (left, .subscripted(hole, key))
    case .slice(let left, let from, let to): return (left, .slice(hole, from: from, to: to))
    case .cast(let left, let type, let form): return (left, .cast(hole, type, form))
    case .alias(let left, let name): return (left, .alias(hole, name))
    default: return nil
    }
  }
}
