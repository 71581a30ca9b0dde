/// What makes a text no JSON that PostgreSQL takes.
public enum JSONProblem: Error, Sendable, Hashable {
  /// What was expected, and at which byte of the text, from 0.
  case expected(StaticWord, at: Int)
  case endsTooEarly
  case tooDeep(Int)
  case nulEscape
  case loneSurrogate
  case controlCharacter(at: Int)
  case notUTF8(at: Int)
  /// A number beyond what PostgreSQL's numeric holds.
  case numberOutOfRange
  /// PostgreSQL's jsonb holds less than 256 MB.
  case tooLong
  /// Beyond the limit of a row.
  case longRow

  /// The words for what was expected.
  public enum StaticWord: String, Sendable, Hashable {
    case value = "a value", key = "a key in quotes", colon = "a colon", comma = "a comma or the end"
    case number = "a digit", escape = "one of the escapes that JSON knows", end = "nothing behind the value"
    case object = "an object"
  }

  var reason: String {
    switch self {
    case .expected(let word, let place): "expected \(word.rawValue) at its byte \(place + 1)"
    case .endsTooEarly: "it ends too early"
    case .tooDeep(let limit): "more than \(limit) arrays and objects stand in each other"
    case .nulEscape: #"it holds \u0000, which PostgreSQL's text and jsonb cannot hold"#
    case .loneSurrogate: #"it holds half of a surrogate pair, such as \ud800, which is no character"#
    case .controlCharacter(let place): "a control character at its byte \(place + 1) is not escaped"
    case .notUTF8(let place): "it is not UTF-8 at its byte \(place + 1)"
    case .numberOutOfRange: "a number in it is beyond what PostgreSQL's numeric holds"
    case .longRow: "it is longer than a row may be"
    case .tooLong: "it is longer than jsonb can be"
    }
  }
}

/// One JSON value that is a text of its own, such as a field of a CSV file.
enum JSONText {
  /// In bytes; a little less than jsonb's limit, since it takes room of its own.
  static let longest = 250 << 20

  /// - Returns: nil where the text is one value that PostgreSQL takes as `json` and `jsonb`.
  static func problem(_ text: UnsafeRawBufferPointer) -> ValueProblem? {
    if let problem = TextCheck.problem(text) { return problem }
    guard text.count < longest else { return .json(.tooLong) }
    var scanner = JSONScanner(text, depthLimit: JSONScanner.depthLimit)
    do throws(JSONProblem) {
      scanner.skipSpace()
      try scanner.skipValue()
      scanner.skipSpace()
    } catch {
      return .json(error)
    }
    return scanner.at == text.count ? nil : .json(.expected(.end, at: scanner.at))
  }
}
