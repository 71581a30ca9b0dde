/// An RE2 pattern in Postgres' dialect. What RE2 does not know, and what Postgres has no form for, is refused.
struct PostgresPattern {
  private var rest: ArraySlice<Unicode.Scalar>
  private var result = String.UnicodeScalarView()
  private let span: Span

  static func translate(_ pattern: String, at span: Span) throws(QueryError) -> String {
    var translation = PostgresPattern(rest: Array(pattern.unicodeScalars)[...], span: span)
    try translation.flags()
    while let scalar = translation.rest.popFirst() { try translation.next(scalar) }
    return String(translation.result)
  }

  private init(rest: ArraySlice<Unicode.Scalar>, span: Span) {
    self.rest = rest
    self.span = span
  }

  private func refused(_ message: String, hint: String? = nil) -> QueryError {
    QueryError("The regular expression \(message).", at: span, hint: hint)
  }

  private mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.unicodeScalars) else { return false }
    rest = rest.dropFirst(text.unicodeScalars.count)
    return true
  }

  private mutating func write(_ text: String) { result.append(contentsOf: text.unicodeScalars) }

  /// `(?im-s)` at the start. A point matches a newline in both; `w` lets `^` and `$` match at lines, `p` keeps the
  /// point from newlines, `n` is both.
  private mutating func flags() throws(QueryError) {
    var on: Set<Unicode.Scalar> = ["s"]
    while rest.starts(with: "(?".unicodeScalars), let end = rest.firstIndex(of: ")") {
      let letters = rest[rest.startIndex + 2..<end]
      guard letters.allSatisfy({ "imsU-".unicodeScalars.contains($0) }) else { break }
      let parts = letters.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      on.formUnion(parts[0])
      if parts.count > 1 { on.subtract(parts[1]) }
      rest = rest[(end + 1)...]
    }
    guard !on.contains("U") else { throw refused("has the flag U", hint: "Write lazy repetitions, such as `.*?`.") }
    let lines = on.contains("m") ? (on.contains("s") ? "w" : "n") : on.contains("s") ? "" : "p"
    let letters = (on.contains("i") ? "i" : "") + lines
    if !letters.isEmpty { write("(?\(letters))") }
  }

  private mutating func next(_ scalar: Unicode.Scalar) throws(QueryError) {
    switch scalar {
    case "\\": try escape(isInClass: false)
    case "[": try characterClass()
    case "(": try group()
    default: result.append(scalar)
    }
  }

  /// Groups lose their names.
  private mutating func group() throws(QueryError) {
    result.append("(")
    guard rest.first == "?" else { return }
    if take("?:") { return write("?:") }
    guard !["?=", "?!", "?<=", "?<!"].contains(where: { rest.starts(with: $0.unicodeScalars) }) else {
      throw refused("looks ahead or behind, which RE2 does not know")
    }
    if take("?P<") || take("?<"), let end = rest.firstIndex(of: ">") {
      rest = rest[(end + 1)...]
      return
    }
    throw refused("has flags inside", hint: "Put them at the start, for instance `(?i)a.b`.")
  }

  private mutating func characterClass() throws(QueryError) {
    result.append("[")
    if take("^") { write("^") }
    if take("]") { write("]") }
    while let scalar = rest.popFirst() {
      switch scalar {
      case "]":
        result.append(scalar)
        return
      case "\\": try escape(isInClass: true)
      case "[":
        if rest.first == ":", let end = rest.firstIndex(of: "]") {
          result.append(scalar)
          result.append(contentsOf: rest[...end])
          rest = rest[(end + 1)...]
        } else {
          write("\\[")
        }
      default: result.append(scalar)
      }
    }
    throw refused("has a `[` without its `]`")
  }

  private mutating func escape(isInClass: Bool) throws(QueryError) {
    guard let scalar = rest.popFirst() else { throw refused("ends in a backslash") }
    switch scalar {
    // Postgres counts the letters of every language as \w, RE2 those of ASCII.
    case "w": write(isInClass ? "a-zA-Z0-9_" : "[a-zA-Z0-9_]")
    case "W" where !isInClass: write("[^a-zA-Z0-9_]")
    case "d", "s", "D", "S", "W", "a", "f", "t", "n", "r", "v": write("\\\(scalar)")
    case "A" where !isInClass: write("\\A")
    case "z" where !isInClass: write("\\Z")
    case "b" where !isInClass: write("\\y")
    case "B" where !isInClass: write("\\Y")
    case "x": try code()
    case "Q" where !isInClass: quoted()
    case "p", "P": throw refused("has a class of Unicode's", hint: "Write its characters, such as `[a-zà-ÿ]`.")
    case "0"..."9": throw refused("has the escape \\\(scalar), and RE2 knows no back-references")
    default:
      guard scalar.isASCII, !scalar.properties.isAlphabetic else { throw refused("has the unknown escape \\\(scalar)") }
      write("\\\(scalar)")
    }
  }

  /// `\x41` and `\x{e9}`.
  private mutating func code() throws(QueryError) {
    var digits = rest.prefix(2)
    var length = 2
    if rest.first == "{", let end = rest.firstIndex(of: "}") {
      digits = rest[rest.startIndex + 1..<end]
      length = digits.count + 2
    }
    guard let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16), Unicode.Scalar(value) != nil else {
      throw refused("has an escape \\x without a character's number")
    }
    rest = rest.dropFirst(length)
    let number = String(value, radix: 16)
    write("\\U" + String(repeating: "0", count: max(0, 8 - number.count)) + number)
  }

  /// `\Q..\E` stands for itself.
  private mutating func quoted() {
    while !take("\\E"), let scalar = rest.popFirst() {
      if scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) { result.append("\\") }
      result.append(scalar)
    }
  }
}
