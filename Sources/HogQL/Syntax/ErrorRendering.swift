extension QueryError {
  /// The place's line and column, both from 1, the column in Unicode scalars.
  public func lineAndColumn(in text: String) -> (line: Int, column: Int) {
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars.prefix(max(span.start, 0)) {
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
    return (line, column)
  }

  /// The message with line and column, the line of the text, a mark below the place, and the hint.
  public func rendered(in text: String) -> String {
    let (line, column) = lineAndColumn(in: text)
    let (source, marks) = excerpt(of: text, column: column)
    var result = "line \(line), column \(column): \(message)\n  \(source)\n  \(marks)"
    if let hint { result += "\nHint: \(hint)" }
    return result
  }

  /// The place's line, cut to a screen's width around it, and carets for the line below.
  private func excerpt(of text: String, column: Int) -> (String, String) {
    let scalars = text.unicodeScalars
    let place = min(max(span.start, 0), scalars.count)
    let lead = min(column - 1, 50)
    let start = scalars.index(scalars.startIndex, offsetBy: place - lead)
    let rest = scalars[start...].prefix { $0 != "\n" && $0 != "\r" }
    let shown = Array(rest.prefix(lead + 50))
    let isCutLeft = lead < column - 1
    let isCutRight = shown.count < rest.count
    let line = shown.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
    let before = shown.prefix(lead).reduce(isCutLeft ? 1 : 0) { $0 + $1.screenWidth }
    let marked = shown.dropFirst(lead).prefix(max(0, span.end - span.start))
    let width = max(1, marked.reduce(0) { $0 + $1.screenWidth })
    return (
      (isCutLeft ? "…" : "") + line + (isCutRight ? "…" : ""),
      String(repeating: " ", count: before) + String(repeating: "^", count: width)
    )
  }
}

extension Unicode.Scalar {
  /// How many columns of a screen it takes.
  fileprivate var screenWidth: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    switch value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
