extension TypedExpr.Kind {
  /// The direct parts, subqueries left out.
  var children: [TypedExpr] {
    switch self {
    case .constant, .column, .parameter, .pendingLambda, .subquery, .star: return []
    case .call(let call): return call.children
    case .lambda(_, let body): return [body]
    case .jsonPath(let base, let steps): return [base] + steps.compactMap(\.expression)
    case .membership(let value, let set, _):
      switch set {
      case .values(let values): return [value] + values
      case .array(let array): return [value, array]
      case .query: return [value]
      }
    case .arrayJoin(let array): return [array]
    }
  }

  /// How many levels of SQL the node itself becomes, beyond the one: steps of a path, and long lists of arguments, of
  /// which a rule may make a chain of operators.
  var chainLength: Int {
    switch self {
    case .jsonPath(_, let steps): return steps.count
    case .call(let call):
      let isFlat = ["array", "tuple", "and", "or", "multiIf", "caseWithExpression", "coalesce", "concat", "map"].contains(call.name)
      return isFlat || call.arguments.count < 32 ? 0 : call.arguments.count
    default: return 0
    }
  }

  /// The query of a scalar subquery or of IN.
  var query: ResolvedQuery? {
    switch self {
    case .subquery(let query), .membership(_, .query(let query), _): query
    default: nil
    }
  }

  var ownFacts: ExprFacts {
    switch self {
    case .column: return .column
    case .parameter: return .parameter
    case .arrayJoin: return .arrayJoin
    case .subquery, .membership(_, .query, _): return .subquery
    case .call(let call):
      if call.over != nil || call.definition.kind == .window { return .window }
      if call.definition.kind == .aggregate { return .aggregate }
      return call.definition.isVolatile ? .volatile : []
    default: return []
    }
  }

  /// A lambda hides nothing but its parameters; an aggregate call stands for one itself.
  func inherited(from facts: ExprFacts) -> ExprFacts { facts }

  func hashSelf(into hasher: inout Hasher) {
    switch self {
    case .constant(let value): hasher.combine(value)
    case .column(let column): hasher.combine(column)
    case .parameter(let id, _): hasher.combine(id)
    case .call(let call):
      hasher.combine(call.name)
      hasher.combine(call.isDistinct)
    case .lambda(let parameters, _): hasher.combine(parameters.count)
    case .pendingLambda(let count): hasher.combine(count)
    case .jsonPath(_, let steps):
      for step in steps { step.hashSelf(into: &hasher) }
    case .subquery: hasher.combine(1)
    case .membership(_, _, let negated): hasher.combine(negated)
    case .arrayJoin: hasher.combine(2)
    case .star: hasher.combine(3)
    }
  }
}

extension JSONStep {
  var expression: TypedExpr? {
    if case .expression(let expr) = self { expr } else { nil }
  }

  func hashSelf(into hasher: inout Hasher) {
    switch self {
    case .key(let key): hasher.combine(key)
    case .index(let index): hasher.combine(index)
    case .expression: break
    }
  }

  func isSame(as other: JSONStep) -> Bool {
    switch (self, other) {
    case (.key(let a), .key(let b)): a == b
    case (.index(let a), .index(let b)): a == b
    case (.expression(let a), .expression(let b)): a.isSame(as: b)
    default: false
    }
  }
}

extension TypedExpr {
  /// Whether both mean the same value; where they stand in the text does not matter.
  func isSame(as other: TypedExpr) -> Bool {
    if self === other { return true }
    guard structuralHash == other.structuralHash, type == other.type else { return false }
    guard kind.isSameNode(as: other.kind) else { return false }
    let (mine, others) = (kind.children, other.kind.children)
    return mine.count == others.count && zip(mine, others).allSatisfy { $0.isSame(as: $1) }
  }
}

extension TypedExpr.Kind {
  fileprivate func isSameNode(as other: TypedExpr.Kind) -> Bool {
    switch (self, other) {
    case (.constant(let a), .constant(let b)): return a == b
    case (.column(let a), .column(let b)): return a == b
    case (.parameter(let a, _), .parameter(let b, _)): return a == b
    case (.call(let a), .call(let b)): return a.isSameNode(as: b)
    case (.jsonPath(_, let a), .jsonPath(_, let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
    case (.membership(_, let a, let n), .membership(_, let b, let m)): return n == m && a.isSameShape(as: b)
    case (.arrayJoin, .arrayJoin), (.star, .star): return true
    default: return false
    }
  }
}

extension MemberSet {
  fileprivate func isSameShape(as other: MemberSet) -> Bool {
    switch (self, other) {
    case (.values, .values), (.array, .array): true
    default: false
    }
  }
}

extension ResolvedCall {
  fileprivate func isSameNode(as other: ResolvedCall) -> Bool {
    name == other.name && isDistinct == other.isDistinct && parameters.count == other.parameters.count
      && arguments.count == other.arguments.count && orderBy.count == other.orderBy.count
      && (filter == nil) == (other.filter == nil) && (over == nil) == (other.over == nil)
      && zip(orderBy, other.orderBy).allSatisfy { $0.isDescending == $1.isDescending }
      && over?.frame == other.over?.frame && over?.partitionBy.count == other.over?.partitionBy.count
      && over?.orderBy.map(\.isDescending) == other.over?.orderBy.map(\.isDescending)
  }
}
