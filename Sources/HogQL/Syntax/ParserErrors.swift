import Spelling

/// What the parser says when a token does not fit.
extension Parser {
  /// The words that may follow a select's items.
  static let clauses: [Keyword] = [
    .from, .where, .prewhere, .group, .having, .qualify, .window, .order, .limit, .offset, .union,
    .intersect, .except, .join, .left, .inner, .array, .and, .or, .between, .like, .as,
  ]

  /// The error for the token: what was expected and, if a keyword looks mistyped, which.
  func unexpected(_ expected: String, keywords: [Keyword] = []) -> QueryError {
    let current = token
    if current.kind == .failure, let failure = list.failure { return failure }
    let message =
      current.kind == .endOfText
      ? "The query ends where \(expected) should follow."
      : "Expected \(expected), found \(shown(current))."
    return QueryError(message, at: current.span, hint: hint(for: current, keywords: keywords))
  }

  private func shown(_ token: Token) -> String {
    let text = String(decoding: bytes[token.bytes], as: UTF8.self)
    return text.unicodeScalars.count <= 40
      ? "`\(text)`" : "`\(String(text.unicodeScalars.prefix(40)))…`"
  }

  private func hint(for current: Token, keywords: [Keyword]) -> String? {
    switch current.keyword {
    case .settings: return "SETTINGS is not supported; leave it out."
    case .is, .true, .false: return "Test a boolean by itself, or with = true."
    case .ignore: return "IGNORE NULLS is not supported."
    default: break
    }
    let candidates = keywords.isEmpty ? Self.clauses : keywords
    // `form orders` after an item: the word before was read as a name.
    if keywords == Self.clauses, index > 0, current.kind != .endOfText {
      let before = list.tokens[index - 1]
      if let near = nearest(to: before, among: candidates) {
        return "Did you mean \(near.word.uppercasedASCII) instead of `\(text(of: before))`?"
      }
    }
    return nearest(to: current, among: candidates).map {
      "Did you mean \($0.word.uppercasedASCII)?"
    }
  }

  private func nearest(to token: Token, among keywords: [Keyword]) -> Keyword? {
    guard token.kind == .word, token.keyword == .none, (3...16).contains(token.bytes.count) else {
      return nil
    }
    let word = Array(text(of: token).lowercased().utf8)
    var best: (keyword: Keyword, distance: Int)?
    for keyword in keywords {
      let spelling = Array(keyword.word.utf8)
      let distance = editDistance(word, spelling)
      guard distance <= (spelling.count > 4 ? 2 : 1), distance < best?.distance ?? 9 else { continue }
      best = (keyword, distance)
    }
    return best?.keyword
  }
}

extension String {
  /// With the letters a to z in upper case.
  var uppercasedASCII: String {
    String(decoding: utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }, as: UTF8.self)
  }
}
