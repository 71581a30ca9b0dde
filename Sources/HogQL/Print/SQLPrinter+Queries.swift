internal import SQLText

extension SQLPrinter {
  mutating func query(_ query: SQLQuery) {
    switch query {
    case .select(let select): self.select(select)
    case .set(let set): self.set(set)
    case .values(let rows):
      write("VALUES ")
      list(rows) { printer, row in
        printer.write("(")
        printer.expressions(row)
        printer.write(")")
      }
    }
  }

  /// Operators of one strength follow each other without parentheses.
  private mutating func set(_ set: SQLSetOperation) {
    var operations = [set]
    var first = set.left
    while case .set(let left) = first, left.kind.isIntersect == set.kind.isIntersect {
      operations.append(left)
      first = left.left
    }
    member(first)
    for operation in operations.reversed() {
      write(" \(operation.kind.rawValue) ")
      member(operation.right)
    }
  }

  private mutating func member(_ query: SQLQuery) {
    if case .select(let select) = query, select.isPlainMember { self.select(select) } else { parenthesised(query) }
  }

  mutating func select(_ select: SQLSelect) {
    if !select.with.isEmpty {
      write("WITH ")
      list(select.with) { $0.commonTable($1) }
      write(" ")
    }
    write("SELECT ")
    if select.isDistinct { write("DISTINCT ") }
    if !select.distinctOn.isEmpty {
      write("DISTINCT ON (")
      expressions(select.distinctOn)
      write(") ")
    }
    list(select.items) { $0.item($1) }
    if let from = select.from {
      write(" FROM ")
      self.from(from)
    }
    if let condition = select.condition { clause(" WHERE ", condition) }
    if let groupBy = select.groupBy { self.groupBy(groupBy) }
    if let having = select.having { clause(" HAVING ", having) }
    orderBy(select.orderBy, after: " ")
    limit(select)
  }

  private mutating func clause(_ word: String, _ value: SQLExpr) {
    write(word)
    expr(value)
  }

  private mutating func limit(_ select: SQLSelect) {
    if let offset = select.offset { clause(" OFFSET ", offset) }
    guard let limit = select.limit else { return }
    if select.withTies {
      write(" FETCH FIRST (")
      expr(limit)
      write(") ROWS WITH TIES")
    } else {
      clause(" LIMIT ", limit)
    }
  }

  private mutating func commonTable(_ table: SQLCommonTable) {
    name(table.name)
    columns(table.columns)
    write(" AS ")
    if let isMaterialized = table.isMaterialized { write(isMaterialized ? "MATERIALIZED " : "NOT MATERIALIZED ") }
    parenthesised(table.query)
  }

  private mutating func columns(_ columns: [String]) {
    guard !columns.isEmpty else { return }
    write(" (")
    list(columns) { $0.name($1) }
    write(")")
  }

  private mutating func item(_ item: SQLItem) {
    mark(item.span)
    expr(item.expr)
    guard let label = item.name else { return }
    if case .column(_, label) = item.expr { return }
    write(" AS ")
    name(label)
  }

  private mutating func groupBy(_ groupBy: SQLGroupBy) {
    write(" GROUP BY ")
    switch groupBy {
    case .keys(let keys): if keys.isEmpty { write("()") } else { expressions(keys) }
    case .rollup(let keys): grouped("ROLLUP", keys)
    case .cube(let keys): grouped("CUBE", keys)
    case .sets(let sets):
      write("GROUPING SETS (")
      list(sets) { $0.grouped("", $1) }
      write(")")
    }
  }

  private mutating func grouped(_ word: String, _ keys: [SQLExpr]) {
    write("\(word)(")
    expressions(keys)
    write(")")
  }

  mutating func from(_ from: SQLFrom) {
    switch from {
    case .table(let schema, let table, let alias):
      write(schema.map { QualifiedName($0, table).description } ?? Identifier(table).description)
      if alias != table {
        write(" AS ")
        name(alias)
      }
    case .query(let query, let alias, let columns, let isLateral):
      if isLateral { write("LATERAL ") }
      parenthesised(query)
      write(" AS ")
      name(alias)
      self.columns(columns)
    case .function(let schema, let function, let arguments, let withOrdinality, let alias, let columns, let isLateral):
      if isLateral { write("LATERAL ") }
      expr(.call(schema: schema, name: function, arguments))
      if withOrdinality { write(" WITH ORDINALITY") }
      write(" AS ")
      name(alias)
      self.columns(columns)
    case .join(let left, let kind, let right, let on):
      self.from(left)
      write(" \(kind.rawValue) ")
      if case .join = right {
        write("(")
        self.from(right)
        write(")")
      } else {
        self.from(right)
      }
      if let on { clause(" ON ", on) }
    }
  }

  mutating func orderBy(_ keys: [SQLOrder], after space: String) {
    guard !keys.isEmpty else { return }
    write("\(space)ORDER BY ")
    list(keys) { printer, key in
      printer.expr(key.expr)
      if key.isDescending { printer.write(" DESC") }
      if let nullsFirst = key.nullsFirst { printer.write(nullsFirst ? " NULLS FIRST" : " NULLS LAST") }
    }
  }

  mutating func aggregate(_ aggregate: SQLAggregate) {
    mark(places.functions[aggregate.name])
    write(aggregate.schema.map { "\($0).\(aggregate.name)(" } ?? "\(aggregate.name)(")
    if aggregate.isDistinct { write("DISTINCT ") }
    expressions(aggregate.arguments)
    orderBy(aggregate.orderBy, after: " ")
    write(")")
    if !aggregate.withinGroup.isEmpty {
      write(" WITHIN GROUP (")
      orderBy(aggregate.withinGroup, after: "")
      write(")")
    }
    if let filter = aggregate.filter {
      clause(" FILTER (WHERE ", filter)
      write(")")
    }
    if let over = aggregate.over { window(over) }
  }

  private mutating func window(_ window: SQLWindow) {
    write(" OVER (")
    if !window.partitionBy.isEmpty {
      write("PARTITION BY ")
      expressions(window.partitionBy)
    }
    orderBy(window.orderBy, after: window.partitionBy.isEmpty ? "" : " ")
    if let frame = window.frame {
      write(frame.isRange ? " RANGE BETWEEN " : " ROWS BETWEEN ")
      bound(frame.start)
      write(" AND ")
      bound(frame.end)
    }
    write(")")
  }

  private mutating func bound(_ bound: SQLFrame.Bound) {
    switch bound {
    case .unboundedPreceding: write("UNBOUNDED PRECEDING")
    case .preceding(let offset):
      expr(offset)
      write(" PRECEDING")
    case .currentRow: write("CURRENT ROW")
    case .following(let offset):
      expr(offset)
      write(" FOLLOWING")
    case .unboundedFollowing: write("UNBOUNDED FOLLOWING")
    }
  }
}

extension SQLSelect {
  /// Whether it can stand in a set operation without parentheses.
  fileprivate var isPlainMember: Bool { with.isEmpty && orderBy.isEmpty && limit == nil && offset == nil }
}

extension SQLSetOperation.Kind {
  /// INTERSECT binds stronger than the others.
  fileprivate var isIntersect: Bool { self == .intersect || self == .intersectAll }
}
