import Testing

@testable import Terminal

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("plain", 5), ("größe", 5), ("gro\u{308}ße", 5), ("客户", 4), ("ｆｕｌｌ", 8), ("ﾊﾝｶｸ", 4),
    ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("🌿", 2), ("👍🏽", 2), ("👨‍👩‍👧‍👦", 2), ("🇩🇪🇫🇷", 4), ("❤️", 2),
    ("❤", 1), ("1️⃣", 2), ("⌚", 2), ("a\u{200B}b", 2), ("ש\u{5C1}לום", 4), ("ไทย", 3), ("น้ำ", 2),
    ("─│█…", 4),
    ("\u{E000}", 1), ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2), ("𠀀", 2),
  ])
  func `a text takes the columns that a terminal gives it`(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test(arguments: [
    ("plain", 5, "plain"), ("plain", 4, "pla…"), ("plain", 1, "…"), ("plain", 0, ""), ("", 0, ""),
    ("客户", 4, "客户"), ("客户", 3, "客…"), ("客户", 2, "…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ("👍🏽👍🏽", 3, "👍🏽…"),
  ])
  func `a text is cut at a character`(text: String, width: Int, expected: String) {
    #expect(text.truncated(to: width) == expected)
  }

  @Test(arguments: [
    ("plain größe 🌿 \\", "plain größe 🌿 \\"), ("a\nb\r\nc\td", #"a\nb\r\nc\td"#),
    ("\0\u{1B}\u{7F}", #"\x00\x1B\x7F"#),
    ("\u{9B}31m\u{85}", #"\x9B31m\x85"#), ("user\u{202E}cod", #"user\u202Ecod"#),
    ("\u{2066}\u{FEFF}", #"\u2066\uFEFF"#),
    ("x\u{2028}y", #"x\u2028y"#), ("👨‍👩‍👧", "👨‍👩‍👧"),
  ])
  func `what could command a terminal is written out`(text: String, expected: String) {
    #expect(text.visible == expected)
  }

  @Test func `our own colours may stay, and no others`() {
    let red = Style(isOn: true).red("x")
    #expect(red.visibleKeepingPaint == red)
    for escape in [
      "\u{1B}[8m", "\u{1B}[38;5;1m", "\u{1B}[2J", "\u{1B}[", "\u{1B}", "\u{1B}[311m",
      "\u{1B}[m\u{1B}c",
    ] {
      #expect(!escape.visibleKeepingPaint.contains("\u{1B}c"))
      #expect(escape.visibleKeepingPaint.hasPrefix(#"\x1B"#) || escape.hasPrefix("\u{1B}[m"))
    }
  }
}
