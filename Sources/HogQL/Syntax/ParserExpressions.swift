/// How tightly an operator binds; NOT's own level lies between AND and BETWEEN.
enum Precedence: Int, Comparable {
  case or = 1, and, not, between, nullish, distinct, `is`, comparison, additive, multiplicative, unary

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
}

/// Expressions, from AS down to the operators. What recurses is kept apart from what builds nodes, so
/// that its frames on the stack stay small.
extension Parser {
  /// A whole expression, aliases included.
  mutating func parseExpression() throws(QueryError) -> Expr {
    let outer = deepest
    deepest = depth
    var expr = try parseConditional()
    if isAt(.as) { try takeAliases(of: &expr) }
    deepest = max(outer, deepest)
    return expr
  }

  private mutating func takeAliases(of expr: inout Expr) throws(QueryError) {
    while take(.as) != nil {
      let alias = try parseAlias()
      try pushDown()
      expr = Expr(.alias(expr, alias), at: expr.span.joined(with: alias.span))
    }
  }

  /// An expression without an alias at its end.
  mutating func parseConditional() throws(QueryError) -> Expr {
    try enter()
    defer { leave() }
    let condition = try parseBinary(.or)
    return isAt(.question) ? try parseResults(of: condition) : condition
  }

  private mutating func parseResults(of condition: Expr) throws(QueryError) -> Expr {
    advance()
    let then = try parseExpression()
    try expect(.colon, "a colon between the two results of ?")
    let otherwise = try parseConditional()
    return Expr(
      .conditional(condition, then: then, otherwise: otherwise),
      at: condition.span.joined(with: otherwise.span))
  }

  mutating func parseBinary(_ minimum: Precedence) throws(QueryError) -> Expr {
    try enter()
    defer { leave() }
    let outer = deepest
    deepest = depth
    var expr = try parseOperand()
    try parseInfix(after: &expr, minimum)
    deepest = max(outer, deepest)
    return expr
  }

  /// All operators from `minimum` on that follow a left operand.
  mutating func parseInfix(after left: inout Expr, _ minimum: Precedence) throws(QueryError) {
    while let infix = infixOperator, infix.precedence >= minimum {
      try pushDown()
      try apply(infix, to: &left)
    }
  }

  private mutating func apply(_ infix: InfixOperator, to left: inout Expr) throws(QueryError) {
    switch infix {
    case .symbol(let binary, let precedence, let length):
      index += length
      let right = try parseBinary(precedence.next)
      left = Expr(.binary(binary, left, right), at: left.span.joined(with: right.span))
    case .and: left = try parseChain(left, .and) { .and($0) }
    case .or: left = try parseChain(left, .or) { .or($0) }
    case .concat: left = try parseChain(left, .concat) { .concat($0) }
    case .isNull(let negated, let length):
      index += length
      let last = list.tokens[index - 1].span
      left = Expr(.isNull(left, negated: negated), at: left.span.joined(with: last))
    case .between(let negated):
      left = try parseBetween(left, negated: negated)
    }
  }

  /// Operands of one flat operator.
  private mutating func parseChain(
    _ first: Expr, _ infix: InfixOperator, _ kind: ([Expr]) -> Expr.Kind
  ) throws(QueryError) -> Expr {
    var operands = [first]
    while takeSeparator(infix) { operands.append(try parseBinary(infix.precedence.next)) }
    return Expr(kind(operands), at: span(from: first.span))
  }

  private mutating func takeSeparator(_ infix: InfixOperator) -> Bool {
    switch infix {
    case .and: take(.and) != nil
    case .or: take(.or) != nil
    default: take(.concat) != nil
    }
  }

  private mutating func parseBetween(_ value: Expr, negated: Bool) throws(QueryError) -> Expr {
    if negated { advance() }
    advance()
    let low = try parseBinary(.nullish)
    try expect(.and)
    let high = try parseBinary(.nullish)
    return Expr(
      .between(value, low: low, high: high, negated: negated), at: value.span.joined(with: high.span))
  }
}

/// An operator that stands behind its left operand.
enum InfixOperator {
  /// Written in `length` tokens.
  case symbol(BinaryOperator, Precedence, length: Int)
  case and, or, concat
  case isNull(negated: Bool, length: Int)
  case between(negated: Bool)

  var precedence: Precedence {
    switch self {
    case .symbol(_, let precedence, _): precedence
    case .and: .and
    case .or: .or
    case .concat: .additive
    case .isNull: .is
    case .between: .between
    }
  }
}

extension Parser {
  /// The operator at the token, nil when none is there.
  var infixOperator: InfixOperator? {
    let current = list.tokens[index]
    switch current.kind {
    case .word: return wordOperator(current.keyword)
    case .star: return .symbol(.multiply, .multiplicative, length: 1)
    case .slash: return .symbol(.divide, .multiplicative, length: 1)
    // `LIMIT 5%` has no right operand.
    case .percent where startsOperand(at: 1): return .symbol(.modulo, .multiplicative, length: 1)
    case .plus: return .symbol(.add, .additive, length: 1)
    case .minus: return .symbol(.subtract, .additive, length: 1)
    case .concat: return .concat
    case .equal: return .symbol(.equal, .comparison, length: 1)
    case .notEqual: return .symbol(.notEqual, .comparison, length: 1)
    case .less: return .symbol(.less, .comparison, length: 1)
    case .lessOrEqual: return .symbol(.lessOrEqual, .comparison, length: 1)
    case .greater: return .symbol(.greater, .comparison, length: 1)
    case .greaterOrEqual: return .symbol(.greaterOrEqual, .comparison, length: 1)
    case .match: return .symbol(.match, .comparison, length: 1)
    case .notMatch: return .symbol(.notMatch, .comparison, length: 1)
    case .matchIgnoringCase: return .symbol(.matchIgnoringCase, .comparison, length: 1)
    case .notMatchIgnoringCase: return .symbol(.notMatchIgnoringCase, .comparison, length: 1)
    case .nullSafeEqual: return .symbol(.notDistinctFrom, .distinct, length: 1)
    case .nullish: return .symbol(.coalesce, .nullish, length: 1)
    default: return nil
    }
  }

  private func wordOperator(_ keyword: Keyword) -> InfixOperator? {
    switch keyword {
    case .and: .and
    case .or: .or
    case .between: .between(negated: false)
    case .in: membership(.in, .inCohort, length: 1)
    case .like: .symbol(.like, .comparison, length: 1)
    case .ilike: .symbol(.ilike, .comparison, length: 1)
    case .not: negatedOperator
    case .is: isOperator
    default: nil
    }
  }

  private var negatedOperator: InfixOperator? {
    switch peek().keyword {
    case .between: .between(negated: true)
    case .in: membership(.notIn, .notInCohort, length: 2)
    case .like: .symbol(.notLike, .comparison, length: 2)
    case .ilike: .symbol(.notILike, .comparison, length: 2)
    default: nil
    }
  }

  private func membership(
    _ plain: BinaryOperator, _ cohort: BinaryOperator, length: Int
  ) -> InfixOperator {
    let isCohort = peek(length).keyword == .cohort && startsOperand(at: length + 1)
      && peek(length + 1).kind != .leftParenthesis
    return .symbol(isCohort ? cohort : plain, .comparison, length: isCohort ? length + 1 : length)
  }

  private var isOperator: InfixOperator? {
    let negated = peek().keyword == .not
    let distance = negated ? 2 : 1
    if peek(distance).keyword == .null { return .isNull(negated: negated, length: distance + 1) }
    guard peek(distance).keyword == .distinct, peek(distance + 1).keyword == .from else { return nil }
    return .symbol(negated ? .notDistinctFrom : .distinctFrom, .distinct, length: distance + 2)
  }
}
