internal import SQLText

/// Writes a SQL tree as text: names and literals are quoted, parentheses follow from precedence.
struct SQLPrinter {
  private(set) var text = ""
  private(set) var marks: [PlaceMap.Mark] = []
  let places: NamePlaces

  /// Whether the text would have been longer than what is sensible; it is not complete then.
  private(set) var isTooLong = false
  /// In bytes.
  private static let limit = 16 * 1024 * 1024

  init(places: NamePlaces = NamePlaces()) { self.places = places }

  static func print(_ query: SQLQuery) -> String {
    var printer = SQLPrinter()
    printer.query(query)
    return printer.text
  }

  /// Notes that what follows stands for the span.
  mutating func mark(_ span: Span?) {
    if let span { marks.append(PlaceMap.Mark(offset: text.utf8.count, span: span)) }
  }

  mutating func write(_ part: String) { text += part }
  mutating func name(_ name: String) { text += Identifier(name).description }

  mutating func list<Element>(_ elements: [Element], separator: String = ", ", _ each: (inout SQLPrinter, Element) -> Void) {
    for (index, element) in elements.enumerated() {
      if index > 0 { write(separator) }
      each(&self, element)
    }
  }

  mutating func expressions(_ expressions: [SQLExpr]) { list(expressions) { $0.expr($1) } }

  /// The expression, in parentheses where it binds weaker than `strength`.
  mutating func expr(_ expr: SQLExpr, above strength: Int = 0) {
    guard text.utf8.count <= Self.limit else {
      isTooLong = true
      return
    }
    let needsParentheses = expr.precedence <= strength
    if needsParentheses { write("(") }
    bare(expr)
    if needsParentheses { write(")") }
  }

  private mutating func bare(_ expr: SQLExpr) {
    switch expr {
    case .null: write("NULL")
    case .boolean(let value): write(value ? "true" : "false")
    case .integer(let value): write("\(value)")
    case .number(let digits): write(digits)
    case .string(let value): write(SQLText.Literal(value).description)
    case .star: write("*")
    case .column(let table, let column):
      if let table {
        mark(places.columns[NamePlaces.Column(table: table, column: column)])
        name(table)
        write(".")
      }
      if column == "*" { write("*") } else { name(column) }
    case .call(let schema, let function, let arguments): call(schema, function, arguments)
    case .aggregate(let aggregate): self.aggregate(aggregate)
    case .unary(let operation, let operand):
      write(operation == .not ? "NOT " : operation.text)
      // `--1` would be a comment.
      self.expr(operand, above: operation == .not ? operation.precedence - 1 : operation.precedence)
    case .binary(let left, let operation, let right):
      let isComparison = operation.precedence <= SQLOperator.like.precedence
      self.expr(left, above: isComparison ? operation.precedence : operation.precedence - 1)
      write(" \(operation.text) ")
      self.expr(right, above: operation.precedence)
    case .connective(let operation, let parts):
      list(parts, separator: " \(operation.text) ") { $0.expr($1, above: operation.precedence) }
    case .cast(let value, let type):
      self.expr(value, above: 12)
      write("::\(type.text)")
    case .caseWhen(let branches, let otherwise): caseWhen(branches, otherwise)
    case .array(let elements):
      write("ARRAY[")
      expressions(elements)
      write("]")
    case .arrayOf(let select):
      write("ARRAY(")
      self.select(select)
      write(")")
    case .subquery(let query): parenthesised(query)
    case .exists(let query):
      write("EXISTS ")
      parenthesised(query)
    case .row(let parts):
      write("ROW(")
      expressions(parts)
      write(")")
    case .isNull(let value, let negated):
      self.expr(value, above: 4)
      write(negated ? " IS NOT NULL" : " IS NULL")
    case .inList(let value, let members, let negated):
      self.expr(value, above: 6)
      write(negated ? " NOT IN (" : " IN (")
      expressions(members)
      write(")")
    case .inQuery(let value, let query, let negated):
      self.expr(value, above: 6)
      write(negated ? " NOT IN " : " IN ")
      parenthesised(query)
    case .between(let value, let low, let high, let negated):
      self.expr(value, above: 6)
      write(negated ? " NOT BETWEEN " : " BETWEEN ")
      self.expr(low, above: 6)
      write(" AND ")
      self.expr(high, above: 6)
    case .any(let value, let operation, let array):
      self.expr(value, above: operation.precedence)
      write(" \(operation.text) ANY (")
      self.expr(array)
      write(")")
    case .subscripted(let value, let index):
      subscriptBase(value)
      write("[")
      self.expr(index)
      write("]")
    case .slice(let value, let from, let to):
      subscriptBase(value)
      write("[")
      if let from { self.expr(from) }
      write(":")
      if let to { self.expr(to) }
      write("]")
    case .byteOrder(let value):
      self.expr(value, above: 12)
      write(" COLLATE \"C\"")
    case .extract(let field, let value):
      write("EXTRACT(\(field) FROM ")
      self.expr(value)
      write(")")
    case .grouping(let key):
      write("GROUPING(")
      self.expr(key)
      write(")")
    }
  }

  private mutating func subscriptBase(_ value: SQLExpr) {
    if case .column = value { return expr(value) }
    write("(")
    expr(value)
    write(")")
  }

  private mutating func call(_ schema: String?, _ function: String, _ arguments: [SQLExpr]) {
    mark(places.functions[function])
    write(schema.map { "\($0).\(function)(" } ?? "\(function)(")
    expressions(arguments)
    write(")")
  }

  private mutating func caseWhen(_ branches: [SQLBranch], _ otherwise: SQLExpr?) {
    write("CASE")
    for branch in branches {
      write(" WHEN ")
      expr(branch.when)
      write(" THEN ")
      expr(branch.then)
    }
    if let otherwise {
      write(" ELSE ")
      expr(otherwise)
    }
    write(" END")
  }

  mutating func parenthesised(_ query: SQLQuery) {
    write("(")
    self.query(query)
    write(")")
  }
}

extension SQLExpr {
  /// How strongly the expression holds together; 20 never needs parentheses.
  var precedence: Int {
    switch self {
    case .binary(_, let operation, _), .unary(let operation, _), .connective(let operation, _), .any(_, let operation, _):
      operation.precedence
    case .isNull: 4
    case .inList, .inQuery, .between: 6
    case .byteOrder, .cast: 13
    case .integer(let value): value < 0 ? 11 : 20
    case .number(let digits): digits.hasPrefix("-") ? 11 : 20
    default: 20
    }
  }
}
