/// Whether bytes are what PostgreSQL's text can hold: UTF-8 without NUL.
enum TextCheck {
  /// - Returns: nil where they are.
  static func problem(_ text: UnsafeRawBufferPointer) -> ValueProblem? {
    let end = cleanEnd(text, from: 0)
    guard end < text.count else { return nil }
    return text[end] == 0 ? .nul : .notUTF8(at: end)
  }

  /// The first place from `start` where no such character begins, or the end.
  static func cleanEnd(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    while true {
      at = skipASCII(text, at)
      guard at < text.count else { return at }
      let length = sequence(text, at)
      guard length > 0 else { return at }
      at += length
    }
  }

  /// The first place from `start` that is no ASCII character, or NUL, or the end.
  @inline(__always)
  private static func skipASCII(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start
    while at + 16 <= text.count {
      let chunk = text.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
      // NUL becomes 255, 1 to 127 become 0 to 126, and 128 becomes 127: all but the last differ in the highest bit.
      guard (chunk &- 1).max() < 0x7F else { break }
      at += 16
    }
    while at < text.count, text[at] &- 1 < 0x7F { at += 1 }
    return at
  }

  /// The length of the sequence that begins here, by table 3-7 of the Unicode standard; 0 where none does.
  @inline(__always)
  private static func sequence(_ text: UnsafeRawBufferPointer, _ at: Int) -> Int {
    let first = text[at]
    let left = text.count - at
    func follows(_ offset: Int) -> Bool { text[at + offset] & 0xC0 == 0x80 }
    switch first {
    case 0xC2...0xDF: return left >= 2 && follows(1) ? 2 : 0
    case 0xE0...0xEF:
      guard left >= 3, follows(1), follows(2) else { return 0 }
      if first == 0xE0, text[at + 1] < 0xA0 { return 0 }
      if first == 0xED, text[at + 1] > 0x9F { return 0 }
      return 3
    case 0xF0...0xF4:
      guard left >= 4, follows(1), follows(2), follows(3) else { return 0 }
      if first == 0xF0, text[at + 1] < 0x90 { return 0 }
      if first == 0xF4, text[at + 1] > 0x8F { return 0 }
      return 4
    default: return 0
    }
  }

  /// How many characters valid UTF-8 has.
  static func characters(_ text: UnsafeRawBufferPointer) -> Int {
    text.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
  }
}
