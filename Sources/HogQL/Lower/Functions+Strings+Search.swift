/// Finding text in text, letter by letter.
extension FunctionTable {
  static let searches: [FunctionDefinition] = positions + tests + multiSearches + [
    .scalar("countSubstrings", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.countedSubstrings(in: .asIs)
    },
    .scalar("countSubstringsCaseInsensitive", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.countedSubstrings(in: .ascii)
    },
    .scalar("countSubstringsCaseInsensitiveUTF8", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.countedSubstrings(in: .unicode)
    },
  ]

  private static let positions: [FunctionDefinition] = [
    .scalar("position", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.position(of: 1, in: 0, .asIs)
    },
    .scalar("positionCaseInsensitive", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.position(of: 1, in: 0, .ascii)
    },
    .scalar("positionUTF8", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.characterPosition(.asIs)
    },
    .scalar("positionCaseInsensitiveUTF8", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.characterPosition(.unicode)
    },
    .scalar("locate", returns: text(0, 1, gives: .int)) { (call) throws(QueryError) in
      try call.position(of: 0, in: 1, .asIs)
    },
  ]

  private static let tests: [FunctionDefinition] = [
    .scalar("startsWith", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      .call("starts_with", try call.text(0), try call.text(1))
    },
    .scalar("endsWith", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      .hogql("ends_with", try call.text(0), try call.text(1))
    },
    .scalar("hasToken", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      try call.hasToken(.asIs)
    },
    .scalar("hasTokenCaseInsensitive", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      try call.hasToken(.ascii)
    },
    .scalar("hasTokenOrNull", nulls: .own, returns: text(0, 1, gives: .flag.nullable)) { (call) throws(QueryError) in
      try call.isToken(1) ? try call.hasToken(.asIs) : .null(.boolean)
    },
    .scalar("hasTokenCaseInsensitiveOrNull", nulls: .own, returns: text(0, 1, gives: .flag.nullable)) {
      (call) throws(QueryError) in try call.isToken(1) ? try call.hasToken(.ascii) : .null(.boolean)
    },
    .scalar("hasAllTokens", returns: text(0, gives: .flag)) { (call) throws(QueryError) in
      .binary(.hogql("tokens", try call.text(0)), .contains, try call.wantedTokens(1))
    },
    .scalar("hasAnyTokens", returns: text(0, gives: .flag)) { (call) throws(QueryError) in
      .binary(.hogql("tokens", try call.text(0)), .overlaps, try call.wantedTokens(1))
    },
    .scalar("hasSubsequence", "hasSubsequenceUTF8", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      .hogql("has_subsequence", try call.text(0), try call.text(1))
    },
    .scalar("hasSubsequenceCaseInsensitive", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      .hogql("has_subsequence", try call.text(0, .ascii), try call.text(1, .ascii))
    },
    .scalar("hasSubsequenceCaseInsensitiveUTF8", returns: text(0, 1, gives: .flag)) { (call) throws(QueryError) in
      .hogql("has_subsequence", try call.text(0, .unicode), try call.text(1, .unicode))
    },
  ]

  /// Several needles at once: the same four questions in four ways to read letters.
  private static let multiSearches: [FunctionDefinition] = LetterCase.searched.flatMap {
    (suffix, letters, isUTF8) -> [FunctionDefinition] in
    let byCharacters = SQLExpr.boolean(isUTF8)
    return [
      FunctionDefinition.scalar("multiSearchAny" + suffix, returns: needles(.flag)) { (call) throws(QueryError) in
        .hogql("multi_search_any", try call.text(0, letters), try call.needles(letters))
      },
      .scalar("multiSearchFirstIndex" + suffix, returns: needles(.int)) { (call) throws(QueryError) in
        .hogql("multi_search_first_index", try call.text(0, letters), try call.needles(letters))
      },
      .scalar("multiSearchFirstPosition" + suffix, returns: needles(.int)) { (call) throws(QueryError) in
        .hogql("multi_search_first_position", try call.text(0, letters), try call.needles(letters), byCharacters)
      },
      .scalar("multiSearchAllPositions" + suffix, nulls: .never, returns: needles(.array(.int))) {
        (call) throws(QueryError) in
        .hogql(
          "multi_search_positions", letters.applied(to: try call.filledText(0), call), try call.needles(letters),
          byCharacters)
      },
    ]
  }

  private static func needles(_ type: HogQLType) -> FunctionDefinition.ReturnRule {
    { (call) throws(QueryError) in
      try call.requireString(0)
      guard try call.element(1).isString else { throw call.wrongType(1, expected: "an array of strings") }
      return type
    }
  }
}

/// Which letters count as one.
enum LetterCase: Sendable {
  case asIs, ascii, unicode

  static let searched: [(suffix: String, letters: LetterCase, isUTF8: Bool)] = [
    ("", .asIs, false), ("CaseInsensitive", .ascii, false), ("UTF8", .asIs, true),
    ("CaseInsensitiveUTF8", .unicode, true),
  ]

  func applied(to text: SQLExpr, _ call: LoweringCall) -> SQLExpr {
    switch self {
    case .asIs: text
    case .ascii: .call("lower", .byteOrder(text))
    case .unicode: .hogql("lower_utf8", text)
    }
  }
}

extension LoweringCall {
  fileprivate func text(_ index: Int, _ letters: LetterCase) throws(QueryError) -> SQLExpr {
    letters.applied(to: try text(index), self)
  }

  fileprivate func position(of needle: Int, in haystack: Int, _ letters: LetterCase) throws(QueryError) -> SQLExpr {
    let (text, part) = (try text(haystack, letters), try text(needle, letters))
    return count > 2 ? .hogql("position", text, part, try bigint(2)) : .hogql("position", text, part)
  }

  fileprivate func characterPosition(_ letters: LetterCase) throws(QueryError) -> SQLExpr {
    let (text, part) = (try text(0, letters), try text(1, letters))
    return count > 2
      ? .hogql("position_utf8", text, part, try bigint(2)) : .call("strpos", text, part).cast(to: .bigint)
  }

  fileprivate func countedSubstrings(in letters: LetterCase) throws(QueryError) -> SQLExpr {
    var haystack = try text(0, letters)
    if count > 2 {
      haystack = .hogql(
        letters == .unicode ? "substring_utf8" : "substring", haystack, .call("greatest", try bigint(2), .integer(1)),
        .integer(1_000_000_000))
    }
    return .hogql("count_substrings", haystack, try text(1, letters))
  }

  /// Whether the constant is one word, without anything that separates words.
  fileprivate func isToken(_ index: Int) throws(QueryError) -> Bool {
    try constantString(index).unicodeScalars.allSatisfy { scalar in
      !scalar.isASCII || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
  }

  fileprivate func hasToken(_ letters: LetterCase) throws(QueryError) -> SQLExpr {
    guard try isToken(1) else {
      throw error(1, "A token is one word: it can have no spaces and no punctuation.", hint: "Use position or LIKE.")
    }
    let found = SQLExpr.any(
      try text(1, letters).cast(to: .text), .equal, array: .hogql("tokens", try text(0, letters)))
    return try unlessNull(found)
  }

  /// An array of words, or the words of a text.
  fileprivate func wantedTokens(_ index: Int) throws(QueryError) -> SQLExpr {
    if type(index).isArray { return try typed(index) }
    return .hogql("tokens", try text(index))
  }

  fileprivate func needles(_ letters: LetterCase) throws(QueryError) -> SQLExpr {
    let array = try typed(1)
    guard letters != .asIs else { return array }
    return try mapArray(array, of: .string) { (value, _) throws(QueryError) in letters.applied(to: value, self) }
  }
}
