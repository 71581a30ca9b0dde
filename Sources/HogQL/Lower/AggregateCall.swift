/// An aggregate's or window function's call that becomes SQL. DISTINCT, FILTER (with the condition of `-If`), ORDER
/// BY and OVER are added by ``aggregate(_:_:)``, so a rule only names the Postgres aggregate and its arguments.
public struct AggregateCall {
  public let call: LoweringCall
  /// The arguments' SQL where they are not the call's own (`-Array` and other suffixes aggregate something else).
  let replaced: [SQLExpr]?
  public let isDistinct: Bool
  let orderBy: [SQLOrder]
  let filters: [SQLExpr]
  public let window: SQLWindow?
  /// Whether there is at least one row for certain (a group of GROUP BY, without a condition).
  public let hasRows: Bool

  public var name: String { call.name }
  public var span: Span { call.span }
  public var type: HogQLType { call.type }
  public var count: Int { call.count }
  public var parameters: [TypedExpr] { call.parameters }
  public func type(_ index: Int) -> HogQLType { call.type(index) }
  public func mayBeNull(_ index: Int) -> Bool { call.mayBeNull(index) }

  /// The argument's value in its type's Postgres form, constants with a cast.
  public func sql(_ index: Int) throws(QueryError) -> SQLExpr {
    if let replaced, replaced.indices.contains(index) { return replaced[index] }
    return try call.typed(index)
  }

  /// A number: booleans become integers.
  public func number(_ index: Int) throws(QueryError) -> SQLExpr {
    call.lowering.number(try sql(index), of: type(index))
  }

  public func float(_ index: Int) throws(QueryError) -> SQLExpr {
    try call.lowering.convert(sql(index), from: type(index), to: .float, at: span)
  }

  public func condition(_ index: Int) throws(QueryError) -> SQLExpr {
    if let replaced, replaced.indices.contains(index) { return replaced[index] }
    return try call.condition(index)
  }

  /// The argument as a key to compare and sort by: text by bytes where the database does not, tuples as rows.
  public func sortKey(_ index: Int) throws(QueryError) -> SQLExpr {
    if replaced == nil { return try call.lowering.sortKey(call.argument(index)) }
    return call.lowering.sortKey(try sql(index), of: type(index))
  }

  /// The Postgres aggregate over the call's rows.
  public func aggregate(_ name: String, _ arguments: SQLExpr...) -> SQLExpr {
    build(SQLAggregate(name, arguments)).expr
  }

  /// An aggregate of the runtime.
  public func hogql(_ name: String, _ arguments: SQLExpr...) -> SQLExpr {
    build(SQLAggregate(schema: "hogql", name, arguments)).expr
  }

  /// The Postgres aggregate over those of the call's rows where `condition` holds as well.
  public func aggregate(_ name: String, _ arguments: [SQLExpr], where condition: SQLExpr, orderBy: [SQLOrder] = [])
    -> SQLExpr
  {
    var aggregate = SQLAggregate(name, arguments)
    aggregate.orderBy = orderBy
    aggregate.filter = condition
    return build(aggregate).expr
  }

  /// Completes an aggregate with the call's DISTINCT, FILTER, ORDER BY and OVER. A filter and an order that it has
  /// already stay: filters are ANDed, its own order comes first.
  public func build(_ aggregate: SQLAggregate) -> SQLAggregate {
    var aggregate = aggregate
    aggregate.isDistinct = aggregate.isDistinct || isDistinct
    if aggregate.withinGroup.isEmpty { aggregate.orderBy += orderBy }
    let conditions = filters + [aggregate.filter].compactMap { $0 }
    aggregate.filter = conditions.isEmpty ? nil : .all(conditions)
    if aggregate.over == nil { aggregate.over = window }
    return aggregate
  }
}
