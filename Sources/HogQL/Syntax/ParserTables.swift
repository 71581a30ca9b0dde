/// FROM: tables and joins.
extension Parser {
  mutating func parseFrom() throws(QueryError) -> From {
    try enter()
    defer { leave() }
    let start = token
    var from = From(first: try parseTable(), span: start.span)
    while let join = try takeJoin() { from.joins.append(join) }
    from.span = span(from: start)
    return from
  }

  private mutating func takeJoin() throws(QueryError) -> Join? {
    if isAt(.comma) { return try parseCommaJoin() }
    let start = token.span
    guard let words = try takeJoinWords() else { return nil }
    let place = span(from: start)
    var join = try words.join(at: place, table: try parseTable())
    if join.side != .cross, !join.isPositional { try parseConstraint(of: &join) }
    return join
  }

  private mutating func parseCommaJoin() throws(QueryError) -> Join {
    let comma = token.span
    advance()
    guard startsOperand else { throw unexpected("a table after the comma") }
    return Join(side: .comma, table: try parseTable(), span: comma)
  }

  private mutating func parseConstraint(of join: inout Join) throws(QueryError) {
    if take(.on) != nil {
      join.constraint = .on(try parseExpression())
    } else if take(.using) != nil {
      join.constraint = .using(try parseUsing())
    }
  }

  /// The words up to JOIN; nil when no join, or an ARRAY JOIN, begins here.
  private mutating func takeJoinWords() throws(QueryError) -> JoinWords? {
    var words: [Keyword] = []
    while JoinWords.all.contains(peek(words.count).keyword), words.count < 6 {
      words.append(peek(words.count).keyword)
    }
    guard peek(words.count).keyword == .join else {
      if words.isEmpty || peek(words.count).keyword == .array { return nil }
      index += words.count
      throw unexpected("JOIN", keywords: [.join])
    }
    index += words.count + 1
    return JoinWords(words: words)
  }

  /// `(a, b)` or `a, b`
  private mutating func parseUsing() throws(QueryError) -> [Name] {
    if isAt(.leftParenthesis) { return try parseNameList("a column") }
    var names = [try parseName("a column")]
    while take(.comma) != nil { names.append(try parseName("a column")) }
    return names
  }

  private mutating func parseTable() throws(QueryError) -> TableSource {
    let start = token.span
    var table = try parseTableWithoutAlias()
    try parseTableEnd(of: &table)
    table.span = span(from: start)
    return table
  }

  /// The alias, FINAL and SAMPLE.
  private mutating func parseTableEnd(of table: inout TableSource) throws(QueryError) {
    if take(.as) != nil {
      table.alias = try parseAlias()
    } else if let alias = try takeImplicitAlias(.first) {
      table.alias = alias
    }
    if table.alias != nil, isAt(.leftParenthesis) {
      table.columnAliases = try parseNameList("a column")
    }
    table.final = take(.final)?.span ?? table.final
    if isAt(.sample) { table.sample = try parseSample() }
  }

  private mutating func parseTableWithoutAlias() throws(QueryError) -> TableSource {
    if isAt(.leftParenthesis) { return try parseTableInParentheses() }
    if let placeholder = try takePlaceholder() {
      return TableSource(kind: .placeholder(placeholder), span: placeholder.span)
    }
    if isAt(.less) { throw tagsRefused() }
    guard isAt(.quotedName) || (startsOperand && isAt(.word)) else { throw unexpected("a table") }
    let start = token.span
    let names = try parseDottedName("a table")
    guard isAt(.leftParenthesis), let name = names.first, names.count == 1 else {
      return TableSource(kind: .table(names), span: span(from: start))
    }
    return try parseTableFunction(name)
  }

  private mutating func parseTableFunction(_ name: Name) throws(QueryError) -> TableSource {
    try enter()
    defer { leave() }
    advance()
    let arguments = try parseList(upTo: .rightParenthesis)
    try expect(.rightParenthesis, ", or )")
    return TableSource(kind: .function(name, arguments), span: span(from: name.span))
  }

  /// A query, VALUES, or a join.
  private mutating func parseTableInParentheses() throws(QueryError) -> TableSource {
    let start = try expect(.leftParenthesis, "(").span
    var table = try parseInnerTable(from: start)
    try expect(.rightParenthesis, ")")
    table.span = span(from: start)
    return table
  }

  private mutating func parseInnerTable(from start: Span) throws(QueryError) -> TableSource {
    if startsQuery { return try parseInnerQuery(from: start) }
    if isAt(.values), peek().kind == .leftParenthesis { return try parseInnerValues(from: start) }
    return try parseInnerJoin(from: start)
  }

  private mutating func parseInnerQuery(from start: Span) throws(QueryError) -> TableSource {
    TableSource(kind: .query(try parseQuery()), span: start)
  }

  private mutating func parseInnerValues(from start: Span) throws(QueryError) -> TableSource {
    let values = try parseValues()
    return TableSource(
      kind: .query(Query(first: .values(values), span: values.span)), span: start)
  }

  private mutating func parseInnerJoin(from start: Span) throws(QueryError) -> TableSource {
    try enter(Self.joinSteps)
    defer { leave(Self.joinSteps) }
    var from = try parseFrom()
    if !from.joins.isEmpty || from.first.alias != nil {
      return TableSource(kind: .join(from), span: from.span)
    }
    if startsSetTail { try parseSetTail(of: &from.first, from: start) }
    return from.first
  }

  /// How many steps of ``nestingLimit`` a join in parentheses takes beside its own.
  private static let joinSteps = 4

  /// `(select ..) union ..` as a table: what looked like one was a query's first member.
  private mutating func parseSetTail(
    of table: inout TableSource, from start: Span
  ) throws(QueryError) {
    let member: QueryMember
    switch table.kind {
    case .query(let query): member = .query(query)
    case .placeholder(let placeholder): member = .placeholder(placeholder)
    default: return
    }
    let whole = try parseQuery(after: member, with: nil, from: start)
    table = TableSource(kind: .query(whole), span: whole.span)
  }

  private mutating func parseValues() throws(QueryError) -> Values {
    let start = try expect(.values)
    var rows: [[Expr]] = []
    repeat {
      try expect(.leftParenthesis, "( and a row")
      rows.append(try parseList(upTo: .rightParenthesis))
      try expect(.rightParenthesis, ", or )")
    } while take(.comma) != nil
    return Values(rows: rows, span: span(from: start))
  }

  private mutating func parseSample() throws(QueryError) -> Sample {
    let start = try expect(.sample)
    let ratio = try parseBinary(.multiplicative)
    let offset = take(.offset) == nil ? nil : try parseBinary(.multiplicative)
    return Sample(ratio: ratio, offset: offset, span: span(from: start))
  }
}

/// The words before JOIN, in any order.
struct JoinWords {
  static let all: Set<Keyword> = [
    .all, .any, .asof, .semi, .anti, .inner, .left, .right, .full, .outer, .cross, .natural,
    .positional,
  ]

  let words: [Keyword]

  func join(at span: Span, table: TableSource) throws(QueryError) -> Join {
    let sides = words.compactMap(side)
    let strictnesses = words.compactMap(strictness)
    let strictness = strictnesses.first
    let bareSide: JoinSide = strictness == .semi || strictness == .anti ? .left : .inner
    let side = sides.first ?? bareSide
    guard sides.count < 2, strictnesses.count < 2, Set(words).count == words.count,
      isPossible(side, strictness, isOuter: words.contains(.outer))
    else {
      throw QueryError(
        "There is no such join.", at: span,
        hint: "Joins are INNER, LEFT, RIGHT, FULL, CROSS; with ANY, ALL, ASOF, SEMI or ANTI.")
    }
    return Join(
      side: side, strictness: strictness, isPositional: words.contains(.positional),
      isNatural: words.contains(.natural), table: table, span: span)
  }

  private func isPossible(_ side: JoinSide, _ strictness: JoinStrictness?, isOuter: Bool) -> Bool {
    let isHalf = strictness == .semi || strictness == .anti
    switch side {
    case .cross: return words.count == 1
    case .full: return strictness == nil || strictness == .all || strictness == .any
    case .left, .right: return !(isHalf && isOuter)
    case .inner, .comma: return !isHalf && !isOuter
    }
  }

  private func side(_ word: Keyword) -> JoinSide? {
    switch word {
    case .inner: .inner
    case .left: .left
    case .right: .right
    case .full: .full
    case .cross: .cross
    default: nil
    }
  }

  private func strictness(_ word: Keyword) -> JoinStrictness? {
    switch word {
    case .all: .all
    case .any: .any
    case .semi: .semi
    case .anti: .anti
    case .asof: .asof
    default: nil
    }
  }
}
