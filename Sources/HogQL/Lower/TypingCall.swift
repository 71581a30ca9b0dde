/// A call whose result type is asked for: the arguments are typed, nothing is lowered yet.
public struct TypingCall: Sendable {
  public let name: String
  public let span: Span
  public let parameters: [TypedExpr]
  public let arguments: [TypedExpr]

  public var count: Int { arguments.count }

  /// The type of an argument; `.null` when there is none (and for a lambda).
  public func type(_ index: Int) -> HogQLType {
    arguments.indices.contains(index) ? arguments[index].type : .null
  }

  /// The argument's value when it is a constant.
  public func constant(_ index: Int) -> ConstantValue? {
    arguments.indices.contains(index) ? arguments[index].constant : nil
  }

  /// The type of a lambda argument's body; nil when the argument is no lambda.
  public func lambdaType(_ index: Int) -> HogQLType? {
    arguments.indices.contains(index) ? arguments[index].lambda?.body.type : nil
  }

  public func isLambda(_ index: Int) -> Bool {
    guard arguments.indices.contains(index) else { return false }
    switch arguments[index].kind {
    case .lambda, .pendingLambda: return true
    default: return false
    }
  }

  /// The element type of an array argument; an error that names the argument otherwise.
  public func element(_ index: Int) throws(QueryError) -> HogQLType {
    if let element = type(index).element { return element }
    throw wrongType(index, expected: "an array")
  }

  public var types: [HogQLType] { arguments.map(\.type) }

  public var anyNullable: Bool { types.contains(where: \.isNullable) }

  /// The common supertype of the arguments from `start` on.
  public func widened(from start: Int = 0) throws(QueryError) -> HogQLType {
    if let type = HogQLType.widened(Array(types.dropFirst(start))) { return type }
    let names = types.dropFirst(start).map(\.clickHouseName).joined(separator: ", ")
    throw QueryError(
      "The arguments of \(name) have no common type: \(names).", at: span,
      hint: "Convert them, for instance with toString or toFloat.")
  }

  public func span(_ index: Int) -> Span {
    arguments.indices.contains(index) ? arguments[index].span : span
  }

  /// "Argument 2 of `f` must be an array, not String."
  public func wrongType(_ index: Int, expected: String, hint: String? = nil) -> QueryError {
    QueryError(
      "Argument \(index + 1) of \(name) must be \(expected), not \(type(index).clickHouseName).", at: span(index),
      hint: hint)
  }

  /// Refuses arguments that are not numbers or booleans.
  public func requireNumeric(_ indexes: Int...) throws(QueryError) {
    for index in indexes where index < count {
      guard type(index).isNumeric || type(index).isNullConstant else {
        throw wrongType(index, expected: "a number", hint: "Convert it with toFloat or toInt.")
      }
    }
  }

  public func requireString(_ indexes: Int...) throws(QueryError) {
    for index in indexes where index < count {
      guard type(index).isString || type(index).isNullConstant else {
        throw wrongType(index, expected: "a string", hint: "Convert it with toString.")
      }
    }
  }

  public func requireTemporal(_ indexes: Int...) throws(QueryError) {
    for index in indexes where index < count {
      guard type(index).isTemporal || type(index).isNullConstant else {
        throw wrongType(index, expected: "a date or time", hint: "Convert it with toDate or toDateTime.")
      }
    }
  }
}

extension FunctionDefinition {
  /// For array functions with the lambda first: the parameters are the elements of the arrays that follow it.
  public static let elements: LambdaRule = { call, count throws(QueryError) in
    var types: [HogQLType] = []
    for index in call.arguments.indices where !call.isLambda(index) { types.append(try call.element(index)) }
    guard count <= types.count else {
      throw QueryError(
        "The lambda of \(call.name) has \(count) parameters for \(types.count) arrays.", at: call.span,
        hint: "Give it one array for each parameter.")
    }
    return Array(types.prefix(count))
  }
}
