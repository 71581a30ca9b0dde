/// Expressions.
extension Resolver {
  func resolve(_ exprs: [Expr]) throws(QueryError) -> [TypedExpr] {
    var result: [TypedExpr] = []
    for expr in exprs { result.append(try resolve(expr)) }
    return result
  }

  /// A chain such as `a + b + c` leans to the left and may be thousands of operators long: it is taken from its far
  /// end, and only what stands right of each operator is recursed into.
  func resolve(_ expr: Expr) throws(QueryError) -> TypedExpr {
    try enter(at: expr.span)
    defer { leave() }
    guard let first = expr.kind.chained else { return try start(expr) }
    var chain = [expr]
    var place = first
    while let left = place.kind.chained {
      chain.append(place)
      place = left
    }
    var typed = try start(place)
    for node in chain.reversed() { typed = try link(node, after: typed) }
    return typed
  }

  /// A node of a chain whose left operand is resolved.
  private func link(_ expr: Expr, after left: TypedExpr) throws(QueryError) -> TypedExpr {
    let span = expr.span
    switch expr.kind {
    case .binary(let operation, _, let right): return try binary(operation, left, right, at: span)
    case .isNull(_, let negated): return try call(negated ? "isNotNull" : "isNull", [left], at: span)
    case .between(_, let low, let high, let negated):
      return try call(negated ? "notBetween" : "between", [left, resolve(low), resolve(high)], at: span)
    case .member(_, let name): return try step(left, [.key(name.text)], at: span)
    case .element(_, let index): return try element(left, index, at: span)
    case .subscripted(_, let index): return try subscripted(left, resolve(index), at: span)
    case .slice(_, let from, let to):
      return try call("slice", [left, bound(from, at: span), bound(to, at: span)], at: span)
    case .cast(_, let type, let form): return try cast(left, type, form, at: span)
    case .alias(_, let name): return try alias(left, name)
    default: return left
    }
  }

  /// Everything that does not lean on a left operand.
  private func start(_ expr: Expr) throws(QueryError) -> TypedExpr {
    let span = expr.span
    switch expr.kind {
    case .literal(let literal): return constant(ConstantValue(literal), at: span)
    case .name(let parts): return try name(parts, at: span)
    case .star: throw QueryError("* can only stand in the select list or in count(*).", at: span)
    case .placeholder(let placeholder): return try self.placeholder(placeholder)
    case .array(let elements): return try call("array", resolve(elements), at: span)
    case .tuple(let elements): return try call("tuple", resolve(elements), at: span)
    case .dictionary: throw QueryError("A dictionary cannot stand in a query.", at: span, hint: "Use map('k', v).")
    case .concat(let parts): return try call("concat", resolve(parts), at: span)
    case .unary(let operation, let operand): return try unary(operation, resolve(operand), at: span)
    case .and(let operands): return try call("and", resolve(operands), at: span)
    case .or(let operands): return try call("or", resolve(operands), at: span)
    case .conditional(let condition, let then, let otherwise):
      return try call("if", resolve([condition, then, otherwise]), at: span)
    case .caseWhen(let value): return try caseWhen(value, at: span)
    case .interval(let count, let unit):
      let name = "toInterval" + unit.rawValue.prefix(1).uppercased() + unit.rawValue.dropFirst()
      return try call(name, [resolve(count)], at: span)
    case .call(let call): return try self.call(call, at: span)
    case .lambda:
      throw QueryError("A lambda can only be an argument of a function such as arrayMap.", at: span)
    case .subquery(let query): return try scalar(query, at: span)
    case .binary, .isNull, .between, .member, .element, .subscripted, .slice, .cast, .alias:
      throw QueryError("The expression leads nowhere.", at: span)
    }
  }

  private func bound(_ expr: Expr?, at span: Span) throws(QueryError) -> TypedExpr {
    if let expr { try resolve(expr) } else { constant(.null, at: span) }
  }

  private func alias(_ typed: TypedExpr, _ name: Name) throws(QueryError) -> TypedExpr {
    if let scope {
      if let other = scope.aliases[name.text], !other.isSame(as: typed) {
        throw QueryError("The alias \(name.text) is given twice.", at: name.span, hint: "Choose another name.")
      }
      scope.aliases[name.text] = typed
    }
    return typed
  }

  private func unary(_ operation: UnaryOperator, _ operand: TypedExpr, at span: Span) throws(QueryError) -> TypedExpr {
    guard operation == .negate else { return try call("not", [operand], at: span) }
    switch operand.constant {
    case .integer(let value)?: return constant(.integer(0 &- value), at: span)
    case .float(let value)?: return constant(.float(-value), at: span)
    default: return try call("negate", [operand], at: span)
    }
  }

  private func binary(_ operation: BinaryOperator, _ left: TypedExpr, _ right: Expr, at span: Span) throws(QueryError)
    -> TypedExpr
  {
    switch operation {
    case .in, .notIn: return try membership(left, right, negated: operation == .notIn, at: span)
    case .inCohort, .notInCohort:
      throw QueryError("IN COHORT is not supported: there are no cohorts here.", at: span)
    default: return try call(operation.functionName, [left, resolve(right)], at: span)
    }
  }

  private func caseWhen(_ value: Case, at span: Span) throws(QueryError) -> TypedExpr {
    var arguments: [TypedExpr] = []
    if let operand = value.operand { arguments.append(try resolve(operand)) }
    for branch in value.branches { arguments += [try resolve(branch.when), try resolve(branch.then)] }
    if let otherwise = value.otherwise {
      arguments.append(try resolve(otherwise))
    } else {
      arguments.append(constant(.null, at: span))
    }
    return try call(value.operand == nil ? "multiIf" : "caseWithExpression", arguments, at: span)
  }

  private func element(_ base: TypedExpr, _ index: Int, at span: Span) throws(QueryError) -> TypedExpr {
    if base.type.tupleElements != nil {
      return try call("tupleElement", [base, constant(.integer(Int64(index)), at: span)], at: span)
    }
    return try step(base, [.index(Int64(index))], at: span)
  }

  private func subscripted(_ base: TypedExpr, _ index: TypedExpr, at span: Span) throws(QueryError) -> TypedExpr {
    if base.type.isArray || base.type.mapTypes != nil { return try call("arrayElement", [base, index], at: span) }
    if base.type.tupleElements != nil { return try call("tupleElement", [base, index], at: span) }
    switch index.constant {
    case .string(let key)?: return try step(base, [.key(key)], at: span)
    case .integer(let number)?: return try step(base, [.index(number)], at: span)
    default: return try step(base, [.expression(index)], at: span)
    }
  }

  private func cast(_ value: TypedExpr, _ type: TypeName, _ form: CastForm, at span: Span) throws(QueryError)
    -> TypedExpr
  {
    let name = form == .tryCast ? "tryCastTo" : "castTo"
    return try call(name, [value, constant(.string(type.text), at: type.span)], at: span)
  }

  private func scalar(_ query: Query, at span: Span) throws(QueryError) -> TypedExpr {
    let resolved = try subquery(query)
    guard resolved.columns.count == 1, let column = resolved.columns.first else {
      throw QueryError(
        "A subquery used as a value must give one column, not \(resolved.columns.count).", at: span,
        hint: "Select exactly one.")
    }
    return try checked(TypedExpr(.subquery(resolved), type: column.type.nullable, mayBeNull: true, at: span))
  }

  /// A query inside an expression: it sees none of the names around it but WITH's.
  func subquery(_ query: Query) throws(QueryError) -> ResolvedQuery {
    let saved = (scopes, lambdaParameters)
    defer { (scopes, lambdaParameters) = saved }
    (scopes, lambdaParameters) = ([], [])
    return try self.query(query, isTop: false)
  }

  func membership(_ value: TypedExpr, _ set: Expr, negated: Bool, at span: Span) throws(QueryError)
    -> TypedExpr
  {
    let members: MemberSet
    switch set.kind {
    case .tuple(let elements):
      let typed = try resolve(elements)
      // `((1, 'a'))` is just `(1, 'a')`: one member.
      let isOneMember = value.tupleParts?.count == typed.count && !typed.contains { $0.tupleParts != nil }
      members = .values(isOneMember ? [try call("tuple", typed, at: set.span)] : typed)
    case .subquery(let query): members = .query(try subquery(query))
    case .name(let parts) where isTable(parts): members = .query(try wholeTable(parts, at: set.span))
    default:
      let typed = try resolve(set)
      if case .subquery(let query) = typed.kind {
        members = .query(query)
      } else if let parts = typed.arrayParts ?? typed.tupleParts {
        members = .values(parts)
      } else {
        members = typed.type.isArray ? .array(typed) : .values([typed])
      }
    }
    if case .values(let values) = members {
      for member in values where value.type.widened(with: member.type) == nil {
        guard value.type.isTemporal || value.type.kind == .uuid, member.type.isString else {
          throw QueryError(
            "\(value.type.clickHouseName) cannot be compared with \(member.type.clickHouseName).", at: member.span,
            hint: "Convert one side.")
        }
      }
    }
    return try checked(
      TypedExpr(.membership(value, members, negated: negated), type: .flag, mayBeNull: false, at: span))
  }
}

extension Expr.Kind {
  /// The left operand of a chain's node.
  fileprivate var chained: Expr? {
    switch self {
    case .binary(_, let left, _), .isNull(let left, _), .between(let left, _, _, _), .member(let left, _),
      .element(let left, _), .subscripted(let left, _), .slice(let left, _, _), .cast(let left, _, _),
      .alias(let left, _):
      left
    default: nil
    }
  }
}

extension ConstantValue {
  init(_ literal: Literal) {
    switch literal {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .bigInteger(let digits): self = .bigInteger(digits)
    case .float(let value): self = .float(value)
    case .string(let value): self = .string(value)
    }
  }
}

extension BinaryOperator {
  /// The function that the operator is.
  var functionName: String {
    switch self {
    case .add: "plus"
    case .subtract: "minus"
    case .multiply: "multiply"
    case .divide: "divide"
    case .modulo: "modulo"
    case .equal: "equals"
    case .notEqual: "notEquals"
    case .less: "less"
    case .lessOrEqual: "lessOrEquals"
    case .greater: "greater"
    case .greaterOrEqual: "greaterOrEquals"
    case .in, .inCohort: "in"
    case .notIn, .notInCohort: "notIn"
    case .like: "like"
    case .notLike: "notLike"
    case .ilike: "ilike"
    case .notILike: "notILike"
    case .match: "match"
    case .notMatch: "notMatch"
    case .matchIgnoringCase: "matchIgnoringCase"
    case .notMatchIgnoringCase: "notMatchIgnoringCase"
    case .distinctFrom: "isDistinctFrom"
    case .notDistinctFrom: "isNotDistinctFrom"
    case .coalesce: "ifNull"
    }
  }
}

extension TypeName {
  /// The type as it is written: `Nullable(Decimal(10, 2))`.
  var text: String {
    guard !arguments.isEmpty else { return name }
    let parts = arguments.map { argument in
      switch argument {
      case .type(let type): type.text
      case .named(let name, let type): "\(name.text) \(type.text)"
      case .integer(let value): "\(value)"
      case .string(let value): "'\(value)'"
      }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}
