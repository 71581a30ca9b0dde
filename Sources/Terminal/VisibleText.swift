extension StringProtocol {
  /// The text with everything that could command a terminal or hide something written out: `\n`, `\x1B`,
  /// `\u202E`. Data can then neither move the cursor, nor colour, reorder or forge what stands around it.
  public var visible: String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(self) }
    return visible { _ in false }
  }

  /// The text as ``visible`` gives it, with the colours of ``Style`` left as they are, for a line that we
  /// painted and that may quote data.
  var visibleKeepingPaint: String {
    let scalars = Array(unicodeScalars)
    var paint: Set<Int> = []
    for start in scalars.indices where scalars[start] == "\u{1B}" {
      if let end = endOfPaint(in: scalars, from: start) { paint.formUnion(start..<end) }
    }
    return visible { paint.contains($0) }
  }

  private func visible(keeping isKept: (Int) -> Bool) -> String {
    var result = String.UnicodeScalarView()
    for (index, scalar) in unicodeScalars.enumerated() {
      if scalar.commandsTerminal && !isKept(index) {
        result.append(contentsOf: scalar.writtenOut.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text cut to `width` columns, with `…` at the end where something is missing.
  public func truncated(to width: Int) -> String {
    if displayWidth <= width { return String(self) }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in self {
      used += character.displayWidth
      if used > width - 1 { break }
      result.append(character)
    }
    return result + "…"
  }
}

/// Where the escape that ``Style`` writes ends, or nil when `start` begins another one.
private func endOfPaint(in scalars: [Unicode.Scalar], from start: Int) -> Int? {
  guard start + 2 < scalars.count, scalars[start + 1] == "[" else { return nil }
  var code = 0
  for index in (start + 2)..<min(start + 5, scalars.count) {
    if scalars[index] == "m" { return Paint.isKnown(code) ? index + 1 : nil }
    guard ("0"..."9").contains(scalars[index]) else { return nil }
    code = code * 10 + Int(scalars[index].value - 0x30)
  }
  return nil
}

extension Unicode.Scalar {
  /// Whether a terminal may obey this code point, or break the line or its order at it.
  fileprivate var commandsTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
  }

  fileprivate var writtenOut: String {
    switch self {
    case "\n": return #"\n"#
    case "\r": return #"\r"#
    case "\t": return #"\t"#
    default: break
    }
    let digits = String(value, radix: 16, uppercase: true)
    let wanted = value < 0x100 ? 2 : 4
    let zeros = String(repeating: "0", count: max(0, wanted - digits.count))
    return (value < 0x100 ? #"\x"# : #"\u"#) + zeros + digits
  }
}
