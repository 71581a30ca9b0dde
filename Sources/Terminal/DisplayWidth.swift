extension StringProtocol {
  /// The columns that the text takes on a terminal: 2 for East Asian wide characters and emoji, 0 for
  /// combining marks and other invisible ones.
  ///
  /// Control characters count 0: see ``Swift/StringProtocol/visible``, which leaves none.
  public var displayWidth: Int {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }
}

extension Character {
  /// The columns of one character as a reader sees it, so that a family of emoji joined by zero width
  /// joiners counts 2. Terminals that draw each code point by itself use more for those few.
  var displayWidth: Int {
    if let byte = asciiValue { return byte >= 0x20 && byte < 0x7F ? 1 : 0 }
    var sum = 0
    for scalar in unicodeScalars {
      // The variation selector asks for the emoji form of what stands before it, which is wide.
      if scalar.value == 0xFE0F { return 2 }
      sum += scalar.displayWidth
    }
    return min(sum, 2)
  }
}

extension Unicode.Scalar {
  /// The columns of one code point: 0, 1 or 2.
  var displayWidth: Int {
    switch properties.generalCategory {
    case .control, .nonspacingMark, .enclosingMark, .lineSeparator, .paragraphSeparator: return 0
    case .format: return Self.formatCharactersWithGlyph.contains(value) ? 1 : 0
    default: break
    }
    // The vowels and final consonants of a Hangul syllable stand under its first consonant.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    return isWide ? 2 : 1
  }

  private var isWide: Bool {
    guard value >= 0x1100 else { return false }
    if Self.wideRanges.contains(where: { $0.contains(value) }) { return true }
    // One regional indicator is half a flag.
    return properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF).contains(value)
  }

  /// What UAX #11 calls wide or fullwidth and is no emoji, with the unassigned code points between.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x4E00...0xA4C6, 0xAC00...0xD7A3, 0x3041...0x3247, 0x3250...0x4DBF, 0x2E80...0x303E,
    0x1100...0x115F, 0x2329...0x232A, 0xA960...0xA97C, 0xF900...0xFAD9, 0xFE10...0xFE19,
    0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1F200...0x1F265,
    0x20000...0x3FFFD,
  ]

  /// The soft hyphen, and Arabic and Syriac signs that enclose the digits after them.
  private static let formatCharactersWithGlyph: Set<UInt32> = [
    0xAD, 0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD,
    0x110CD,
  ]
}
