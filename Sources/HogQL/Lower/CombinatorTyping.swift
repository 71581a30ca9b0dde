/// The type of an aggregate with suffixes, from the base's rule.
enum CombinatorTyping {
  static func type(
    of definition: FunctionDefinition, _ combinators: [Combinator], _ call: TypingCall
  ) throws(QueryError) -> HogQLType {
    guard let last = combinators.last else { return try base(definition, call) }
    let rest = Array(combinators.dropLast())
    switch last {
    case .if, .argMin, .argMax:
      guard !call.arguments.isEmpty else { throw missing(call) }
      return try type(of: definition, rest, call.with(Array(call.arguments.dropLast())))
    case .orNull: return try type(of: definition, rest, call).nullable
    case .orDefault: return try type(of: definition, rest, call)
    case .distinct: return try type(of: definition, rest, call)
    case .array: return try type(of: definition, rest, elements(call))
    case .forEach: return .array(try type(of: definition, rest, elements(call)))
    case .map where call.type(0).isArray: return try pairs(definition, rest, call)
    case .map:
      guard let (key, value) = call.type(0).mapTypes else { throw call.wrongType(0, expected: "a map") }
      let inner = call.with([TypedExpr(.star, type: value, at: call.span(0))])
      return .map(key, try type(of: definition, rest, inner))
    case .state:
      _ = try type(of: definition, rest, call)
      let name = (definition.names.first ?? call.name) + suffixes(rest)
      return HogQLType(.state(function: name, .array(.tuple(call.types))))
    case .merge:
      guard case .state(let function, let state) = call.type(0).kind, let types = state.element?.tupleElements,
        definition.names.contains(where: { $0 + suffixes(rest) == function })
      else { throw call.wrongType(0, expected: "a state of the same function") }
      return try type(of: definition, rest, call.with(types.map { TypedExpr(.star, type: $0, at: call.span(0)) }))
    }
  }

  private static func suffixes(_ combinators: [Combinator]) -> String { combinators.map(\.rawValue).joined() }

  /// Over no rows a Nullable argument gives NULL, so the result is Nullable too.
  private static func base(_ definition: FunctionDefinition, _ call: TypingCall) throws(QueryError) -> HogQLType {
    let type = try definition.returns(call)
    return definition.empty == .own ? type : type.nullable(if: type.isNullable || call.type(0).isNullable)
  }

  /// `sumMap(keys, values)` gives the keys in order and their values.
  private static func pairs(_ definition: FunctionDefinition, _ rest: [Combinator], _ call: TypingCall)
    throws(QueryError) -> HogQLType
  {
    guard call.count == 2, ["sum", "min", "max"].contains(where: definition.names.contains) else {
      throw call.wrongType(0, expected: "a map")
    }
    let value = TypedExpr(.star, type: try call.element(1).notNull, at: call.span(1))
    return .tuple([.array(try call.element(0)), .array(try type(of: definition, rest, call.with([value])))])
  }

  private static func elements(_ call: TypingCall) throws(QueryError) -> TypingCall {
    var arguments: [TypedExpr] = []
    for index in call.arguments.indices {
      arguments.append(TypedExpr(.star, type: try call.element(index), at: call.span(index)))
    }
    return call.with(arguments)
  }

  private static func missing(_ call: TypingCall) -> QueryError {
    QueryError("\(call.name) needs arguments.", at: call.span)
  }
}

extension TypingCall {
  func with(_ arguments: [TypedExpr]) -> TypingCall {
    TypingCall(name: name, span: span, parameters: parameters, arguments: arguments)
  }
}
