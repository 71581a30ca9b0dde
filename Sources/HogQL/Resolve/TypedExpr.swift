/// An expression whose names are looked up and whose type is known.
///
/// Immutable and shared: an alias that is used twice is the same object twice.
public final class TypedExpr: Sendable {
  public let kind: Kind
  public let type: HogQLType
  /// Whether the SQL can give NULL. A Nullable type whose column is NOT NULL in Postgres says false.
  public let mayBeNull: Bool
  public let span: Span
  /// What stands somewhere inside, subqueries left out.
  let facts: ExprFacts
  /// The number of nodes as the SQL would spell them out, shared ones counted each time.
  let size: Int
  let depth: Int
  let structuralHash: Int

  public indirect enum Kind: Sendable {
    case constant(ConstantValue)
    case column(ColumnReference)
    /// A lambda's parameter.
    case parameter(id: Int, name: String)
    case call(ResolvedCall)
    case lambda([LambdaParameter], body: TypedExpr)
    /// A lambda while its call is being typed; never in a finished tree.
    case pendingLambda(parameterCount: Int)
    /// A path into a JSON value; gives text.
    case jsonPath(TypedExpr, [JSONStep])
    case subquery(ResolvedQuery)
    case membership(TypedExpr, MemberSet, negated: Bool)
    /// `arrayJoin(array)`: one row for each element. The id tells equal arguments from others.
    case arrayJoin(TypedExpr)
    /// `*` as the argument of `count`.
    case star
  }

  init(_ kind: Kind, type: HogQLType, mayBeNull: Bool? = nil, at span: Span) {
    self.kind = kind
    self.type = type
    self.mayBeNull = mayBeNull ?? type.isNullable
    self.span = span
    var facts = kind.ownFacts
    var size = 1
    var depth = kind.query?.depth ?? 0
    var hasher = Hasher()
    kind.hashSelf(into: &hasher)
    for child in kind.children {
      facts.formUnion(kind.inherited(from: child.facts))
      size = min(size + child.size, Int(Int32.max))
      depth = max(depth, child.depth)
      hasher.combine(child.structuralHash)
    }
    self.facts = facts
    self.size = size
    self.depth = depth + 1 + kind.chainLength
    structuralHash = hasher.finalize()
  }

  /// The value, when it is known without running anything: literals, arrays and tuples of them.
  public var constant: ConstantValue? {
    switch kind {
    case .constant(let value): return value
    case .call(let call) where call.name == "array" || call.name == "tuple":
      var values: [ConstantValue] = []
      for argument in call.arguments {
        guard let value = argument.constant else { return nil }
        values.append(value)
      }
      return call.name == "array" ? .array(values) : .tuple(values)
    default: return nil
    }
  }

  public var lambda: (parameters: [LambdaParameter], body: TypedExpr)? {
    if case .lambda(let parameters, let body) = kind { (parameters, body) } else { nil }
  }

  /// The parts of a tuple that is written out, `(a, b)` or `tuple(a, b)`.
  public var tupleParts: [TypedExpr]? {
    if case .call(let call) = kind, call.name == "tuple" { call.arguments } else { nil }
  }

  /// The elements of an array that is written out.
  public var arrayParts: [TypedExpr]? {
    if case .call(let call) = kind, call.name == "array" { call.arguments } else { nil }
  }
}

/// What an expression holds that decides where it may stand.
struct ExprFacts: OptionSet, Sendable {
  let rawValue: UInt8
  static let aggregate = ExprFacts(rawValue: 1)
  static let window = ExprFacts(rawValue: 2)
  static let arrayJoin = ExprFacts(rawValue: 4)
  /// Two evaluations may differ: `rand()`.
  static let volatile = ExprFacts(rawValue: 8)
  static let column = ExprFacts(rawValue: 16)
  static let subquery = ExprFacts(rawValue: 32)
  static let parameter = ExprFacts(rawValue: 64)
}

/// A value that the text or the placeholders give.
public indirect enum ConstantValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// An integer outside Int64, in digits.
  case bigInteger(String)
  case float(Double)
  case string(String)
  case array([ConstantValue])
  case tuple([ConstantValue])

  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }
  public var integer: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }
  public var isNull: Bool { self == .null }
}

/// A column of one of the sources of a FROM.
public struct ColumnReference: Hashable, Sendable {
  public var source: Int
  public var alias: String
  public var column: String
  /// The column of a side that may be unmatched: its type's default stands for the missing value.
  public var isFilled: Bool
  /// A parallel source whose column is meant when this one's is NULL: USING of a FULL or RIGHT JOIN.
  public var fallbackAlias: String?
  public var fallbackColumn: String?
  /// The element of an array as the array stores it.
  var isStored = false
  var storage = ColumnStorage.own
}

public struct LambdaParameter: Sendable {
  public let id: Int
  public let name: String
  public let type: HogQLType
}

/// One step of a JSON path: a key, a 1-based index (negative from the end), or an expression.
public enum JSONStep: Sendable {
  case key(String)
  case index(Int64)
  case expression(TypedExpr)
}

/// What IN looks in.
public enum MemberSet: Sendable {
  case values([TypedExpr])
  case array(TypedExpr)
  case query(ResolvedQuery)
}
