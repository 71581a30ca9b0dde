/// FROM: tables and joins.
extension Resolver {
  func from(_ from: From, into scope: Scope) throws(QueryError) -> ResolvedFrom {
    try enter(2, at: from.span)
    defer { leave(2) }
    var result = try source(from.first, into: scope)
    for join in from.joins {
      guard scope.sources.count < Limits.tables else {
        throw QueryError("A FROM can have \(Limits.tables) tables at most.", at: join.span)
      }
      result = try self.join(result, join, in: scope)
    }
    return result
  }

  /// The sources with the linked tables that expressions have used.
  func linkedFrom(_ scope: Scope) -> ResolvedFrom? {
    guard var result = scope.from else { return nil }
    for link in scope.pendingLinks { result = .join(result, link) }
    scope.pendingLinks = []
    return result
  }

  private func source(_ source: TableSource, into scope: Scope) throws(QueryError) -> ResolvedFrom {
    if let span = source.final {
      throw QueryError("FINAL is not supported.", at: span, hint: "Leave it out.")
    }
    if let sample = source.sample {
      let ratio = try resolve(sample.ratio).constant
      guard ratio == .integer(1) || ratio == .float(1) else {
        throw QueryError("SAMPLE is not supported.", at: sample.span, hint: "Filter instead.")
      }
    }
    switch source.kind {
    case .table(let parts): return try table(parts, source, into: scope)
    case .query(let query):
      let resolved = try subquery(query)
      let alias = sqlAlias(source.alias?.text ?? "subquery \(fresh())")
      try add(
        source.alias.map { [$0.text] } ?? [], alias, try scopeColumns(of: resolved, renamed: source.columnAliases),
        at: source, to: scope)
      return .query(resolved, alias: alias)
    case .function(let name, let arguments): return try numbers(name, arguments, source, into: scope)
    case .placeholder(let placeholder):
      throw QueryError(
        "A placeholder cannot stand for a table.", at: placeholder.span, hint: "Write the table's name into the query.")
    case .join(let inner): return try from(inner, into: scope)
    }
  }

  private func add(
    _ qualifiers: [String], _ alias: String, _ columns: [ScopeColumn], table: String? = nil, at source: TableSource,
    to scope: Scope
  ) throws(QueryError) {
    for qualifier in qualifiers where scope.sources.contains(where: { $0.qualifiers.contains(qualifier) }) {
      throw QueryError(
        "The table \(qualifier) is there twice.", at: source.span, hint: "Give one of them an alias.")
    }
    scope.sources.append(
      ScopeSource(id: fresh(), qualifiers: qualifiers, alias: alias, columns: columns, table: table))
  }

  private func common(_ parts: [Name]) -> CommonTableEntry? {
    guard parts.count == 1 else { return nil }
    for frame in commonTables.reversed() {
      if let entry = frame.last(where: { $0.name == parts[0].text }) { return entry }
    }
    return nil
  }

  func isTable(_ parts: [Name]) -> Bool {
    let name = parts.map(\.text).joined(separator: ".")
    if parts.count == 1, let scope {
      if scope.aliases[name] != nil || scope.sources.contains(where: { $0.column(name) != nil }) { return false }
    }
    if commonExpressions.contains(where: { $0[name] != nil }) { return false }
    return common(parts) != nil || catalogue.table(name) != nil
  }

  /// `IN t`: the whole table as a query.
  func wholeTable(_ parts: [Name], at span: Span) throws(QueryError) -> ResolvedQuery {
    let star = Expr(.star(Star()), at: span)
    var select = Select(span: span)
    select.columns = [star]
    select.from = From(first: TableSource(kind: .table(parts), span: span), span: span)
    return try subquery(Query(first: .select(select), span: span))
  }

  private func table(_ parts: [Name], _ source: TableSource, into scope: Scope) throws(QueryError) -> ResolvedFrom {
    let name = parts.map(\.text).joined(separator: ".")
    let span = parts[0].span.joined(with: parts[parts.count - 1].span)
    let qualifier = source.alias?.text ?? name
    let alias = sqlAlias(source.alias?.text ?? parts[parts.count - 1].text)
    if let entry = common(parts) {
      entry.isUsed = true
      try add([qualifier], alias, entry.columns, at: source, to: scope)
      return .common(name: entry.sqlName, alias: alias)
    }
    guard let table = catalogue.table(name) else {
      let known = Array(catalogue.tables.keys) + Array(catalogue.dottedNames.keys)
        + commonTables.flatMap { $0.map(\.name) }
      let nearest = NearestName.find(name, among: known)
      throw QueryError("There is no table \(name).", at: span, hint: nearest.map { "Did you mean \($0)?" })
    }
    let columns = table.columns.map { ScopeColumn($0) }
    try add([qualifier], alias, columns, table: table.name, at: source, to: scope)
    return .table(schema: table.schema, name: table.relation, alias: alias)
  }

  private func numbers(_ name: Name, _ arguments: [Expr], _ source: TableSource, into scope: Scope)
    throws(QueryError) -> ResolvedFrom
  {
    guard name.text == "numbers" || name.text == "generateSeries" else {
      throw QueryError(
        "There is no table function \(name.text).", at: name.span, hint: "There are numbers(n) and generateSeries(a, b, step).")
    }
    let isSeries = name.text == "generateSeries"
    guard isSeries ? arguments.count == 3 : (1...2).contains(arguments.count) else {
      throw QueryError(
        "\(name.text) takes \(isSeries ? "3" : "1 to 2") arguments, not \(arguments.count).", at: name.span)
    }
    let typed = try resolve(arguments)
    guard typed.allSatisfy({ $0.type.kind == .int && $0.facts.isEmpty }) else {
      throw QueryError("\(name.text) needs constant integers.", at: name.span)
    }
    let alias = sqlAlias(source.alias?.text ?? name.text)
    let column = isSeries ? "generate_series" : "number"
    try add(
      [source.alias?.text ?? name.text], alias,
      [ScopeColumn(name: column, sqlName: column, type: .int, mayBeNull: false)], at: source, to: scope)
    if isSeries {
      if typed[2].constant == .integer(0) { throw QueryError("The step must not be 0.", at: typed[2].span) }
      return .series(start: typed[0], stop: typed[1], step: typed[2], alias: alias)
    }
    return .numbers(start: typed.count == 2 ? typed[0] : nil, count: typed[typed.count - 1], alias: alias)
  }

  private func join(_ left: ResolvedFrom, _ join: Join, in scope: Scope) throws(QueryError) -> ResolvedFrom {
    guard !join.isPositional, !join.isNatural else {
      throw QueryError("This kind of join is not supported.", at: join.span, hint: "Use JOIN .. ON.")
    }
    let start = scope.sources.count
    let right = try source(join.table, into: scope)
    guard scope.sources.count > start else { return left }
    let rightSource = scope.sources[start]
    var result = ResolvedJoin(
      kind: try kind(join), right: right, condition: nil, rightAlias: rightSource.alias)
    switch join.constraint {
    case .on(let expr)?:
      result.condition = try resolve(expr)
      if join.strictness == .asof { result.closest = try closest(expr, rightSource) }
    case .using(let names)?: result.condition = try using(names, join, start, in: scope)
    case nil:
      guard result.kind == .cross else {
        throw QueryError("The join needs ON or USING.", at: join.span, hint: "Say how the rows belong together.")
      }
    }
    if result.kind == .anyInner { result.leftKeys = try anyKeys(result.condition, join, start, in: scope) }
    if let condition = result.condition, condition.facts.contains(.aggregate) {
      throw QueryError("An aggregate cannot stand in ON.", at: condition.span)
    }
    var before = left
    for link in scope.pendingLinks { before = .join(before, link) }
    scope.pendingLinks = []
    fill(result.kind, from: start, in: scope)
    return try mirrored(before, result, start, at: join.span, in: scope)
  }

  /// Sides that may be unmatched have defaults in the place of missing values; those that are not read are closed.
  private func fill(_ kind: ResolvedJoin.Kind, from start: Int, in scope: Scope) {
    for index in scope.sources.indices {
      let isRight = index >= start
      switch kind {
      case .left, .anyLeft, .asofLeft: if isRight { scope.sources[index].isFilled = true }
      case .right, .anyRight: if !isRight { scope.sources[index].isFilled = true }
      case .full: scope.sources[index].isFilled = true
      case .leftAnti: if isRight { scope.sources[index].isReadable = false }
      case .rightAnti: if !isRight { scope.sources[index].isReadable = false }
      default: break
      }
    }
  }

  /// RIGHT SEMI, ANTI and ANY are their LEFT forms with the sides exchanged.
  private func mirrored(_ left: ResolvedFrom, _ join: ResolvedJoin, _ start: Int, at span: Span, in scope: Scope)
    throws(QueryError) -> ResolvedFrom
  {
    let exchanged: [ResolvedJoin.Kind: ResolvedJoin.Kind] = [
      .rightSemi: .leftSemi, .rightAnti: .leftAnti, .anyRight: .anyLeft,
    ]
    guard let kind = exchanged[join.kind] else { return .join(left, join) }
    guard start == 1 else {
      throw QueryError("This join needs a single table on its left.", at: span, hint: "Put the left side into a subquery.")
    }
    var swapped = join
    swapped.kind = kind
    swapped.right = left
    swapped.rightAlias = scope.sources[0].alias
    return .join(join.right, swapped)
  }

  private func kind(_ join: Join) throws(QueryError) -> ResolvedJoin.Kind {
    switch (join.strictness ?? .all, join.side) {
    case (_, .cross), (_, .comma): return .cross
    case (.all, .inner): return .inner
    case (.all, .left): return .left
    case (.all, .right): return .right
    case (.all, .full): return .full
    case (.any, .left): return .anyLeft
    case (.any, .inner): return .anyInner
    case (.any, .right): return .anyRight
    case (.semi, .left), (.semi, .inner): return .leftSemi
    case (.anti, .left), (.anti, .inner): return .leftAnti
    case (.semi, .right): return .rightSemi
    case (.anti, .right): return .rightAnti
    case (.asof, .inner): return .asofInner
    case (.asof, .left): return .asofLeft
    default: throw QueryError("This kind of join is not supported.", at: join.span)
    }
  }

  private func using(_ names: [Name], _ join: Join, _ start: Int, in scope: Scope) throws(QueryError) -> TypedExpr {
    var conditions: [TypedExpr] = []
    for name in names {
      guard let right = scope.sources[start].column(name.text),
        let left = scope.sources.prefix(start).first(where: { $0.column(name.text) != nil }),
        let leftColumn = left.column(name.text)
      else { throw QueryError("The column \(name.text) of USING is not on both sides.", at: name.span) }
      let l = reference(left, leftColumn, at: name.span)
      let r = reference(scope.sources[start], right, at: name.span)
      conditions.append(try call("equals", [l, r], at: name.span))
      switch join.side {
      case .right: scope.merged[name.text] = r
      case .full:
        let merged = ColumnReference(
          source: left.id, alias: left.alias, column: leftColumn.sqlName, isFilled: false,
          fallbackAlias: scope.sources[start].alias, fallbackColumn: right.sqlName)
        scope.merged[name.text] = TypedExpr(.column(merged), type: l.type, at: name.span)
      default: scope.merged[name.text] = l
      }
    }
    return conditions.count == 1 ? conditions[0] : try call("and", conditions, at: join.span)
  }

  /// The left sides of the equalities of an ANY INNER JOIN, for each of whose values one row comes out.
  private func anyKeys(_ condition: TypedExpr?, _ join: Join, _ start: Int, in scope: Scope) throws(QueryError)
    -> [TypedExpr]
  {
    guard start == 1, let condition, let left = scope.sources.first?.id else {
      throw QueryError(
        "ANY JOIN needs a single table on its left.", at: join.span, hint: "Put the left side into a subquery.")
    }
    var parts = [condition]
    if case .call(let call) = condition.kind, call.name == "and" { parts = call.arguments }
    var keys: [TypedExpr] = []
    for part in parts {
      guard case .call(let call) = part.kind, call.name == "equals", call.arguments.count == 2,
        let key = call.arguments.first(where: { $0.uses(left) }), let other = call.arguments.first(where: { $0 !== key }),
        !other.uses(left), other.facts.contains(.column)
      else {
        throw QueryError(
          "ANY JOIN takes nothing but equalities of its two sides.", at: part.span, hint: "Filter in WHERE or a subquery.")
      }
      keys.append(key)
    }
    return keys
  }

  /// ASOF's one inequality: the right side's key, and whether its greatest value is the closest.
  private func closest(_ expr: Expr, _ right: ScopeSource) throws(QueryError) -> (key: TypedExpr, isLatest: Bool) {
    var parts = [expr]
    if case .and(let operands) = expr.kind { parts = operands }
    var found: (key: TypedExpr, isLatest: Bool)?
    for part in parts {
      guard case .binary(let operation, let left, let other) = part.kind else { continue }
      let isLess = operation == .less || operation == .lessOrEqual
      guard isLess || operation == .greater || operation == .greaterOrEqual else { continue }
      guard found == nil else {
        throw QueryError("An ASOF join takes exactly one inequality.", at: part.span)
      }
      let (l, r) = (try resolve(left), try resolve(other))
      if r.uses(right.id) && !l.uses(right.id) { found = (r, !isLess) } else { found = (l, isLess) }
    }
    guard let found else {
      throw QueryError("An ASOF join needs one of >=, >, <=, < in its ON.", at: expr.span)
    }
    return found
  }

  func arrayJoin(_ join: ArrayJoin?, in scope: Scope) throws(QueryError) -> [ResolvedArrayJoin] {
    guard let join else { return [] }
    let alias = sqlAlias("array \(fresh())")
    var items: [(array: TypedExpr, column: String)] = []
    var columns: [String: TypedExpr] = [:]
    for (index, item) in join.items.enumerated() {
      let array = try resolve(item.array)
      guard let element = array.type.element else {
        throw QueryError("ARRAY JOIN needs an array, not \(array.type.clickHouseName).", at: item.array.span)
      }
      let column = "v\(index + 1)"
      items.append((array, column))
      let isFilled = (join.isLeft || join.items.count > 1) && !element.isNullable
      let reference = ColumnReference(
        source: fresh(), alias: alias, column: column, isFilled: isFilled, fallbackAlias: nil, fallbackColumn: nil,
        isStored: true)
      columns[item.name.text] = TypedExpr(.column(reference), type: element, at: item.name.span)
    }
    scope.arrayJoinColumns = columns
    let from = linkedFrom(scope)
    scope.from = from
    return [ResolvedArrayJoin(isLeft: join.isLeft, alias: alias, items: items)]
  }
}

extension TypedExpr {
  /// Whether a column of the source stands inside.
  func uses(_ source: Int) -> Bool {
    if case .column(let column) = kind, column.source == source { return true }
    return kind.children.contains { $0.uses(source) }
  }
}
