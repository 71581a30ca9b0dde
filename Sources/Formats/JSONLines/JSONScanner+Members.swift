/// Objects, member by member.
extension JSONScanner {
  /// What a member's value is; `absent` where there is no such member.
  enum Kind: UInt8, Sendable {
    case absent, null, bool, number, string, escapedString, container
  }

  struct Member {
    /// Without the quotes.
    var key: Range<Int>
    var keyHasEscapes: Bool
    var kind: Kind
    /// With the quotes, where the value is a string.
    var value: Range<Int>
  }

  /// The next member of the object, nil at its end.
  ///
  /// - Parameter isFirst: the object was only just begun: `at` is behind its brace.
  @inline(__always)
  mutating func member(isFirst: Bool) throws(JSONProblem) -> Member? {
    skipSpace()
    if takes(UInt8(ascii: "}")) { return nil }
    if !isFirst {
      guard takes(UInt8(ascii: ",")) else { throw expected(.comma) }
      skipSpace()
    }
    guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw expected(.key) }
    let keyStart = at + 1
    let keyHasEscapes = try skipString()
    let key = keyStart..<at - 1
    skipSpace()
    guard takes(UInt8(ascii: ":")) else { throw expected(.colon) }
    skipSpace()
    let start = at
    let kind = try value()
    return Member(key: key, keyHasEscapes: keyHasEscapes, kind: kind, value: start..<at)
  }

  private func expected(_ word: JSONProblem.StaticWord) -> JSONProblem {
    at < text.count ? .expected(word, at: at) : .endsTooEarly
  }

  /// Skips a value and tells its kind. The text must go on behind a number.
  @inline(__always)
  mutating func value() throws(JSONProblem) -> Kind {
    guard at < text.count else { throw .endsTooEarly }
    switch text[at] {
    case UInt8(ascii: "\""): return try skipString() ? .escapedString : .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try skipNumber()
      return .number
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      try skipValue()
      return .container
    case UInt8(ascii: "t"):
      try skipWord("true")
      return .bool
    case UInt8(ascii: "f"):
      try skipWord("false")
      return .bool
    case UInt8(ascii: "n"):
      try skipWord("null")
      return .null
    default: throw .expected(.value, at: at)
    }
  }

  /// A string's characters. The string was skipped before, so that its escapes are right.
  ///
  /// - Parameter inner: what stands between its quotes.
  static func unescape(_ inner: UnsafeRawBufferPointer, into result: inout [UInt8]) {
    result.removeAll(keepingCapacity: true)
    var at = 0
    while at < inner.count {
      let end = ByteScan.first(UInt8(ascii: "\\"), in: inner, from: at)
      result.append(contentsOf: UnsafeRawBufferPointer(rebasing: inner[at..<end]))
      guard end + 1 < inner.count else { return }
      at = end + 2
      switch inner[end + 1] {
      case UInt8(ascii: "b"): result.append(8)
      case UInt8(ascii: "f"): result.append(12)
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "u"):
        var scalar = unit(inner, at)
        at += 4
        if scalar & 0xFC00 == 0xD800 {
          scalar = 0x10000 + ((scalar & 0x3FF) << 10 | unit(inner, at + 2) & 0x3FF)
          at += 6
        }
        Transcoder.append(scalar, to: &result)
      default: result.append(inner[end + 1])
      }
    }
  }

  private static func unit(_ text: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    (at..<at + 4).reduce(0) { $0 << 4 | UInt32(WordText.hexDigit(text[$1])) }
  }
}
