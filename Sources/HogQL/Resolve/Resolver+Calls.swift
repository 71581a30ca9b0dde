/// Calls of functions by name.
extension Resolver {
  func call(_ call: Call, at span: Span) throws(QueryError) -> TypedExpr {
    switch call.name.text {
    case "arrayJoin": return try arrayJoin(call, at: span)
    case "in" where call.arguments.count == 2, "notIn" where call.arguments.count == 2:
      return try membership(resolve(call.arguments[0]), call.arguments[1], negated: call.name.text == "notIn", at: span)
    default: break
    }
    let match = try FunctionTable.find(call.name.text, at: call.name.span)
    var arguments = call.arguments
    if arguments.count == 1, case .star(let star) = arguments[0].kind, star.qualifier.isEmpty, match.name.hasPrefix("count") {
      arguments = []
    }
    let isTupled = call.isDistinct && arguments.count > 1 && match.name == "count"
    guard isTupled || match.arity.contains(arguments.count) else { throw arity(match, arguments.count, call) }
    var resolved = ResolvedCall(
      definition: match.definition, combinators: match.combinators, name: match.name,
      parameters: try resolve(call.parameters ?? []), arguments: try self.arguments(arguments, of: match, at: span))
    if isTupled { resolved.arguments = [try self.call("tuple", resolved.arguments, at: span)] }
    resolved.isDistinct = call.isDistinct
    resolved.orderBy = try order(call.orderBy, positions: [])
    if let filter = call.filter { resolved.filter = try resolve(filter) }
    if let over = call.over { resolved.over = try window(over) }
    try check(resolved, at: span)
    return try typed(resolved, at: span)
  }

  private func arity(_ match: FunctionTable.Match, _ count: Int, _ call: Call) -> QueryError {
    let (low, high) = (match.arity.lowerBound, match.arity.upperBound)
    let expected = high == Int.max ? "at least \(low)" : low == high ? "\(low)" : "\(low) to \(high)"
    return QueryError(
      "\(match.name) takes \(expected) argument\(expected == "1" ? "" : "s"), not \(count).", at: call.name.span)
  }

  private func check(_ call: ResolvedCall, at span: Span) throws(QueryError) {
    let isAggregate = call.definition.kind == .aggregate
    guard isAggregate || call.definition.kind == .window else {
      guard call.over == nil, call.filter == nil, !call.isDistinct else {
        throw QueryError("\(call.name) is not an aggregate.", at: span, hint: "Leave out DISTINCT, FILTER and OVER.")
      }
      return
    }
    for child in call.children {
      if child.facts.contains(.window) {
        throw QueryError(
          "A window function cannot stand inside \(call.name).", at: child.span, hint: "Compute it in a subquery.")
      }
      if isAggregate, call.over == nil, child.facts.contains(.aggregate) {
        throw QueryError(
          "An aggregate cannot stand inside the aggregate \(call.name).", at: child.span,
          hint: "Compute the inner one in a subquery.")
      }
    }
  }

  private func arguments(_ arguments: [Expr], of match: FunctionTable.Match, at span: Span) throws(QueryError)
    -> [TypedExpr]
  {
    guard arguments.contains(where: \.isLambda) else { return try resolve(arguments) }
    guard let rule = match.definition.lambda else {
      throw QueryError("\(match.name) takes no lambda.", at: span)
    }
    var result: [TypedExpr] = []
    for argument in arguments {
      if case .lambda(let parameters, _) = argument.kind {
        result.append(
          TypedExpr(.pendingLambda(parameterCount: parameters.count), type: .null, mayBeNull: false, at: argument.span))
      } else {
        result.append(try resolve(argument))
      }
    }
    let typing = TypingCall(name: match.name, span: span, parameters: [], arguments: result)
    for (index, argument) in arguments.enumerated() {
      guard case .lambda(let names, let body) = argument.kind else { continue }
      let types = try rule(typing, names.count)
      guard types.count >= names.count else {
        throw QueryError("The lambda has too many parameters.", at: argument.span)
      }
      let parameters = zip(names, types).map { LambdaParameter(id: fresh(), name: $0.text, type: $1) }
      let count = lambdaParameters.count
      lambdaParameters += parameters
      defer { lambdaParameters.removeLast(lambdaParameters.count - count) }
      let typed = try resolve(body)
      result[index] = TypedExpr(.lambda(parameters, body: typed), type: .null, mayBeNull: false, at: argument.span)
    }
    return result
  }

  private func arrayJoin(_ call: Call, at span: Span) throws(QueryError) -> TypedExpr {
    guard call.arguments.count == 1 else { throw QueryError("arrayJoin takes 1 argument.", at: call.name.span) }
    let array = try resolve(call.arguments[0])
    guard let element = array.type.element else {
      throw QueryError("arrayJoin needs an array, not \(array.type.clickHouseName).", at: array.span)
    }
    return try checked(TypedExpr(.arrayJoin(array), type: element, at: span))
  }

  func window(_ over: Over) throws(QueryError) -> ResolvedWindow {
    switch over {
    case .named(let name):
      guard let window = scope?.windows[name.text] else {
        throw QueryError("There is no window \(name.text).", at: name.span, hint: "Define it in the WINDOW clause.")
      }
      return try self.window(window)
    case .window(let window): return try self.window(window)
    }
  }

  private func window(_ window: Window) throws(QueryError) -> ResolvedWindow {
    var result = ResolvedWindow()
    if let base = window.base {
      guard let definition = scope?.windows[base.text], definition.base?.text != base.text else {
        throw QueryError("There is no window \(base.text).", at: base.span)
      }
      result = try self.window(definition)
    }
    if !window.partitionBy.isEmpty { result.partitionBy = try resolve(window.partitionBy) }
    if !window.orderBy.isEmpty { result.orderBy = try order(window.orderBy, positions: []) }
    if let frame = window.frame {
      result.frame = ResolvedFrame(
        isRange: frame.unit == .range, start: try bound(frame.start, at: frame.span),
        end: try bound(frame.end, at: frame.span))
    }
    return result
  }

  private func bound(_ bound: Frame.Bound, at span: Span) throws(QueryError) -> ResolvedFrame.Bound {
    switch bound {
    case .unboundedPreceding: return .unboundedPreceding
    case .currentRow: return .currentRow
    case .unboundedFollowing: return .unboundedFollowing
    case .preceding(let expr): return .preceding(try offset(expr))
    case .following(let expr): return .following(try offset(expr))
    }
  }

  private func offset(_ expr: Expr) throws(QueryError) -> ResolvedFrame.ConstantOffset {
    let typed = try resolve(expr)
    if let value = typed.constant?.integer { return .number(value) }
    if case .call(let call) = typed.kind, let unit = typed.type.intervalUnit,
      let count = call.arguments.first?.constant?.integer
    { return .interval(count, unit) }
    throw QueryError("A frame's bound must be a constant.", at: expr.span)
  }
}

extension Expr {
  var isLambda: Bool {
    if case .lambda = kind { true } else { false }
  }
}
