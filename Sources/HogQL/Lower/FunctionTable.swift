/// All functions by name.
public enum FunctionTable {
  /// What a name means: its definition, and the suffixes of an aggregate's name.
  struct Match: Sendable {
    var definition: FunctionDefinition
    var combinators: [Combinator]
    var name: String
    var arity: ClosedRange<Int>
  }

  private static let byName: [String: FunctionDefinition] = {
    var table: [String: FunctionDefinition] = [:]
    for definition in all {
      for name in definition.names { table[name] = definition }
    }
    return table
  }()

  static func find(_ spelled: String, at span: Span) throws(QueryError) -> Match {
    let name = canonical(spelled)
    guard let entry = FunctionRegistry.entries[name] else { throw unknown(spelled, at: span) }
    if let definition = byName[name] {
      return Match(
        definition: definition, combinators: [], name: name, arity: definition.arity ?? entry.arguments)
    }
    if entry.kind == .aggregate, let (base, combinators) = suffixed(name) {
      return Match(definition: base, combinators: combinators, name: name, arity: entry.arguments)
    }
    throw QueryError(
      "The function \(name) is not supported.", at: span, hint: "It is known to HogQL but has no Postgres form here.")
  }

  /// A function that an operator or a form of the syntax stands for, such as `plus` or `tuple`.
  static func builtIn(_ name: String, at span: Span) throws(QueryError) -> FunctionDefinition {
    if let definition = byName[name] { return definition }
    throw QueryError("The function \(name) is not supported.", at: span)
  }

  private static func canonical(_ name: String) -> String {
    if FunctionRegistry.entries[name] != nil { return name }
    return FunctionRegistry.foldedNames[name.lowercased()] ?? name
  }

  /// The base aggregate and its suffixes, in the order in which they are written: `sumOrNullIf` → sum, OrNull, If.
  static func suffixed(_ name: String) -> (FunctionDefinition, [Combinator])? {
    var rest = name
    var combinators: [Combinator] = []
    while true {
      if !combinators.isEmpty, let definition = byName[rest], definition.kind == .aggregate {
        return (definition, combinators)
      }
      guard let suffix = Combinator.allCases.first(where: { rest.hasSuffix($0.rawValue) && rest != $0.rawValue })
      else { return nil }
      combinators.insert(suffix, at: 0)
      rest.removeLast(suffix.rawValue.count)
    }
  }

  private static func unknown(_ name: String, at span: Span) -> QueryError {
    let nearest = NearestName.find(name, among: FunctionRegistry.entries.keys)
    return QueryError(
      "There is no function \(name).", at: span, hint: nearest.map { "Did you mean \($0)?" })
  }

  /// Every definition, for the generated documentation.
  public static let all: [FunctionDefinition] = groups.flatMap { $0 }
}
