/// Values as other types.
extension Lowering {
  /// A number: booleans become integers, what is a number stays.
  func number(_ expr: TypedExpr) throws(QueryError) -> SQLExpr { number(try value(expr), of: expr.type) }

  func number(_ sql: SQLExpr, of type: HogQLType) -> SQLExpr {
    guard type.isBoolean else { return sql }
    if case .boolean(let value) = sql { return .integer(value ? 1 : 0) }
    return sql.cast(to: .integer)
  }

  func convert(_ expr: TypedExpr, to type: HogQLType) throws(QueryError) -> SQLExpr {
    if let moment = try constantMoment(expr, as: type) { return moment }
    return try convert(value(expr), from: expr.type, to: type, at: expr.span)
  }

  /// The implicit conversions: number to number, boolean to number, date to time, anything from NULL; arrays and
  /// tuples inside. Others stay as they are or are refused.
  func convert(_ sql: SQLExpr, from: HogQLType, to: HogQLType, at span: Span) throws(QueryError) -> SQLExpr {
    if from.kind == to.kind || to.isNullConstant { return sql }
    if from.isNullConstant { return .null(to.postgres) }
    switch to.kind {
    case .int where from.isBoolean: return number(sql, of: from)
    case .int where from.isNumber: return sql.cast(to: .bigint)
    case .float where from.isNumeric:
      if case .integer(let value) = sql { return .cast(.integer(value), .double) }
      return number(sql, of: from).cast(to: .double)
    case .decimal where from.isNumeric: return number(sql, of: from).cast(to: .numeric)
    case .flag, .bool: if from.isBoolean { return sql }
    case .dateTime: if from.isDate { return midnight(sql, in: to.zone) } else if from.isDateTime { return sql }
    case .string where from.kind == .json: return .hogql("json_text_compact", sql)
    case .array, .tuple, .map: return try convertComposite(sql, from: from, to: to, at: span)
    default: break
    }
    throw QueryError(
      "A \(from.clickHouseName) cannot become a \(to.clickHouseName) here.", at: span,
      hint: "Convert it with a function such as toString, toFloat or toDate.")
  }

  private func convertComposite(_ sql: SQLExpr, from: HogQLType, to: HogQLType, at span: Span) throws(QueryError)
    -> SQLExpr
  {
    switch (from.kind, to.kind) {
    case (.array(let old), .array(let new)):
      if old.kind == new.kind { return sql }
      if old.isNullConstant || old.arrayStorage == new.arrayStorage || (!old.isComposite && !new.isComposite) {
        return sql.cast(to: to.postgres)
      }
    case (.tuple, .tuple), (.map, .map): return sql
    default: break
    }
    throw QueryError(
      "A \(from.clickHouseName) cannot become a \(to.clickHouseName) here.", at: span, hint: nil)
  }

  /// The start of a day in a zone, the project's when nil.
  func midnight(_ date: SQLExpr, in zone: String?) -> SQLExpr {
    date.cast(to: .timestamp).local(in: zone ?? options.timeZone)
  }

  func moment(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    try convert(expr, to: expr.type.isDateTime ? expr.type : .dateTime64)
  }

  func localTime(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    if expr.type.isDate { return try value(expr).cast(to: .timestamp) }
    return try moment(expr).local(in: expr.type.zone ?? options.timeZone)
  }

  /// A constant string where a date or time is needed, read in the project's zone; nil when it is something else.
  func constantMoment(_ expr: TypedExpr, as type: HogQLType) throws(QueryError) -> SQLExpr? {
    guard type.isTemporal, let text = expr.constant?.string else { return nil }
    guard let moment = MomentText(text) else {
      throw QueryError(
        "'\(text)' is not a date or time.", at: expr.span, hint: "Write it as 'YYYY-MM-DD' or 'YYYY-MM-DD hh:mm:ss'.")
    }
    if type.isDate && !moment.hasTime { return .cast(.string(moment.date), .date) }
    let zone = type.zone ?? options.timeZone
    if moment.zone != nil { return .cast(.string(moment.text), .timestamptz) }
    if zone == "UTC" { return .cast(.string(moment.text + "+00"), .timestamptz) }
    return SQLExpr.cast(.string(moment.text), .timestamp).local(in: zone)
  }

  /// What `toString` gives.
  func text(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    if let text = expr.constant?.text { return .string(text) }
    if case .null? = expr.constant { return .null(.text) }
    return text(try typed(expr), of: expr.type)
  }

  func text(_ sql: SQLExpr, of type: HogQLType) -> SQLExpr {
    switch type.kind {
    case .string, .null: return sql
    case .bool, .int, .uuid: return sql.cast(to: .text)
    case .flag: return sql.cast(to: .integer).cast(to: .text)
    case .float: return .hogql("float_text", sql)
    case .decimal: return .hogql("decimal_text", sql)
    case .date: return .call("to_char", sql, .string("YYYY-MM-DD"))
    case .dateTime(let precision, let zone):
      let format = precision == 0 ? "YYYY-MM-DD HH24:MI:SS" : "YYYY-MM-DD HH24:MI:SS.US"
      return .call("to_char", sql.local(in: zone ?? options.timeZone), .string(format))
    case .interval: return .call("to_char", sql, .string("FMDD"))
    case .json: return .hogql("json_text_compact", sql)
    case .array(let element): return arrayText(sql, element)
    case .tuple(let elements): return tupleText(sql, elements)
    case .map(_, _), .state: return sql.cast(to: .text)
    }
  }

  /// `[1,'a']`: strings inside have quotes.
  private func arrayText(_ sql: SQLExpr, _ element: HogQLType) -> SQLExpr {
    let alias = freshAlias("e")
    let item = quotedText(fromStorage(.column(table: alias, name: "v"), element), element)
    let items = SQLExpr.arrayOf(
      SQLSelect(
        item, from: .unnest([sql], as: alias, columns: ["v", "n"]),
        orderBy: [SQLOrder(.column(table: alias, name: "n"))]))
    return .call("concat", .string("["), .call("array_to_string", items, .string(",")), .string("]"))
  }

  private func tupleText(_ sql: SQLExpr, _ elements: [HogQLType]) -> SQLExpr {
    var parts: [SQLExpr] = []
    for (index, element) in elements.enumerated() {
      parts.append(.string(index == 0 ? "(" : ","))
      parts.append(quotedText(decode(sql, at: .integer(Int64(index)), element), element))
    }
    return .call("concat", parts + [.string(")")])
  }

  private func quotedText(_ sql: SQLExpr, _ type: HogQLType) -> SQLExpr {
    let plain = text(sql, of: type)
    let quoted: SQLExpr
    switch type.kind {
    case .string, .json, .date, .dateTime, .uuid: quoted = .hogql("quoted_text", plain)
    default: quoted = plain
    }
    return type.isNullable ? .coalesce(quoted, .string("NULL")) : quoted
  }

  /// The value as a key to sort and compare by.
  func sortKey(_ expr: TypedExpr) throws(QueryError) -> SQLExpr {
    if let parts = expr.tupleParts, !parts.isEmpty, !groupKeys.contains(where: { $0.isSame(as: expr) }) {
      var keys: [SQLExpr] = []
      for part in parts { keys.append(try sortKey(part)) }
      return .row(keys)
    }
    return sortKey(try typed(expr), of: expr.type)
  }

  func sortKey(_ sql: SQLExpr, of type: HogQLType) -> SQLExpr {
    switch type.kind {
    case .string where !options.collationIsC: return .byteOrder(sql)
    case .array(let element) where element.kind == .string && !options.collationIsC: return .byteOrder(sql)
    case .tuple(let elements):
      return .row(elements.enumerated().map { index, element in
        sortKey(decode(sql, at: .integer(Int64(index)), element), of: element)
      })
    default: return sql
    }
  }
}

extension ConstantValue {
  /// The text of a constant where it is known without Postgres.
  var text: String? {
    switch self {
    case .string(let value): value
    case .integer(let value): "\(value)"
    case .bigInteger(let digits): digits
    case .boolean(let value): value ? "true" : "false"
    default: nil
    }
  }
}
