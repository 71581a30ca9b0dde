/// Text to arrays of text.
extension FunctionTable {
  static let splits: [FunctionDefinition] = [
    .scalar("splitByChar", nulls: .never, returns: text(0, 1, gives: .array(.string))) { (call) throws(QueryError) in
      guard try call.constantString(0).utf8.count == 1 else {
        throw call.error(0, "splitByChar needs one character of one byte.", hint: "Use splitByString for longer ones.")
      }
      return try call.split()
    },
    .scalar("splitByString", nulls: .never, returns: text(0, 1, gives: .array(.string))) { (call) throws(QueryError) in
      try call.split()
    },
    .scalar("splitByWhitespace", nulls: .never, returns: text(0, gives: .array(.string))) { (call) throws(QueryError) in
      try call.firstParts(.hogql("words", try call.filledText(0)))
    },
    .scalar("splitByNonAlpha", nulls: .never, returns: text(0, gives: .array(.string))) { (call) throws(QueryError) in
      try call.firstParts(.hogql("tokens", try call.filledText(0)))
    },
    .scalar("tokens", nulls: .never, returns: text(0, gives: .array(.string))) { (call) throws(QueryError) in
      .hogql("tokens", try call.filledText(0))
    },
    .scalar("alphaTokens", nulls: .never, returns: text(0, gives: .array(.string))) { (call) throws(QueryError) in
      try call.firstParts(.hogql("extract_all", try call.filledText(0), .string("([a-zA-Z]+)"), .integer(1)))
    },
    .scalar("split_part", returns: text(0, 1)) { (call) throws(QueryError) in
      let part = SQLExpr.hogql("array_element", try call.split(text: 0, separator: 1), try call.integer(2))
      return try call.unlessNull(.coalesce(part, .string("")))
    },
  ]
}

extension LoweringCall {
  /// splitByString's arguments: the separator, the text, and how many parts at most.
  fileprivate func split() throws(QueryError) -> SQLExpr {
    guard count > 2 else { return try split(text: 1, separator: 0) }
    return .hogql("split", try filledText(1), try text(0), try bigint(2))
  }

  fileprivate func split(text: Int, separator: Int) throws(QueryError) -> SQLExpr {
    .hogql("split", try filledText(text), try self.text(separator))
  }

  fileprivate func firstParts(_ array: SQLExpr) throws(QueryError) -> SQLExpr {
    count > 1 ? .hogql("first_of", array, try bigint(1)) : array
  }
}
