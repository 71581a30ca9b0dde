/// Whether bytes are JSON that `jsonb` takes: RFC 8259, without escapes for NUL and for half a surrogate pair.
struct JSONCheck {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0
  private static let deepest = 512

  static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard ParquetTextCheck.firstFault(bytes) == nil else { return false }
    var check = JSONCheck(bytes: bytes)
    return check.value(depth: 0) && check.skipSpace() == nil
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next byte that is no blank, not taken yet; nil at the end.
  private mutating func skipSpace() -> UInt8? {
    while at < bytes.count {
      let byte = bytes[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      at += 1
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard skipSpace() == byte else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) -> Bool {
    guard depth < Self.deepest, let byte = skipSpace() else { return false }
    switch byte {
    case UInt8(ascii: "{"): return members(depth)
    case UInt8(ascii: "["): return elements(depth)
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number()
    }
  }

  private mutating func members(_ depth: Int) -> Bool {
    at += 1
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      guard skipSpace() == UInt8(ascii: "\""), string(), take(UInt8(ascii: ":")), value(depth: depth + 1) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  private mutating func elements(_ depth: Int) -> Bool {
    at += 1
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      guard value(depth: depth + 1) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private mutating func word(_ word: StaticString) -> Bool {
    guard bytes.count - at >= word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount where bytes[at + index] != word.utf8Start[index] { return false }
    at += word.utf8CodeUnitCount
    return true
  }

  private mutating func string() -> Bool {
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      if byte == UInt8(ascii: "\\"), !escape() { return false }
    }
    return false
  }

  private mutating func escape() -> Bool {
    guard at < bytes.count else { return false }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"): break
    default: return false
    }
    guard let unit = hex(), unit != 0, !(0xDC00...0xDFFF).contains(unit) else { return false }
    guard (0xD800...0xDBFF).contains(unit) else { return true }
    guard word("\\u"), let low = hex() else { return false }
    return (0xDC00...0xDFFF).contains(low)
  }

  private mutating func hex() -> UInt16? {
    guard bytes.count - at >= 4 else { return nil }
    var value: UInt16 = 0
    for _ in 0..<4 {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return value
  }

  private mutating func digits() -> Int {
    let start = at
    while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") { at += 1 }
    return at - start
  }

  private mutating func number() -> Bool {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    let whole = digits()
    guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else { return false }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      guard digits() > 0 else { return false }
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < bytes.count, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") { at += 1 }
      // PostgreSQL's numeric ends at about 131,072 digits; five digits of exponent could go beyond.
      guard (1...4).contains(digits()) else { return false }
    }
    return at - start < 6_000
  }
}
