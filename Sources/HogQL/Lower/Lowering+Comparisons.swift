/// Comparisons with section 7's null rules, printed as plainly as the context allows.
extension Lowering {
  /// `=` and what follows its rule (LIKE, ILIKE).
  func equality(_ call: LoweringCall, _ operation: SQLOperator, negated: Bool) throws(QueryError) -> SQLExpr {
    var (left, right) = (try call.argument(0), try call.argument(1))
    if !negated, operation == .equal, call.context != .value, let range = try range(left, .equal, right) { return range }
    if !negated { (left, right) = bareSides(left, operation, right, call.context) }
    if left.type.isNullConstant || right.type.isNullConstant {
      let other = left.type.isNullConstant ? right : left
      if other.type.isNullConstant { return .boolean(!negated) }
      return .isNull(try value(other), negated: negated)
    }
    if operation == .equal, let parts = try tupleEquality(left, right, call) {
      return negated ? parts.negated : parts
    }
    let (a, b) = try operands(left, right, operation, call)
    let hasConstant = a.isConstant || b.isConstant
    let (l, operation, r) = folded(a, operation, b)
    let mayBeNull = left.mayBeNull || right.mayBeNull
    if call.context == .join || !mayBeNull { return plain(l, operation, r, negated: negated) }
    if operation == .equal, !hasConstant, left.mayBeNull && right.mayBeNull {
      return l.op(negated ? .distinctFrom : .notDistinctFrom, r)
    }
    if operation == .equal, negated { return l.op(.distinctFrom, r) }
    if !hasConstant, left.mayBeNull && right.mayBeNull {
      let both = SQLExpr.all([l.isNull, r.isNull])
      let same = SQLExpr.coalesce(l.op(operation, r), both)
      return negated ? same.negated : same
    }
    if call.context == .condition && !negated { return l.op(operation, r) }
    return .coalesce(plain(l, operation, r, negated: negated), .boolean(negated))
  }

  private func bareSides(
    _ left: TypedExpr, _ operation: SQLOperator, _ right: TypedExpr, _ context: LoweringContext
  ) -> (TypedExpr, TypedExpr) {
    if right.constant != nil { return (bare(left, operation, right, context), right) }
    guard operation == .equal, left.constant != nil else { return (left, right) }
    return (left, bare(right, operation, left, context))
  }

  /// ILIKE knows the letters of every script. Postgres' own does not where the database's character type is C; a
  /// pattern of ASCII needs no more.
  private func folded(_ l: SQLExpr, _ operation: SQLOperator, _ r: SQLExpr) -> (SQLExpr, SQLOperator, SQLExpr) {
    guard operation == .ilike, options.foldsASCIIOnly else { return (l, operation, r) }
    if case .string(let pattern) = r, pattern.utf8.allSatisfy({ $0 < 0x80 }) { return (l, operation, r) }
    return (.hogql("lower_utf8", l), .like, .hogql("lower_utf8", r))
  }

  private func plain(_ l: SQLExpr, _ operation: SQLOperator, _ r: SQLExpr, negated: Bool) -> SQLExpr {
    guard negated else { return l.op(operation, r) }
    switch operation {
    case .equal: return l.op(.notEqual, r)
    case .like: return l.op(.notLike, r)
    case .ilike: return l.op(.notILike, r)
    default: return l.op(operation, r).negated
    }
  }

  /// `<` and its kin: false with a NULL.
  func inequality(_ call: LoweringCall, _ operation: SQLOperator) throws(QueryError) -> SQLExpr {
    var (left, right) = (try call.argument(0), try call.argument(1))
    if left.type.isNullConstant || right.type.isNullConstant { return .boolean(false) }
    if call.context != .value, let range = try range(left, operation, right) { return range }
    (left, right) = bareSides(left, operation, right, call.context)
    if let parts = left.tupleParts, let others = right.tupleParts, parts.count == others.count {
      var (l, r): ([SQLExpr], [SQLExpr]) = ([], [])
      for (a, b) in zip(parts, others) {
        let (x, y) = try operands(a, b, operation, call)
        l.append(x)
        r.append(y)
      }
      return guarded(.binary(.row(l), operation, .row(r)), call)
    }
    let (l, r) = try operands(left, right, operation, call)
    return guarded(l.op(operation, r), call)
  }

  /// A comparison that NULL makes false.
  func guarded(_ sql: SQLExpr, _ call: LoweringCall) -> SQLExpr {
    let mayBeNull = call.arguments.contains(where: \.mayBeNull)
    return call.context == .value && mayBeNull ? .coalesce(sql, .boolean(false)) : sql
  }

  /// Tuples that are written out compare element by element.
  private func tupleEquality(_ left: TypedExpr, _ right: TypedExpr, _ call: LoweringCall) throws(QueryError)
    -> SQLExpr?
  {
    guard let parts = left.tupleParts, let others = right.tupleParts, parts.count == others.count else { return nil }
    var conditions: [SQLExpr] = []
    for (a, b) in zip(parts, others) {
      let (x, y) = try operands(a, b, .equal, call)
      conditions.append(a.mayBeNull || b.mayBeNull ? .coalesce(x.equals(y), .boolean(false)) : x.equals(y))
    }
    return .all(conditions)
  }

  /// Both sides in one type that Postgres can compare.
  func operands(_ left: TypedExpr, _ right: TypedExpr, _ operation: SQLOperator, _ call: LoweringCall)
    throws(QueryError) -> (SQLExpr, SQLExpr)
  {
    if operation == .equal {
      if let text = right.constant?.string, let path = try plainPath(left, comparedWith: text) {
        return (path, .string(text))
      }
      if let text = left.constant?.string, let path = try plainPath(right, comparedWith: text) {
        return (.string(text), path)
      }
    }
    if let moment = try comparedMoment(left, right) { return moment }
    guard let type = left.type.widened(with: right.type) else {
      if left.type.kind == .uuid, right.constant?.string != nil { return (try value(left), try value(right)) }
      if right.type.kind == .uuid, left.constant?.string != nil { return (try value(left), try value(right)) }
      throw QueryError(
        "\(left.type.clickHouseName) and \(right.type.clickHouseName) cannot be compared.", at: call.span,
        hint: "Convert one side, for instance with toString, toFloat or toDate.")
    }
    var l = try comparable(left, as: type)
    let r = try comparable(right, as: type)
    if type.isString, operation != .equal, operation.precedence == SQLOperator.less.precedence { l = sortKey(l, of: .string) }
    return (l, r)
  }

  /// Numbers of different kinds compare as they are: Postgres converts them, and keeps the index.
  private func comparable(_ expr: TypedExpr, as type: HogQLType) throws(QueryError) -> SQLExpr {
    if expr.type.isBoolean && !type.isBoolean { return try number(expr) }
    if expr.type.isNumber && type.isNumber {
      if let column = bareNumber(expr) { return column }
      if expr.constant != nil, case .float(let value)? = expr.constant, value.isFinite { return .number("\(value)") }
      return try value(expr)
    }
    return try convert(expr, to: type)
  }

  /// A column of a smaller kind of numbers without its cast, which comparisons do not need and indexes do not like.
  private func bareNumber(_ expr: TypedExpr) -> SQLExpr? {
    guard case .column(let column) = expr.kind, column.storage == .cast, !column.isFilled, column.fallbackAlias == nil,
      !isGiven(expr)
    else { return nil }
    return .column(table: column.alias, name: column.column)
  }

  /// A date or time with a constant string, or a date with a time.
  private func comparedMoment(_ left: TypedExpr, _ right: TypedExpr) throws(QueryError) -> (SQLExpr, SQLExpr)? {
    if left.type.isTemporal, let text = right.constant?.string {
      let type = try momentType(left.type, comparedWith: text, right)
      return (try convert(left, to: type), try convert(right, to: type))
    }
    if right.type.isTemporal, let text = left.constant?.string {
      let type = try momentType(right.type, comparedWith: text, left)
      return (try convert(left, to: type), try convert(right, to: type))
    }
    if left.type.isTemporal && right.type.isString || left.type.isString && right.type.isTemporal {
      let text = left.type.isString ? left : right
      throw QueryError(
        "A string that is no constant cannot be compared with a date or time.", at: text.span,
        hint: "Convert it with toDate or toDateTime.")
    }
    return nil
  }

  /// A Date compares with a string's time as its midnight.
  private func momentType(_ type: HogQLType, comparedWith text: String, _ expr: TypedExpr) throws(QueryError)
    -> HogQLType
  {
    guard type.isDate, let moment = MomentText(text), moment.hasTime else { return type }
    return .dateTime64
  }

  func between(_ call: LoweringCall, negated: Bool) throws(QueryError) -> SQLExpr {
    let value = try call.argument(0)
    if call.arguments.contains(where: \.type.isNullConstant) { return .boolean(false) }
    if !negated, call.context != .value, let low = try range(value, .greaterOrEqual, call.argument(1)),
      let high = try range(value, .lessOrEqual, call.argument(2))
    {
      return .all([low, high])
    }
    let (v, low) = try operands(value, call.argument(1), .lessOrEqual, call)
    let (w, high) = try operands(value, call.argument(2), .lessOrEqual, call)
    if v == w { return guarded(.between(v, low, high, negated: negated), call) }
    let inside: SQLExpr = .all([v.op(.greaterOrEqual, low), w.op(.lessOrEqual, high)])
    return guarded(negated ? inside.negated : inside, call)
  }

  /// `~` in RE2's sense of "any place".
  func match(_ call: LoweringCall, ignoringCase: Bool, negated: Bool) throws(QueryError) -> SQLExpr {
    let (left, right) = (try call.argument(0), try call.argument(1))
    if left.type.isNullConstant || right.type.isNullConstant {
      return .boolean((left.type.isNullConstant && right.type.isNullConstant) != negated)
    }
    for side in [left, right] where !side.type.isString {
      throw QueryError(
        "A regular expression needs text, not \(side.type.clickHouseName).", at: side.span,
        hint: "Convert it with toString.")
    }
    let pattern: SQLExpr
    if let text = right.constant?.string {
      pattern = .string(try PostgresPattern.translate(text, at: right.span))
    } else {
      pattern = try convert(right, to: .string)
    }
    let matched = SQLExpr.binary(
      try convert(left, to: .string), ignoringCase ? .matchesIgnoringCase : .matches, pattern)
    guard left.mayBeNull || right.mayBeNull, !(call.context == .condition && !negated) else {
      return negated ? matched.negated : matched
    }
    let isNeverConstant = left.constant == nil && right.constant == nil && left.mayBeNull && right.mayBeNull
    let missing: SQLExpr = isNeverConstant ? .all([try value(left).isNull, try value(right).isNull]) : .boolean(false)
    let result = SQLExpr.coalesce(matched, missing)
    return negated ? result.negated : result
  }
}
