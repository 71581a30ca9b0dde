/// Text; `length` and `empty` are with the arrays. Functions count bytes unless their name says UTF8. NULL in gives
/// NULL out, and where the result is an array a NULL text counts as the empty one.
extension FunctionTable {
  static let strings: [FunctionDefinition] = lengths + letters + cutting + searches + regexes + splits + markup + [
    .scalar("concatWithSeparator", returns: .string) { (call) throws(QueryError) in
      var parts: [SQLExpr] = []
      for index in 1..<max(call.count, 1) { parts.append(try call.text(index)) }
      guard var result = parts.first else { return .text("") }
      if parts.count == 1 { return result.isConstant ? result.cast(to: .text) : result }
      let separator = try call.text(0).cast(to: .text)
      for part in parts.dropFirst() { result = result.op(.concat, separator).op(.concat, part) }
      return result
    },
    .scalar("repeat", returns: text(0)) { (call) throws(QueryError) in
      .call("repeat", try call.text(0), .hogql("small", try call.bigint(1)))
    },
    .scalar("format", returns: text(0)) { (call) throws(QueryError) in
      try call.formatted(try call.constantString(0))
    },
    .scalar("ngrams", nulls: .never, returns: text(0, gives: .array(.string))) { (call) throws(QueryError) in
      .hogql("ngrams", try call.filledText(0), try call.bigint(1))
    },
    .scalar("isValidUTF8", returns: text(0, gives: .flag)) { (call) throws(QueryError) in
      try call.unlessNull(.boolean(true))
    },
    .scalar("toValidUTF8", returns: text(0)) { (call) throws(QueryError) in try call.text(0).cast(to: .text) },
    .unsupported(
      "ngramDistance", "ngramDistanceCaseInsensitive", "ngramDistanceUTF8", "ngramDistanceCaseInsensitiveUTF8",
      "ngramSearch", "ngramSearchCaseInsensitive", "ngramSearchUTF8", "ngramSearchCaseInsensitiveUTF8",
      reason: "needs ClickHouse's own hashes of n-grams."),
    .unsupported(
      "multiFuzzyMatchAny", "multiFuzzyMatchAnyIndex", "multiFuzzyMatchAllIndices",
      reason: "needs regular expressions that tolerate errors, which Postgres has not."),
    .unsupported(
      "convertCharset", reason: "needs texts in other encodings, and a text in Postgres is always UTF-8 here."),
    .unsupported("extractTextFromHTML", reason: "needs an HTML parser, which Postgres has not."),
    .unsupported("languageCodeToName", reason: "needs a list of languages."),
  ]

  /// A return rule: the arguments at `indexes` must be text.
  static func text(_ indexes: Int..., gives type: HogQLType = .string) -> FunctionDefinition.ReturnRule {
    { (call) throws(QueryError) in
      for index in indexes { try call.requireString(index) }
      return type
    }
  }

  private static let lengths: [FunctionDefinition] = [
    .scalar("lengthUTF8", returns: text(0, gives: .int)) { (call) throws(QueryError) in
      .call("length", try call.text(0)).cast(to: .bigint)
    },
    .scalar("ascii", returns: text(0, gives: .int)) { (call) throws(QueryError) in
      .hogql("ascii", try call.text(0))
    },
  ]

  private static let letters: [FunctionDefinition] = [
    .scalar("lower", returns: text(0)) { (call) throws(QueryError) in
      .call("lower", .byteOrder(try call.text(0)))
    },
    .scalar("upper", returns: text(0)) { (call) throws(QueryError) in
      .call("upper", .byteOrder(try call.text(0)))
    },
    .scalar("initcap", returns: text(0)) { (call) throws(QueryError) in
      .call("initcap", .byteOrder(try call.text(0)))
    },
    .scalar("lowerUTF8", returns: text(0)) { (call) throws(QueryError) in .hogql("lower_utf8", try call.text(0)) },
    .scalar("upperUTF8", returns: text(0)) { (call) throws(QueryError) in .hogql("upper_utf8", try call.text(0)) },
    .scalar("reverseUTF8", returns: text(0)) { (call) throws(QueryError) in .call("reverse", try call.text(0)) },
    .scalar("reverse", returns: { (call) throws(QueryError) in
      if call.type(0).isArray { return call.type(0) }
      try call.requireString(0)
      return .string
    }) { (call) throws(QueryError) in
      guard call.type(0).isArray else { return .hogql("reverse", try call.text(0)) }
      let alias = call.alias("e")
      return .arrayOf(
        SQLSelect(
          .column(table: alias, name: "v"), from: .unnest([try call.sql(0)], as: alias, columns: ["v", "n"]),
          orderBy: [SQLOrder(.column(table: alias, name: "n"), isDescending: true)]))
    },
    .scalar("translate", "translateUTF8", returns: text(0, 1, 2)) { (call) throws(QueryError) in
      let from = Array(try call.constantString(1).unicodeScalars)
      let to = Array(try call.constantString(2).unicodeScalars)
      guard from.count >= to.count else {
        throw call.error(2, "The characters to put in are more than those to replace.", hint: "Make both equally many.")
      }
      // A character that is listed twice counts as the last time: Postgres takes the first.
      var kept: [Int] = []
      for index in from.indices where !from[(index + 1)...].contains(from[index]) { kept.append(index) }
      kept.sort { ($0 < to.count ? 0 : 1, $0) < ($1 < to.count ? 0 : 1, $1) }
      return .call(
        "translate", try call.text(0), .string(spelled(kept.map { from[$0] })),
        .string(spelled(kept.filter { $0 < to.count }.map { to[$0] })))
    },
  ]

  private static func spelled(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static let cutting: [FunctionDefinition] = [
    .scalar("substring", returns: text(0)) { (call) throws(QueryError) in
      .hogql("substring", try call.text(0), try call.bigint(1), try call.bigint(2))
    },
    .scalar("substringUTF8", returns: text(0)) { (call) throws(QueryError) in
      .hogql("substring_utf8", try call.text(0), try call.bigint(1), try call.bigint(2))
    },
    .scalar("left", returns: text(0)) { (call) throws(QueryError) in
      .call("left", try call.text(0), try call.smallCount(1))
    },
    .scalar("right", returns: text(0)) { (call) throws(QueryError) in
      .call("right", try call.text(0), try call.smallCount(1))
    },
    .scalar("leftPad", "lpad", returns: text(0, 2)) { (call) throws(QueryError) in
      .hogql("left_pad", try call.text(0), try call.bigint(1), call.count > 2 ? try call.text(2) : .string(" "))
    },
    .scalar("rightPad", "rpad", returns: text(0, 2)) { (call) throws(QueryError) in
      .hogql("right_pad", try call.text(0), try call.bigint(1), call.count > 2 ? try call.text(2) : .string(" "))
    },
    .scalar("leftPadUTF8", returns: text(0, 2)) { (call) throws(QueryError) in
      .call("lpad", try call.text(0), try call.smallCount(1), try call.fill(2))
    },
    .scalar("rightPadUTF8", returns: text(0, 2)) { (call) throws(QueryError) in
      .call("rpad", try call.text(0), try call.smallCount(1), try call.fill(2))
    },
    .scalar("trim", "btrim", returns: text(0, 1)) { (call) throws(QueryError) in try call.trimmed("btrim") },
    .scalar("trimLeft", "ltrim", returns: text(0, 1)) { (call) throws(QueryError) in try call.trimmed("ltrim") },
    .scalar("trimRight", "rtrim", returns: text(0, 1)) { (call) throws(QueryError) in try call.trimmed("rtrim") },
    .scalar("replace", "replaceAll", returns: text(0, 1, 2)) { (call) throws(QueryError) in
      .call("replace", try call.text(0), try call.text(1), try call.text(2))
    },
    .scalar("replaceOne", returns: text(0, 1, 2)) { (call) throws(QueryError) in
      .hogql("replace_one", try call.text(0), try call.text(1), try call.text(2))
    },
    .scalar("appendTrailingCharIfAbsent", returns: text(0, 1)) { (call) throws(QueryError) in
      .hogql("trailing_character", try call.text(0), try call.text(1))
    },
  ]

  private static let markup: [FunctionDefinition] = [
    .scalar("encodeXMLComponent", returns: text(0)) { (call) throws(QueryError) in
      .hogql("encode_xml", try call.text(0))
    },
    .scalar("decodeXMLComponent", returns: text(0)) { (call) throws(QueryError) in
      .hogql("decode_xml", try call.text(0))
    },
    .scalar("regexpQuoteMeta", returns: text(0)) { (call) throws(QueryError) in
      .hogql("quoted_pattern", try call.text(0))
    },
  ]
}

extension LoweringCall {
  /// The text, '' for NULL: for functions whose result is an array.
  func filledText(_ index: Int) throws(QueryError) -> SQLExpr {
    if type(index).isNullConstant { return .string("") }
    let text = try text(index)
    return mayBeNull(index) ? .coalesce(text, .string("")) : text
  }

  /// The SQL where no argument is NULL; NULL otherwise.
  func unlessNull(_ sql: SQLExpr) throws(QueryError) -> SQLExpr {
    if arguments.contains(where: \.type.isNullConstant) { return .null(type.postgres) }
    var present: [SQLExpr] = []
    for (index, argument) in arguments.enumerated() where argument.mayBeNull {
      present.append(try self.sql(index).isNotNull)
    }
    return present.isEmpty ? sql : .when(.all(present), then: sql)
  }

  /// A count as an int4.
  fileprivate func smallCount(_ index: Int) throws(QueryError) -> SQLExpr {
    if constant(index)?.integer != nil { return try integer(index) }
    return .hogql("small", try bigint(index))
  }

  fileprivate func fill(_ index: Int) throws(QueryError) -> SQLExpr {
    guard count > index else { return .string(" ") }
    let fill = try text(index)
    if case .string(let text) = fill { return .string(text.isEmpty ? " " : text) }
    return .coalesce(.call("nullif", fill, .string("")), .string(" "))
  }

  fileprivate func trimmed(_ function: String) throws(QueryError) -> SQLExpr {
    count > 1 ? .call(function, try text(0), try text(1)) : .call(function, try text(0))
  }

  /// The parts of a pattern such as `{} of {1}` put together.
  fileprivate func formatted(_ pattern: String) throws(QueryError) -> SQLExpr {
    var parts: [SQLExpr] = []
    var plain = ""
    var next = 1
    var rest = pattern[...]
    while let character = rest.first {
      rest = rest.dropFirst()
      if (character == "{" || character == "}") && rest.first == character {
        plain.append(character)
        rest = rest.dropFirst()
      } else if character == "{", let end = rest.firstIndex(of: "}") {
        let name = rest[..<end]
        guard let index = name.isEmpty ? next : Int(name).map({ $0 &+ 1 }), index > 0, index < count else {
          throw error(0, "{\(name)} of the pattern has no argument.", hint: "Number them from {0}, or give more.")
        }
        next += 1
        rest = rest[rest.index(after: end)...]
        if !plain.isEmpty { parts.append(.string(plain)) }
        plain = ""
        parts.append(try text(index))
      } else if character == "{" || character == "}" {
        throw error(0, "A brace of the pattern has no partner.", hint: "Write it twice where it is meant as itself.")
      } else {
        plain.append(character)
      }
    }
    if !plain.isEmpty { parts.append(.string(plain)) }
    guard let first = parts.first else { return .text("") }
    return parts.dropFirst().reduce(first.cast(to: .text)) { $0.op(.concat, $1) }
  }
}
