/// Names, in the order in which HogQL looks them up.
extension Resolver {
  func name(_ parts: [Name], at span: Span) throws(QueryError) -> TypedExpr {
    guard let first = parts.first else { throw QueryError("A name is missing.", at: span) }
    if let parameter = lambdaParameters.last(where: { $0.name == first.text }) {
      let base = TypedExpr(.parameter(id: parameter.id, name: parameter.name), type: parameter.type, at: first.span)
      return try members(of: base, parts.dropFirst(), at: span)
    }
    if let scope {
      if let found = try qualified(parts, in: scope, at: span) { return found }
      if let alias = scope.aliases[first.text] { return try members(of: alias, parts.dropFirst(), at: span) }
      if let found = try column(first, in: scope) { return try members(of: found, parts.dropFirst(), at: span) }
      if let found = try linked(parts, in: scope, at: span) { return found }
    }
    for frame in commonExpressions.reversed() {
      if let expr = frame[first.text] {
        expansionDepth += 1
        defer { expansionDepth -= 1 }
        guard expansionDepth < 50 else {
          throw QueryError("The expressions of WITH are nested too deeply.", at: first.span)
        }
        return try members(of: resolve(expr), parts.dropFirst(), at: span)
      }
    }
    throw unknown(parts, at: span)
  }

  private func qualified(_ parts: [Name], in scope: Scope, at span: Span) throws(QueryError) -> TypedExpr? {
    guard parts.count > 1 else { return nil }
    // No table has a name of more parts.
    for length in (1..<min(parts.count, 8)).reversed() {
      let qualifier = parts.prefix(length).map(\.text).joined(separator: ".")
      guard let source = scope.sources.first(where: { $0.qualifiers.contains(qualifier) }) else { continue }
      let rest = parts.dropFirst(length)
      guard let name = rest.first else { continue }
      if let column = source.column(name.text) {
        return try members(of: reference(source, column, at: name.span), rest.dropFirst(), at: span)
      }
      if rest.count > 1, let target = try link(name.text, of: source, in: scope, at: name.span) {
        return try linkedField(Array(rest.dropFirst()), of: target, in: scope, at: span)
      }
      let nearest = NearestName.find(name.text, among: source.columns.map(\.name))
      throw QueryError(
        "\(qualifier) has no column \(name.text).", at: span, hint: nearest.map { "Did you mean \($0)?" })
    }
    return nil
  }

  private func column(_ name: Name, in scope: Scope) throws(QueryError) -> TypedExpr? {
    if let column = scope.arrayJoinColumns[name.text] { return column }
    if let column = scope.merged[name.text] { return column }
    let found = scope.sources.filter { $0.isReadable && $0.column(name.text) != nil }
    guard let source = found.first, let column = source.column(name.text) else { return nil }
    guard found.count == 1 else {
      let owners = found.compactMap(\.qualifiers.first).joined(separator: " and ")
      throw QueryError(
        "The column \(name.text) is ambiguous: \(owners) have it.", at: name.span,
        hint: "Write the table's name before it.")
    }
    return reference(source, column, at: name.span)
  }

  func reference(_ source: ScopeSource, _ column: ScopeColumn, at span: Span) -> TypedExpr {
    let isFilled = source.isFilled && !column.type.isNullable
    let reference = ColumnReference(
      source: source.id, alias: source.alias, column: column.sqlName, isFilled: isFilled, fallbackAlias: nil,
      fallbackColumn: nil, storage: column.storage)
    let mayBeNull = isFilled ? false : column.mayBeNull || source.isFilled
    return TypedExpr(.column(reference), type: column.type, mayBeNull: mayBeNull, at: span)
  }

  /// `person.properties.x`: a field of a linked table of one of the sources.
  private func linked(_ parts: [Name], in scope: Scope, at span: Span) throws(QueryError) -> TypedExpr? {
    guard let first = parts.first else { return nil }
    for source in scope.sources where source.isReadable {
      guard let target = try link(first.text, of: source, in: scope, at: first.span) else { continue }
      guard parts.count > 1 else {
        throw QueryError(
          "\(first.text) is a linked table, not a column.", at: span, hint: "Name one of its columns after a dot.")
      }
      return try linkedField(Array(parts.dropFirst()), of: target, in: scope, at: span)
    }
    return nil
  }

  private func linkedField(_ parts: [Name], of source: ScopeSource, in scope: Scope, at span: Span)
    throws(QueryError) -> TypedExpr
  {
    guard let first = parts.first else { throw QueryError("A linked table is no column.", at: span) }
    if let column = source.column(first.text) {
      return try members(of: reference(source, column, at: span), parts.dropFirst()[...], at: span)
    }
    if parts.count > 1, let target = try link(first.text, of: source, in: scope, at: first.span) {
      return try linkedField(Array(parts.dropFirst()), of: target, in: scope, at: span)
    }
    let nearest = NearestName.find(first.text, among: source.columns.map(\.name))
    throw QueryError(
      "\(source.table ?? "The linked table") has no column \(first.text).", at: span,
      hint: nearest.map { "Did you mean \($0)?" })
  }

  /// The source that a saved join reaches; joined once for each path, and only when used.
  private func link(_ field: String, of source: ScopeSource, in scope: Scope, at span: Span) throws(QueryError)
    -> ScopeSource?
  {
    let path = "\(source.id).\(field)"
    if let known = scope.linked[path] { return known }
    guard let table = source.table, let join = catalogue.join(table, field), let target = catalogue.table(join.target)
    else { return nil }
    let columns = target.columns.map {
      ScopeColumn(name: $0.name, sqlName: $0.name, type: $0.type.nullable, mayBeNull: true, storage: $0.storage)
    }
    let linked = ScopeSource(
      id: fresh(), qualifiers: [], alias: sqlAlias("\(source.alias).\(field)"), columns: columns, table: target.name)
    let left = try key(join.key, of: source, table, join, at: span)
    let right = try key(join.targetKey, of: linked, target.name, join, at: span)
    var condition = try call("equals", [left, right], at: span)
    if let filter = join.targetFilter {
      let value = try key([filter.column], of: linked, target.name, join, at: span)
      condition = try call(
        "and", [condition, call("equals", [value, constant(.integer(filter.value), at: span)], at: span)], at: span)
    }
    scope.linked[path] = linked
    scope.pendingLinks.append(
      ResolvedJoin(
        kind: .left, right: .table(schema: target.schema, name: target.relation, alias: linked.alias),
        condition: condition, rightAlias: linked.alias))
    return linked
  }

  private func key(_ path: [String], of source: ScopeSource, _ table: String, _ join: QueryCatalogue.Join, at span: Span)
    throws(QueryError) -> TypedExpr
  {
    guard let first = path.first, let column = source.column(first) else {
      throw QueryError(
        "The link \(join.table).\(join.field) goes by column \(path.first ?? "") of \(table), which has none of that name.",
        at: span, hint: "Store it anew, with the column's name of now: hedgerow join add \(join.table) KEY \(join.target) TARGET-KEY --as \(join.field)")
    }
    let names = path.dropFirst().map { Name($0, at: span) }
    return try members(of: reference(source, column, at: span), names[...], at: span)
  }

  /// `base.a.b`: steps into JSON.
  func members(of base: TypedExpr, _ names: ArraySlice<Name>, at span: Span) throws(QueryError) -> TypedExpr {
    guard !names.isEmpty else { return base }
    return try step(base, names.map { .key($0.text) }, at: span)
  }

  func step(_ base: TypedExpr, _ steps: [JSONStep], at span: Span) throws(QueryError) -> TypedExpr {
    if case .jsonPath(let root, let before) = base.kind {
      return try checked(TypedExpr(.jsonPath(root, before + steps), type: .string.nullable, at: span))
    }
    guard base.type.kind == .json else {
      throw QueryError(
        "A \(base.type.clickHouseName) has no members.", at: span, hint: "Only JSON columns have; see JSONExtractString.")
    }
    return try checked(TypedExpr(.jsonPath(base, steps), type: .string.nullable, at: span))
  }

  private func unknown(_ parts: [Name], at span: Span) -> QueryError {
    let name = parts.map(\.text).joined(separator: ".")
    var known: [String] = lambdaParameters.map(\.name)
    if let scope {
      known += scope.sources.flatMap { $0.columns.map(\.name) } + scope.aliases.keys.sorted()
      known += scope.sources.flatMap(\.qualifiers)
    }
    if let first = parts.first, scope?.isLaterAlias(first.text) == true {
      return QueryError(
        "There is no column \(name) yet.", at: span, hint: "The item that makes \(first.text) must stand before this one.")
    }
    let nearest = NearestName.find(parts[0].text, among: known)
    return QueryError(
      "There is no column \(name).", at: span, hint: nearest.map { "Did you mean \($0)?" })
  }
}
