extension JSONTape {
  /// A string's text, or the text of any other value as it stands.
  ///
  /// What PostgreSQL and UTF-8 cannot hold becomes U+FFFD: NUL, and half of a surrogate pair.
  public func string(_ value: Int) -> String {
    String(decoding: textBytes(value), as: UTF8.self)
  }

  /// The UTF-8 of `string`.
  public func textBytes(_ value: Int) -> [UInt8] {
    let text = range(value)
    guard kind(value) == .string else { return [UInt8](bytes[text]) }
    let inner = text.lowerBound + 1..<text.upperBound - 1
    guard hasEscapes(value) else { return [UInt8](bytes[inner]) }
    var result: [UInt8] = []
    result.reserveCapacity(inner.count)
    var at = inner.lowerBound
    while at < inner.upperBound {
      guard bytes[at] == UInt8(ascii: "\\") else {
        result.append(bytes[at])
        at += 1
        continue
      }
      at += unescape(at, inner.upperBound, &result)
    }
    return result
  }

  /// - Returns: how many bytes were read.
  private func unescape(_ at: Int, _ end: Int, _ result: inout [UInt8]) -> Int {
    switch bytes[at + 1] {
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      let (scalar, width) = scalar(at, end)
      result += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      return width
    default: result.append(bytes[at + 1])
    }
    return 2
  }

  /// The character of the `\u` at a place, and how many bytes it takes with its second half.
  private func scalar(_ at: Int, _ end: Int) -> (Unicode.Scalar, width: Int) {
    let high = unit(at)
    if high & 0xFC00 == 0xD800, at + 12 <= end, bytes[at + 6] == UInt8(ascii: "\\"), bytes[at + 7] == UInt8(ascii: "u") {
      let low = unit(at + 6)
      if low & 0xFC00 == 0xDC00, let pair = Unicode.Scalar(0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(low & 0x3FF))) { return (pair, 12) }
    }
    return (high == 0 ? "\u{FFFD}" : Unicode.Scalar(high) ?? "\u{FFFD}", 6)
  }

  private func unit(_ at: Int) -> UInt16 {
    (2..<6).reduce(0) { $0 << 4 | (hexDigit(bytes[at + $1]) ?? 0) }
  }

  /// The value's text as `jsonb` takes it: as it stands, except that NUL and halves of surrogate pairs become U+FFFD.
  public func storableJSON(_ value: Int) -> [UInt8] {
    let text = range(value)
    guard hasEscapes(value) else { return [UInt8](bytes[text]) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var at = text.lowerBound
    while at < text.upperBound {
      guard bytes[at] == UInt8(ascii: "\\") else {
        result.append(bytes[at])
        at += 1
        continue
      }
      guard bytes[at + 1] == UInt8(ascii: "u") else {
        result += bytes[at..<at + 2]
        at += 2
        continue
      }
      let (scalar, width) = scalar(at, text.upperBound)
      result += scalar == "\u{FFFD}" ? Array("\\ufffd".utf8) : Array(bytes[at..<at + width])
      at += width
    }
    return result
  }
}
