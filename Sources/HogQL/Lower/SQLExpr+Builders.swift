extension SQLExpr {
  /// A function of Postgres.
  public static func call(_ name: String, _ arguments: SQLExpr...) -> SQLExpr {
    .call(schema: nil, name: name, arguments)
  }

  public static func call(_ name: String, _ arguments: [SQLExpr]) -> SQLExpr {
    .call(schema: nil, name: name, arguments)
  }

  /// A function of the runtime, `sql/hogql/*.sql`.
  public static func hogql(_ name: String, _ arguments: SQLExpr...) -> SQLExpr {
    .call(schema: "hogql", name: name, arguments)
  }

  public static func hogql(_ name: String, _ arguments: [SQLExpr]) -> SQLExpr {
    .call(schema: "hogql", name: name, arguments)
  }

  /// A string that is text for certain, where a function is polymorphic.
  public static func text(_ value: String) -> SQLExpr { .cast(.string(value), .text) }

  /// A NULL of a type.
  public static func null(_ type: SQLTypeName) -> SQLExpr { .cast(.null, type) }

  public static func emptyArray(of element: SQLTypeName) -> SQLExpr { .cast(.array([]), element.array) }

  public static func coalesce(_ first: SQLExpr, _ second: SQLExpr) -> SQLExpr {
    if case .call(nil, "coalesce", let arguments) = first {
      return .call("coalesce", arguments + [second])
    }
    return .call("coalesce", first, second)
  }

  /// AND of all, flat; `true` for none.
  public static func all(_ conditions: [SQLExpr]) -> SQLExpr {
    connected(.and, conditions, empty: true)
  }

  /// OR of all, flat; `false` for none.
  public static func anyOf(_ conditions: [SQLExpr]) -> SQLExpr {
    connected(.or, conditions, empty: false)
  }

  private static func connected(_ connective: SQLOperator, _ parts: [SQLExpr], empty: Bool) -> SQLExpr {
    var flat: [SQLExpr] = []
    for part in parts where part != .boolean(empty) {
      if case .connective(connective, let inner) = part {
        flat += inner
      } else {
        flat.append(part)
      }
    }
    guard let first = flat.first else { return .boolean(empty) }
    return flat.count == 1 ? first : .connective(connective, flat)
  }

  /// `CASE WHEN condition THEN then ELSE otherwise END`
  public static func when(_ condition: SQLExpr, then: SQLExpr, otherwise: SQLExpr? = nil) -> SQLExpr {
    .caseWhen([SQLBranch(when: condition, then: then)], otherwise: otherwise)
  }

  public func cast(to type: SQLTypeName) -> SQLExpr {
    if case .cast(_, type) = self { return self }
    return .cast(self, type)
  }

  public var isNull: SQLExpr { .isNull(self, negated: false) }
  public var isNotNull: SQLExpr { .isNull(self, negated: true) }
  public var negated: SQLExpr {
    switch self {
    case .boolean(let value): .boolean(!value)
    case .unary(.not, let inner): inner
    case .isNull(let inner, let negated): .isNull(inner, negated: !negated)
    default: .unary(.not, self)
    }
  }

  /// `self operator right`, as in `x.op(.add, y)`.
  public func op(_ binary: SQLOperator, _ right: SQLExpr) -> SQLExpr { .binary(self, binary, right) }

  public func equals(_ other: SQLExpr) -> SQLExpr { op(.equal, other) }

  /// The moment as local time in `zone`: `timezone(zone, self)`, of type timestamp.
  public func local(in zone: String) -> SQLExpr { .call("timezone", .string(zone), self) }

  /// Whether this is a constant of any kind.
  public var isConstant: Bool {
    switch self {
    case .null, .boolean, .integer, .number, .string: true
    case .cast(let inner, _), .unary(.negate, let inner), .byteOrder(let inner): inner.isConstant
    default: false
    }
  }
}

extension SQLAggregate {
  public var expr: SQLExpr { .aggregate(self) }
}
