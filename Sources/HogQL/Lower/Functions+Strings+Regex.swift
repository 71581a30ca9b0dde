/// Regular expressions. Patterns are constants, as ClickHouse asks, and are rewritten for Postgres.
extension FunctionTable {
  static let regexes: [FunctionDefinition] = [
    .scalar("replaceRegexpAll", returns: text(0, 1, 2)) { (call) throws(QueryError) in
      try call.replaced(everywhere: true)
    },
    .scalar("replaceRegexpOne", returns: text(0, 1, 2)) { (call) throws(QueryError) in
      try call.replaced(everywhere: false)
    },
    .scalar("extract", returns: text(0, 1)) { (call) throws(QueryError) in
      .hogql("extract", try call.text(0), .string(try call.pattern(1).text))
    },
    .scalar("extractAll", nulls: .never, returns: text(0, 1, gives: .array(.string))) { (call) throws(QueryError) in
      let pattern = try call.pattern(1)
      return .hogql(
        "extract_all", try call.filledText(0), .string(pattern.asGroup), .integer(pattern.groups > 0 ? 2 : 1))
    },
    .scalar(
      "extractAllGroups", "extractAllGroupsVertical", nulls: .never,
      returns: text(0, 1, gives: .array(.array(.string)))
    ) { (call) throws(QueryError) in
      .hogql("extract_groups", try call.filledText(0), .string(try call.groupedPattern(1).text))
    },
    .scalar("extractAllGroupsHorizontal", nulls: .never, returns: text(0, 1, gives: .array(.array(.string)))) {
      (call) throws(QueryError) in
      let pattern = try call.groupedPattern(1)
      return .hogql(
        "extract_groups_across", try call.filledText(0), .string(pattern.text), .integer(Int64(pattern.groups)))
    },
    .scalar("extractGroups", nulls: .never, returns: text(0, 1, gives: .array(.string))) { (call) throws(QueryError) in
      .hogql(
        "filled", .call("regexp_match", try call.filledText(0), .string(try call.groupedPattern(1).text)))
    },
    .scalar("regexpExtract", returns: text(0, 1)) { (call) throws(QueryError) in
      let pattern = try call.pattern(1)
      let index = call.count > 2 ? try call.constantInteger(2) : pattern.groups > 0 ? 1 : 0
      guard (0...Int64(pattern.groups)).contains(index) else {
        throw call.error(2, "The pattern has \(pattern.groups) groups, not \(index).")
      }
      return .hogql("match_group", try call.text(0), .string(pattern.asGroup), .integer(index + 1))
    },
    .scalar("countMatches", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      .hogql("count_matches", try call.text(0), .string(try call.pattern(1).asGroup))
    },
    .scalar("countMatchesCaseInsensitive", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      .hogql("count_matches", try call.text(0), .string("(?i)" + (try call.pattern(1).asGroup)))
    },
    .scalar("splitByRegexp", nulls: .never, returns: text(0, 1, gives: .array(.string))) { (call) throws(QueryError) in
      let most: SQLExpr = call.count > 2 ? try call.bigint(2) : .integer(0)
      return .hogql("split_regexp", try call.filledText(1), .string(try call.pattern(0).text), most)
    },
    .scalar("multiMatchAny", returns: patterns(.flag)) { (call) throws(QueryError) in
      .any(try call.text(0).cast(to: .text), .matches, array: try call.patterns(1))
    },
    .scalar("multiMatchAnyIndex", returns: patterns(.int)) { (call) throws(QueryError) in
      let indices = SQLExpr.hogql("multi_match_indices", try call.text(0), try call.patterns(1))
      return try call.unlessNull(.coalesce(.subscripted(indices, .integer(1)), .integer(0)))
    },
    .scalar("multiMatchAllIndices", nulls: .never, returns: patterns(.array(.int))) { (call) throws(QueryError) in
      .hogql("multi_match_indices", try call.filledText(0), try call.patterns(1))
    },
  ]

  private static func patterns(_ type: HogQLType) -> FunctionDefinition.ReturnRule {
    { (call) throws(QueryError) in
      try call.requireString(0)
      guard try call.element(1).isString else { throw call.wrongType(1, expected: "an array of patterns") }
      return type
    }
  }
}

/// A constant pattern that takes text apart, in Postgres' dialect.
struct ExtractingPattern: Hashable, Sendable {
  let text: String
  /// How many groups catch something.
  let groups: Int
  /// Whether some repetition wants little and another much, which Postgres cannot have in one pattern.
  let mixesRepetitions: Bool

  init(_ pattern: String, at span: Span) throws(QueryError) {
    text = try PostgresPattern.translate(pattern, at: span)
    var groups = 0
    var (lazy, greedy) = (false, false)
    var isInClass = false
    var rest = Array(pattern.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\\": _ = rest.popFirst()
      case "[" where !isInClass:
        isInClass = true
        if rest.first == "^" { _ = rest.popFirst() }
        if rest.first == "]" { _ = rest.popFirst() }
      case "]": isInClass = false
      case "(" where !isInClass:
        let named = rest.starts(with: "?P<".unicodeScalars) || rest.starts(with: "?<".unicodeScalars)
        if rest.first != "?" || named { groups += 1 } else { _ = rest.popFirst() }
      case "*", "+", "?", "}":
        if isInClass { break }
        if rest.first == "?" {
          _ = rest.popFirst()
          lazy = true
        } else {
          greedy = true
        }
      default: break
      }
    }
    self.groups = groups
    mixesRepetitions = lazy && greedy
  }

  /// The whole pattern as one more group, in front of its own. A leading `(?i)` must stay in front.
  var asGroup: String {
    guard text.hasPrefix("(?"), let end = text.firstIndex(of: ")"),
      text[text.index(text.startIndex, offsetBy: 2)..<end].allSatisfy({ $0.isLetter })
    else { return "(" + text + ")" }
    let rest = text.index(after: end)
    return text[..<rest] + "(" + text[rest...] + ")"
  }
}

extension LoweringCall {
  fileprivate func pattern(_ index: Int) throws(QueryError) -> ExtractingPattern {
    let pattern = try ExtractingPattern(constantString(index), at: argument(index).span)
    guard !pattern.mixesRepetitions else {
      throw error(
        index, "A pattern cannot have both greedy and lazy repetitions here: Postgres knows one kind in a pattern.",
        hint: "Write `.*?;` as `[^;]*;`.")
    }
    return pattern
  }

  fileprivate func groupedPattern(_ index: Int) throws(QueryError) -> ExtractingPattern {
    let pattern = try pattern(index)
    guard pattern.groups > 0 else {
      throw error(index, "The pattern has no groups to extract.", hint: "Put parentheses around each part.")
    }
    return pattern
  }

  fileprivate func patterns(_ index: Int) throws(QueryError) -> SQLExpr {
    guard case .array(let values)? = constant(index) else {
      throw error(index, "The patterns must be an array of constant strings.")
    }
    var patterns: [SQLExpr] = []
    for value in values.compactMap(\.string) {
      patterns.append(.string(try PostgresPattern.translate(value, at: argument(index).span)))
    }
    return .cast(.array(patterns), SQLTypeName.text.array)
  }

  fileprivate func replaced(everywhere: Bool) throws(QueryError) -> SQLExpr {
    let pattern = try pattern(1)
    if pattern.text.isEmpty { return try unlessNull(try text(0).cast(to: .text)) }
    let replacement: SQLExpr
    if case .string(let text)? = constant(2) {
      replacement = .string(try self.replacement(text, groups: pattern.groups))
    } else {
      replacement = .call("replace", try text(2), .string("\\0"), .string("\\&"))
    }
    let arguments = [try text(0), .string(pattern.text), replacement]
    return .call("regexp_replace", everywhere ? arguments + [.string("g")] : arguments)
  }

  /// `\0` is spelled `\&` in Postgres.
  private func replacement(_ text: String, groups: Int) throws(QueryError) -> String {
    var result = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      guard character == "\\" else {
        result.append(character)
        continue
      }
      let next = rest.popFirst() ?? "\\"
      switch next {
      case "0": result += "\\&"
      case "1"..."9":
        guard let group = next.wholeNumberValue, group <= groups else {
          throw error(2, "The replacement names group \(next), and the pattern has \(groups).")
        }
        result += "\\\(next)"
      case "\\": result += "\\\\"
      default: result += "\\\\\(next)"
      }
    }
    return result
  }
}
