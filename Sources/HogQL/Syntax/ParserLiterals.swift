/// Numbers, intervals and types.
extension Parser {
  /// Passes a number, or `inf` and `nan`; nil when the token is none.
  mutating func takeNumber(isNegative: Bool) throws(QueryError) -> Literal? {
    let current = token
    switch (current.kind, current.keyword) {
    case (.integer, _), (.prefixedInteger, _):
      advance()
      return integer(String(decoding: bytes[current.bytes], as: UTF8.self), isNegative: isNegative)
    case (.float, _):
      advance()
      guard let value = Double(String(decoding: bytes[current.bytes], as: UTF8.self)) else {
        throw QueryError("This number cannot be read.", at: current.span)
      }
      return .float(isNegative ? -value : value)
    case (_, .inf), (_, .infinity):
      advance()
      return .float(isNegative ? -Double.infinity : .infinity)
    case (_, .nan):
      advance()
      return .float(.nan)
    default:
      return nil
    }
  }

  private func integer(_ digits: String, isNegative: Bool) -> Literal {
    let (body, radix) = body(of: digits)
    let sign = isNegative ? "-" : ""
    if let value = Int64(sign + body, radix: radix) { return .integer(value) }
    if let value = UInt64(body, radix: radix) { return .bigInteger(sign + String(value)) }
    guard radix == 10 else { return .float((isNegative ? -1 : 1) * magnitude(body, radix)) }
    let significant = body.drop { $0 == "0" }
    return .bigInteger(sign + String(significant))
  }

  /// The digits behind a prefix, and their base. A leading zero means nothing.
  private func body(of digits: String) -> (String, Int) {
    switch digits.utf8.dropFirst().first {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): (String(digits.dropFirst(2)), 16)
    case UInt8(ascii: "b"), UInt8(ascii: "B"): (String(digits.dropFirst(2)), 2)
    default: (digits, 10)
    }
  }

  private func magnitude(_ digits: String, _ radix: Int) -> Double {
    digits.utf8.reduce(0.0) { $0 * Double(radix) + Double($1.hexValue ?? 0) }
  }

  /// `INTERVAL n unit`, `INTERVAL 'n unit'`, or a column or function of that name.
  mutating func parseInterval() throws(QueryError) -> Expr {
    try enter(3)
    defer { leave(3) }
    let start = token
    let next = peek().kind
    if next == .leftParenthesis { return try parseIntervalCall() }
    let isNegativeCount = next == .minus && [.integer, .float].contains(peek(2).kind)
    let hasCount = next != .minus && next != .plus && next != .star && next != .less
    guard isNegativeCount || (hasCount && next != .leftBracket && startsOperand(at: 1)) else {
      let name = try parseName("a name")
      return Expr(.name([name]), at: name.span)
    }
    advance()
    if let string = take(.string) { return try parseIntervalText(string, from: start) }
    let count = try parseBinary(.additive)
    return try parseIntervalUnit(count, from: start)
  }

  private mutating func parseIntervalCall() throws(QueryError) -> Expr {
    let start = token
    let call = try parseCall(try parseName("a name"))
    guard token.keyword.intervalUnit != nil, case .call(let inner) = call.kind,
      inner.arguments.count == 1, let count = inner.arguments.first
    else { return call }
    return try parseIntervalUnit(count, from: start)
  }

  private mutating func parseIntervalUnit(_ count: Expr, from start: Token) throws(QueryError) -> Expr {
    guard let unit = token.keyword.intervalUnit else {
      throw unexpected(
        "a unit: second, minute, hour, day, week, month, quarter or year",
        keywords: [.second, .minute, .hour, .day, .week, .month, .quarter, .year])
    }
    advance()
    return Expr(.interval(count: count, unit), at: span(from: start))
  }

  /// `'3 days'`: one integer and one unit.
  private func parseIntervalText(_ string: Token, from start: Token) throws(QueryError) -> Expr {
    let words = text(of: string).split(separator: " ")
    guard words.count == 2, let first = words.first, let last = words.last,
      let count = Int64(first), let unit = unit(named: last.lowercased())
    else {
      throw QueryError(
        "'\(text(of: string))' is no interval.", at: string.span,
        hint: "Write one whole number and one unit: INTERVAL '3 days'.")
    }
    let literal = Expr(.literal(.integer(count)), at: string.span)
    return Expr(.interval(count: literal, unit), at: span(from: start))
  }

  private func unit(named word: String) -> IntervalUnit? {
    IntervalUnit(rawValue: word.hasSuffix("s") ? String(word.dropLast()) : word)
  }

  /// A type behind `::`: words only.
  mutating func parseBareType() throws(QueryError) -> TypeName {
    let start = token
    var name = try parseName("a type").text
    let first = name.utf8.count <= 9 ? name.lowercased() : ""
    if first == "double", isPrecision(token) {
      advance()
      name += " precision"
    }
    if first == "timestamp" || first == "time", isAt(.with), peek().keyword == .time,
      peek(2).keyword == .zone
    {
      index += 3
      name += " with time zone"
    }
    if isAt(.leftParenthesis) {
      throw QueryError(
        "Only a bare type can follow ::.", at: token.span, hint: "Write CAST(x AS type(..)).")
    }
    return TypeName(name: name, arguments: [], span: span(from: start))
  }

  private func isPrecision(_ token: Token) -> Bool {
    token.kind == .word && text(of: token).lowercased() == "precision"
  }

  /// A type in CAST, arguments included.
  mutating func parseType() throws(QueryError) -> TypeName {
    guard isName(token), peek().kind == .leftParenthesis else { return try parseBareType() }
    try enter(2)
    defer { leave(2) }
    let start = token
    let name = try parseName("a type")
    advance()
    var arguments: [TypeArgument] = []
    while !isAt(.rightParenthesis) {
      arguments.append(try parseTypeArgument())
      guard take(.comma) != nil else { break }
    }
    try expect(.rightParenthesis, ", or )")
    return TypeName(name: name.text, arguments: arguments, span: span(from: start))
  }

  private mutating func parseTypeArgument() throws(QueryError) -> TypeArgument {
    let current = token
    if take(.string) != nil { return .string(text(of: current)) }
    if take(.integer) != nil {
      guard let value = Int64(text(of: current)) else {
        throw QueryError("This number is too large.", at: current.span)
      }
      return .integer(value)
    }
    if isName(peek()), text(of: current).lowercased() != "double" {
      return .named(try parseName("a name"), try parseType())
    }
    return .type(try parseType())
  }
}
