import Glibc

/// Binary floating point, to the nearest value as PostgreSQL reads it.
enum FloatText {
  static func double(_ text: UnsafeRawBufferPointer) -> Result<Double, ValueProblem> { parse(text) { strtod($0, nil) } }

  static func float(_ text: UnsafeRawBufferPointer) -> Result<Float, ValueProblem> { parse(text) { strtof($0, nil) } }

  private static func parse<Value: BinaryFloatingPoint>(
    _ text: UnsafeRawBufferPointer, _ read: (UnsafePointer<CChar>) -> Value
  ) -> Result<Value, ValueProblem> {
    switch WordText.special(text) {
    case .notANumber: return .success(.nan)
    case .infinity: return .success(.infinity)
    case .negativeInfinity: return .success(-.infinity)
    case nil: break
    }
    guard isNumber(text) else { return .failure(.number) }
    let value = terminated(text, read)
    return value.isInfinite || value == 0 && !isZero(text) ? .failure(.outOfRange) : .success(value)
  }

  /// Whether the text is a decimal number: `strtod` would also take `0x1p3` and what stands before rubbish.
  private static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
    var at = 0
    func skipDigits() -> Int {
      let start = at
      while at < text.count, text[at] &- UInt8(ascii: "0") <= 9 { at += 1 }
      return at - start
    }
    func skipSign() {
      if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") { at += 1 }
    }
    skipSign()
    var digits = skipDigits()
    if at < text.count, text[at] == UInt8(ascii: ".") {
      at += 1
      digits += skipDigits()
    }
    guard digits > 0 else { return false }
    if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      skipSign()
      guard skipDigits() > 0 else { return false }
    }
    return at == text.count
  }

  private static func isZero(_ text: UnsafeRawBufferPointer) -> Bool {
    text.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
  }

  /// `strtod` reads to a NUL, which the text has not.
  private static func terminated<Value>(_ text: UnsafeRawBufferPointer, _ body: (UnsafePointer<CChar>) -> Value) -> Value {
    withUnsafeTemporaryAllocation(byteCount: text.count + 1, alignment: 1) { buffer in
      buffer.copyMemory(from: text)
      buffer[text.count] = 0
      return body(buffer.bindMemory(to: CChar.self).baseAddress!)
    }
  }
}
