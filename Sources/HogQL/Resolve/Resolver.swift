/// Looks up names and finds types: syntax tree in, typed tree out.
final class Resolver {
  let catalogue: QueryCatalogue
  let values: [String: PlaceholderValue]
  let options: CompileOptions
  var scopes: [Scope] = []
  var commonTables: [[CommonTableEntry]] = []
  /// Expressions of WITH, innermost frame last.
  var commonExpressions: [[String: Expr]] = []
  var lambdaParameters: [LambdaParameter] = []
  var nextID = 0
  var usedAliases: Set<String> = []
  /// What may not stand at the place being resolved, and how to say so.
  var forbidden: (facts: ExprFacts, place: String)?
  var expansionDepth = 0
  private let limits: Limits
  /// Steps down the syntax tree to what is being resolved.
  private var level = 0
  private var total = 0
  /// Whether the query was refused because it is deeper than the limit.
  private(set) var isTooDeep = false

  /// What keeps recursion within the stack and work within bounds.
  struct Limits: Sendable {
    /// How many levels a typed tree may have, subqueries inside it included.
    var depth: Int
    /// How many nodes an expression may have, its aliases written out; the whole query four times as many.
    var size: Int
    /// How many tables one FROM may have.
    static let tables = 200
  }

  init(
    catalogue: QueryCatalogue, values: [String: PlaceholderValue], options: CompileOptions, limits: Limits
  ) {
    self.catalogue = catalogue
    self.values = values
    self.options = options
    self.limits = limits
  }

  var scope: Scope? { scopes.last }

  func fresh() -> Int {
    nextID += 1
    return nextID
  }

  /// An alias in SQL: the user's own name where it is still free.
  func sqlAlias(_ name: String) -> String {
    if usedAliases.insert(name).inserted { return name }
    let unique = "\(name) \(fresh())"
    usedAliases.insert(unique)
    return unique
  }

  /// Refuses trees that shared aliases have made huge, or too deep to walk.
  func checked(_ expr: TypedExpr) throws(QueryError) -> TypedExpr {
    guard expr.size <= limits.size else {
      throw QueryError(
        "The expression is too large once its aliases are written out.", at: expr.span,
        hint: "Compute its parts in a subquery.")
    }
    guard expr.depth <= limits.depth else { throw tooDeep(expr.span) }
    return expr
  }

  /// Counts what the query is made of; see ``Limits/size``.
  func add(_ size: Int, at span: Span) throws(QueryError) {
    total += size
    guard total <= limits.size * 4 else {
      throw QueryError(
        "The query is too large once its aliases are written out.", at: span,
        hint: "Compute what many items share in a subquery.")
    }
  }

  func checkDepth(_ depth: Int, at span: Span) throws(QueryError) {
    guard depth <= limits.depth else { throw tooDeep(span) }
  }

  /// Goes one or more levels down the syntax tree; see ``leave(_:)``.
  func enter(_ steps: Int = 1, at span: Span) throws(QueryError) {
    level += steps
    guard level <= limits.depth else { throw tooDeep(span) }
  }

  func leave(_ steps: Int = 1) { level -= steps }

  private func tooDeep(_ span: Span) -> QueryError {
    isTooDeep = true
    return QueryError(
      "The query has more than \(limits.depth) levels here, its aliases written out.", at: span,
      hint: "Compute its parts in a subquery.")
  }

  func call(_ name: String, _ arguments: [TypedExpr], at span: Span) throws(QueryError) -> TypedExpr {
    let definition = try FunctionTable.builtIn(name, at: span)
    return try typed(
      ResolvedCall(definition: definition, name: name, arguments: arguments), at: span)
  }

  /// Types a call whose arguments are typed.
  func typed(_ call: ResolvedCall, at span: Span) throws(QueryError) -> TypedExpr {
    if case .unsupported(let reason) = call.definition.rule {
      throw QueryError("\(call.name) is not supported: it \(reason)", at: span)
    }
    let typing = TypingCall(name: call.name, span: span, parameters: call.parameters, arguments: call.arguments)
    if call.definition.kind == .aggregate || call.definition.kind == .window {
      let type = try CombinatorTyping.type(of: call.definition, call.combinators, typing)
      return try checked(TypedExpr(.call(call), type: type, at: span))
    }
    let base = try call.definition.returns(typing)
    let plain = call.arguments.filter { $0.lambda == nil }
    switch call.definition.nulls {
    case .own: return try checked(TypedExpr(.call(call), type: base, at: span))
    case .never: return try checked(TypedExpr(.call(call), type: base.notNull, mayBeNull: false, at: span))
    case .propagate:
      let type = base.nullable(if: base.isNullable || plain.contains(where: \.type.isNullable))
      let mayBeNull = type.isNullable && (base.isNullable || plain.contains(where: \.mayBeNull))
      return try checked(TypedExpr(.call(call), type: type, mayBeNull: mayBeNull, at: span))
    }
  }

  func constant(_ value: ConstantValue, at span: Span) -> TypedExpr {
    let type: HogQLType =
      switch value {
      case .null: .null
      case .boolean: .bool
      case .integer: .int
      case .bigInteger: .decimal(0)
      case .float: .float
      case .string: .string
      case .array, .tuple: .null
      }
    return TypedExpr(.constant(value), type: type, at: span)
  }

  /// A placeholder's value as an expression.
  func placeholder(_ placeholder: Placeholder) throws(QueryError) -> TypedExpr {
    var current: PlaceholderValue? = placeholder.path.first.flatMap { values[$0] }
    for name in placeholder.path.dropFirst() {
      if case .object(let members)? = current { current = members[name] } else { current = nil }
    }
    let name = placeholder.path.joined(separator: ".")
    if current == nil, name == "filters" { return constant(.boolean(true), at: placeholder.span) }
    guard let current else {
      throw QueryError(
        "The placeholder {\(name)} has no value.", at: placeholder.span, hint: "Give one with the query.")
    }
    return try expression(current, at: placeholder.span)
  }

  private func expression(_ value: PlaceholderValue, at span: Span) throws(QueryError) -> TypedExpr {
    switch value {
    case .null: return constant(.null, at: span)
    case .boolean(let value): return constant(.boolean(value), at: span)
    case .integer(let value): return constant(.integer(value), at: span)
    case .float(let value): return constant(.float(value), at: span)
    case .string(let value): return constant(.string(value), at: span)
    case .list(let values):
      var elements: [TypedExpr] = []
      for value in values { elements.append(try expression(value, at: span)) }
      return try call("array", elements, at: span)
    case .object:
      throw QueryError("A placeholder's value cannot be an object.", at: span, hint: "Name one of its members.")
    }
  }
}
