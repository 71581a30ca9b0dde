/// Walks over JSON (RFC 8259) without making values of it. Does not look at UTF-8, which the caller checks.
struct JSONScanner {
  /// How many arrays and objects may stand in each other; PostgreSQL's own limit is some thousands.
  static let depthLimit = 1_000

  let text: UnsafeRawBufferPointer
  private let depthLimit: Int
  var at = 0

  init(_ text: UnsafeRawBufferPointer, depthLimit: Int = JSONScanner.depthLimit) {
    self.text = text
    self.depthLimit = depthLimit
  }

  @inline(__always)
  mutating func skipSpace() {
    while at < text.count, text[at] <= 0x20 {
      guard text[at] == 0x20 || text[at] == 0x0A || text[at] == 0x0D || text[at] == 0x09 else { return }
      at += 1
    }
  }

  @inline(__always)
  mutating func takes(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }

  /// A string, from its quote on.
  ///
  /// - Returns: whether there are escapes in it.
  @inline(__always)
  mutating func skipString() throws(JSONProblem) -> Bool {
    at += 1
    var hasEscapes = false
    while true {
      at = ByteScan.stringEnd(text, at)
      guard at < text.count else { throw .endsTooEarly }
      if text[at] == UInt8(ascii: "\"") {
        at += 1
        return hasEscapes
      }
      guard text[at] == UInt8(ascii: "\\") else { throw .controlCharacter(at: at) }
      hasEscapes = true
      try skipEscape()
    }
  }

  private mutating func skipEscape() throws(JSONProblem) {
    guard at + 1 < text.count else { throw .endsTooEarly }
    switch text[at + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit(at + 2)
      at += 6
      if unit == 0 { throw .nulEscape }
      guard unit & 0xF800 == 0xD800 else { return }
      guard unit & 0xFC00 == 0xD800 else { throw .loneSurrogate }
      guard at < text.count else { throw .endsTooEarly }
      guard text[at] == UInt8(ascii: "\\") else { throw .loneSurrogate }
      guard at + 1 < text.count else { throw .endsTooEarly }
      guard text[at + 1] == UInt8(ascii: "u") else { throw .loneSurrogate }
      guard try codeUnit(at + 2) & 0xFC00 == 0xDC00 else { throw .loneSurrogate }
      at += 6
    default: throw .expected(.escape, at: at + 1)
    }
  }

  private func codeUnit(_ start: Int) throws(JSONProblem) -> UInt16 {
    var unit: UInt16 = 0
    for place in start..<start + 4 {
      guard place < text.count else { throw .endsTooEarly }
      let digit = WordText.hexDigit(text[place])
      guard digit < 16 else { throw .expected(.escape, at: place) }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  /// A number. At the end of the text it may go on in what is not there yet.
  @inline(__always)
  mutating func skipNumber() throws(JSONProblem) {
    let start = at
    _ = takes(UInt8(ascii: "-"))
    if !takes(UInt8(ascii: "0")) { try skipDigits() }
    if takes(UInt8(ascii: ".")) { try skipDigits() }
    if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") { try skipExponent(of: start) }
  }

  @inline(__always)
  private mutating func skipDigits() throws(JSONProblem) {
    let start = at
    while at < text.count, text[at] &- UInt8(ascii: "0") <= 9 { at += 1 }
    if at == start { throw at < text.count ? .expected(.number, at: at) : .endsTooEarly }
  }

  private mutating func skipExponent(of start: Int) throws(JSONProblem) {
    at += 1
    if !takes(UInt8(ascii: "-")) { _ = takes(UInt8(ascii: "+")) }
    try skipDigits()
  }

  /// Whether PostgreSQL's numeric, which jsonb keeps numbers in, can hold a number.
  static func fitsNumeric(_ number: UnsafeRawBufferPointer) -> Bool {
    guard number.count > 1000 || number.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return true }
    guard let digits = DecimalDigits(number) else { return false }
    return digits.scale <= 16_383 && digits.wholeDigits <= 131_072 && number.count < 140_000
  }

  @inline(__always)
  mutating func skipWord(_ word: StaticString) throws(JSONProblem) {
    for index in 0..<word.utf8CodeUnitCount {
      guard at < text.count else { throw .endsTooEarly }
      guard text[at] == word.utf8Start[index] else { throw .expected(.value, at: at) }
      at += 1
    }
  }

  @inline(__always)
  private mutating func skipScalar() throws(JSONProblem) {
    switch text[at] {
    case UInt8(ascii: "\""): _ = try skipString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let start = at
      try skipNumber()
      guard Self.fitsNumeric(UnsafeRawBufferPointer(rebasing: text[start..<at])) else { throw .numberOutOfRange }
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    default: throw .expected(.value, at: at)
    }
  }

  /// Any value. Levels are counted in bits, not on the stack.
  mutating func skipValue() throws(JSONProblem) {
    var levels = Levels()
    while true {
      skipSpace()
      guard at < text.count else { throw .endsTooEarly }
      let byte = text[at]
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        guard levels.count < depthLimit else { throw .tooDeep(depthLimit) }
        at += 1
        levels.push(isObject: byte == UInt8(ascii: "{"))
        if try opens(levels.isObject) { continue }
        levels.pop()
      } else {
        try skipScalar()
      }
      if try closes(&levels) { return }
    }
  }

  /// - Returns: whether an element follows; false where the level ends at once.
  private mutating func opens(_ isObject: Bool) throws(JSONProblem) -> Bool {
    skipSpace()
    if takes(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { return false }
    if isObject { try skipKey() }
    return true
  }

  /// What stands behind a value: ends of levels, or a comma.
  ///
  /// - Returns: whether the outermost value has ended.
  @inline(__always)
  private mutating func closes(_ levels: inout Levels) throws(JSONProblem) -> Bool {
    while levels.count > 0 {
      skipSpace()
      guard at < text.count else { throw .endsTooEarly }
      if takes(UInt8(ascii: ",")) {
        skipSpace()
        if levels.isObject { try skipKey() }
        return false
      }
      guard takes(levels.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw .expected(.comma, at: at) }
      levels.pop()
    }
    return true
  }

  private mutating func skipKey() throws(JSONProblem) {
    guard at < text.count else { throw .endsTooEarly }
    guard text[at] == UInt8(ascii: "\"") else { throw .expected(.key, at: at) }
    _ = try skipString()
    skipSpace()
    guard at < text.count else { throw .endsTooEarly }
    guard takes(UInt8(ascii: ":")) else { throw .expected(.colon, at: at) }
  }
}

/// Which of the levels that are open are objects: a bit for each, the innermost in `top`.
private struct Levels {
  private(set) var count = 0
  private var top: UInt64 = 0
  private var below: [UInt64] = []

  var isObject: Bool { top & 1 == 1 }

  mutating func push(isObject: Bool) {
    if count > 0, count % 64 == 0 { below.append(top) }
    top = top << 1 | (isObject ? 1 : 0)
    count += 1
  }

  mutating func pop() {
    count -= 1
    if count > 0, count % 64 == 0 { top = below.removeLast() } else { top >>= 1 }
  }
}
