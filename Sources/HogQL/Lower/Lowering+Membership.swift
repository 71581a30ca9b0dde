/// IN: NULL is a member like any other.
extension Lowering {
  func membership(_ value: TypedExpr, in set: MemberSet, negated: Bool, context: LoweringContext)
    throws(QueryError) -> SQLExpr
  {
    switch set {
    case .values(let members): return try inValues(value, members, negated, context)
    case .array(let array): return try inArray(value, array, negated, context)
    case .query(let query): return try inQuery(value, query, negated, context)
    }
  }

  private func inValues(_ value: TypedExpr, _ members: [TypedExpr], _ negated: Bool, _ context: LoweringContext)
    throws(QueryError) -> SQLExpr
  {
    var value = value
    if !negated, members.allSatisfy({ bare(value, .equal, $0, context) !== value }), let first = members.first {
      value = bare(value, .equal, first, context)
    }
    let hasNull = members.contains { $0.type.isNullConstant }
    let others = members.filter { !$0.type.isNullConstant }
    if value.type.isNullConstant { return .boolean(hasNull != negated) }
    let sql = try self.value(value)
    guard !others.isEmpty else { return hasNull ? .isNull(sql, negated: negated) : .boolean(negated) }
    if others.contains(where: \.mayBeNull) || value.tupleParts != nil {
      return try anyEqual(value, members, negated, isPlain: context == .condition && !negated)
    }
    let comparison = LoweringCall(
      name: "in", span: value.span, type: .flag, mayBeNull: false, parameters: [], arguments: [value] + others,
      context: context, lowering: self)
    var (left, list): (SQLExpr, [SQLExpr]) = (sql, [])
    for member in others {
      let (l, m) = try operands(value, member, .equal, comparison)
      left = list.isEmpty || l == left ? l : sql
      list.append(m)
    }
    guard value.mayBeNull else { return .inList(left, list, negated: negated) }
    switch (hasNull, negated) {
    case (false, false): return guarded(.inList(left, list, negated: false), comparison)
    case (false, true): return .coalesce(.inList(left, list, negated: true), .boolean(true))
    case (true, false): return .anyOf([.coalesce(.inList(left, list, negated: false), .boolean(false)), sql.isNull])
    case (true, true): return .all([.coalesce(.inList(left, list, negated: true), .boolean(false)), sql.isNotNull])
    }
  }

  /// Members that can be NULL, and tuples: one comparison each.
  /// `isPlain` where NULL may stand for false.
  private func anyEqual(
    _ value: TypedExpr, _ members: [TypedExpr], _ negated: Bool, isPlain: Bool
  ) throws(QueryError) -> SQLExpr {
    var conditions: [SQLExpr] = []
    for member in members {
      let pairs: [(TypedExpr, TypedExpr)]
      if let parts = value.tupleParts, let others = member.tupleParts {
        guard parts.count == others.count else {
          throw QueryError("Tuples of different lengths cannot be compared.", at: member.span)
        }
        pairs = Array(zip(parts, others))
      } else {
        pairs = [(value, member)]
      }
      conditions.append(.all(try pairs.map { (a, b) throws(QueryError) in try same(a, b, isPlain) }))
    }
    let sql = SQLExpr.anyOf(conditions)
    return negated ? sql.negated : sql
  }

  private func same(_ a: TypedExpr, _ b: TypedExpr, _ isPlain: Bool) throws(QueryError) -> SQLExpr {
    if a.type.isNullConstant { return try value(b).isNull }
    if b.type.isNullConstant { return try value(a).isNull }
    let call = LoweringCall(
      name: "in", span: b.span, type: .flag, mayBeNull: false, parameters: [], arguments: [a, b], context: .value,
      lowering: self)
    let (l, r) = try operands(a, b, .equal, call)
    if isPlain, !a.mayBeNull || !b.mayBeNull { return l.equals(r) }
    return a.mayBeNull || b.mayBeNull ? l.op(.notDistinctFrom, r) : l.equals(r)
  }

  private func inArray(_ value: TypedExpr, _ array: TypedExpr, _ negated: Bool, _ context: LoweringContext)
    throws(QueryError) -> SQLExpr
  {
    let element = array.type.element ?? .null
    guard let type = value.type.widened(with: element) else {
      throw QueryError(
        "\(value.type.clickHouseName) cannot be in an array of \(element.clickHouseName).", at: value.span,
        hint: "Convert one side.")
    }
    let left = try toStorage(convert(value, to: type), type)
    let right = try convert(array, to: .array(type))
    let position = SQLExpr.call("array_position", right, needsCast(left) ? left.cast(to: type.arrayStorage) : left)
    if value.mayBeNull || element.isNullable || value.type.isNullConstant {
      return .isNull(position, negated: !negated)
    }
    let found = SQLExpr.any(left, .equal, array: right)
    return negated ? found.negated : found
  }

  private func inQuery(_ value: TypedExpr, _ query: ResolvedQuery, _ negated: Bool, _ context: LoweringContext)
    throws(QueryError) -> SQLExpr
  {
    let parts = value.tupleParts ?? [value]
    guard parts.count == query.columns.count else {
      throw QueryError(
        "IN compares \(parts.count) values with a query of \(query.columns.count) columns.", at: value.span,
        hint: "Select exactly \(parts.count) in the subquery.")
    }
    for (part, column) in zip(parts, query.columns) where part.type.widened(with: column.type) == nil {
      throw QueryError(
        "\(part.type.clickHouseName) cannot be in a query of \(column.type.clickHouseName).", at: part.span,
        hint: "Convert one side.")
    }
    let sql = try isolated { () throws(QueryError) in try self.query(query) }
    var left: [SQLExpr] = []
    for (part, column) in zip(parts, query.columns) {
      left.append(try part.type.isBoolean && !column.type.isBoolean ? number(part) : typed(part))
    }
    let isNullSafe = !parts.contains(where: \.mayBeNull) && (!negated || !query.columns.contains(where: \.mayBeNull))
    let row = left.count == 1 ? left[0] : SQLExpr.row(left)
    if isNullSafe { return .inQuery(row, sql, negated: negated) }
    if !negated, context == .condition, !query.columns.contains(where: \.mayBeNull) {
      return .inQuery(row, sql, negated: false)
    }
    return nullSafe(left, sql, query, parts, negated)
  }

  /// `EXISTS (SELECT 1 FROM (query) WHERE column IS NOT DISTINCT FROM value ..)` in a form that hashes: the rows
  /// without NULLs by IN, those with NULLs apart.
  private func nullSafe(
    _ left: [SQLExpr], _ sql: SQLQuery, _ query: ResolvedQuery, _ parts: [TypedExpr], _ negated: Bool
  ) -> SQLExpr {
    let alias = freshAlias("s")
    let columns = query.columns.map { SQLExpr.column(table: alias, name: $0.name) }
    let from = SQLFrom.query(sql, alias: alias, columns: [], isLateral: false)
    if left.count == 1, let value = left.first, let column = columns.first {
      let plain = SQLQuery.select(SQLSelect(column, from: from, where: column.isNotNull))
      let nulls = SQLQuery.select(SQLSelect(.integer(1), from: from, where: column.isNull))
      let found = SQLExpr.coalesce(
        .inQuery(value, plain, negated: false),
        query.columns[0].mayBeNull ? .exists(nulls) : .boolean(false))
      return negated ? found.negated : found
    }
    let condition = SQLExpr.all(zip(columns, left).map { $0.op(.notDistinctFrom, $1) })
    let found = SQLExpr.exists(.select(SQLSelect(.integer(1), from: from, where: condition)))
    return negated ? found.negated : found
  }
}
