/// A call that becomes SQL. Rules read their arguments from it and build a tree.
public struct LoweringCall {
  public let name: String
  public let span: Span
  /// The result's type, as the return rule gave it and the nulls setting completed it.
  public let type: HogQLType
  public let mayBeNull: Bool
  public let parameters: [TypedExpr]
  public let arguments: [TypedExpr]
  /// How the result is used: as a condition NULL and false are one.
  let context: LoweringContext
  public let lowering: Lowering

  public var count: Int { arguments.count }

  public func argument(_ index: Int) throws(QueryError) -> TypedExpr {
    guard arguments.indices.contains(index) else {
      throw QueryError("\(name) needs an argument \(index + 1).", at: span)
    }
    return arguments[index]
  }

  public func type(_ index: Int) -> HogQLType {
    arguments.indices.contains(index) ? arguments[index].type : .null
  }

  public func constant(_ index: Int) -> ConstantValue? {
    arguments.indices.contains(index) ? arguments[index].constant : nil
  }

  /// Whether the argument's SQL can give NULL.
  public func mayBeNull(_ index: Int) -> Bool {
    arguments.indices.contains(index) ? arguments[index].mayBeNull : false
  }

  /// A constant string argument, or an error that it must be one.
  public func constantString(_ index: Int) throws(QueryError) -> String {
    if let value = constant(index)?.string { return value }
    throw error(index, "Argument \(index + 1) of \(name) must be a constant string.")
  }

  public func constantInteger(_ index: Int) throws(QueryError) -> Int64 {
    if let value = constant(index)?.integer { return value }
    throw error(index, "Argument \(index + 1) of \(name) must be a constant integer.")
  }

  /// The constant number of a parametric aggregate's first parentheses.
  public func parameterInteger(_ index: Int) throws(QueryError) -> Int64 {
    if parameters.indices.contains(index), let value = parameters[index].constant?.integer { return value }
    throw QueryError("Parameter \(index + 1) of \(name) must be a constant integer.", at: span)
  }

  public func error(_ index: Int, _ message: String, hint: String? = nil) -> QueryError {
    QueryError(message, at: arguments.indices.contains(index) ? arguments[index].span : span, hint: hint)
  }
}

/// Arguments as SQL.
extension LoweringCall {
  /// The argument's value in its type's Postgres form. Constants come as bare literals: see ``typed(_:)``.
  public func sql(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.value(argument(index)) }

  /// Like ``sql(_:)``, with a cast on constants, for functions that are polymorphic (`array_agg`, `coalesce` of
  /// constants only, `jsonb_build_array`).
  public func typed(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.typed(argument(index)) }

  /// The argument as a WHERE would use it: NULL and false are one, comparisons print plain.
  public func condition(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.condition(argument(index)) }

  /// A number: booleans become integers.
  public func number(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.number(argument(index)) }

  /// A double precision.
  public func float(_ index: Int) throws(QueryError) -> SQLExpr {
    try lowering.convert(argument(index), to: .float)
  }

  public func bigint(_ index: Int) throws(QueryError) -> SQLExpr {
    try lowering.convert(argument(index), to: .int)
  }

  /// An int4, for Postgres functions that take one (`left`, `repeat`, `substr`).
  public func integer(_ index: Int) throws(QueryError) -> SQLExpr {
    if let value = constant(index)?.integer, Int64(Int32(truncatingIfNeeded: value)) == value { return .integer(value) }
    return try number(index).cast(to: .integer)
  }

  /// What `toString` gives; NULL stays NULL. Strings as they are.
  public func text(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.text(argument(index)) }

  /// The JSON that a JSON column or a string with JSON text holds, as `jsonb`; NULL when the text is no JSON.
  public func json(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.json(argument(index)) }

  /// The argument as timestamptz; a Date is its midnight in the zone that applies.
  public func moment(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.moment(argument(index)) }

  /// The argument as local time (`timestamp`) in its own or the project's zone, to take hours and days from.
  public func localTime(_ index: Int) throws(QueryError) -> SQLExpr { try lowering.localTime(argument(index)) }

  /// The argument as another type, as an implicit conversion (`if`'s branches, `coalesce`) would make it.
  public func sql(_ index: Int, as type: HogQLType) throws(QueryError) -> SQLExpr {
    try lowering.convert(argument(index), to: type)
  }

  public func all() throws(QueryError) -> [SQLExpr] {
    var result: [SQLExpr] = []
    for argument in arguments { result.append(try lowering.value(argument)) }
    return result
  }

  /// A lambda argument, to be filled with SQL for its parameters.
  public func lambda(_ index: Int) throws(QueryError) -> LoweredLambda {
    guard let lambda = try argument(index).lambda else {
      throw error(index, "Argument \(index + 1) of \(name) must be a lambda such as x -> x + 1.")
    }
    return LoweredLambda(parameters: lambda.parameters, body: lambda.body, lowering: lowering)
  }

  public func isLambda(_ index: Int) -> Bool {
    arguments.indices.contains(index) && arguments[index].lambda != nil
  }

  /// The zone that steers hours and days of the argument: its own, else the project's.
  public func zone(_ index: Int) -> String { type(index).zone ?? lowering.options.timeZone }

  /// The zone of the project.
  public var timeZone: String { lowering.options.timeZone }
  /// Whether the project's weeks start on Sunday.
  public var weekStartsOnSunday: Bool { lowering.options.weekStartsOnSunday }
  /// A fresh alias for a derived table inside this call's SQL.
  public func alias(_ hint: String) -> String { lowering.freshAlias(hint) }
}

/// A lambda whose body can be written over any SQL, as often as needed.
public struct LoweredLambda {
  public let parameters: [LambdaParameter]
  let body: TypedExpr
  let lowering: Lowering

  public var type: HogQLType { body.type }
  public var mayBeNull: Bool { body.mayBeNull }

  /// The body's value with `values` in the place of the parameters. Each value is in its parameter's type's
  /// Postgres form (`decode` elements of `jsonb[]` first).
  public func callAsFunction(_ values: [SQLExpr]) throws(QueryError) -> SQLExpr {
    try lowering.binding(parameters, to: values) { () throws(QueryError) in try lowering.value(body) }
  }

  /// The body as another type.
  public func callAsFunction(_ values: [SQLExpr], as type: HogQLType) throws(QueryError) -> SQLExpr {
    try lowering.binding(parameters, to: values) { () throws(QueryError) in try lowering.convert(body, to: type) }
  }

  /// The body as a condition.
  public func condition(_ values: [SQLExpr]) throws(QueryError) -> SQLExpr {
    try lowering.binding(parameters, to: values) { () throws(QueryError) in try lowering.condition(body) }
  }
}
