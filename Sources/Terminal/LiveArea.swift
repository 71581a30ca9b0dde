/// The lines at the bottom of a terminal that are drawn again in place.
///
/// The cursor always rests at the start of the line below them and is never hidden, so that a process that
/// is killed at any moment leaves a terminal in order.
struct LiveArea: Sendable {
  /// The widths of the lines that stand there now.
  private var drawnWidths: [Int] = []
  private var drawnLines: [String] = []
  private var columns = 0

  /// What to send so that `permanent` lines stay above and `live` lines stand below; empty when nothing
  /// changed. Each live line must be narrower than the terminal, and there must be fewer than it has rows.
  mutating func frame(
    permanent: [String] = [], live: [String], size: TerminalSize
  ) -> String {
    if permanent.isEmpty && live == drawnLines && size.columns == columns { return "" }
    let isSameShape = size.columns == columns && live.count >= drawnLines.count
    let rows = min(rowsTaken(columns: size.columns), max(0, size.rows - 1))
    var text = rows > 0 ? "\r" + Escape.up(rows) : ""
    if permanent.isEmpty && isSameShape {
      for line in live { text += line + Escape.eraseRest + "\n" }
    } else {
      text += Self.clear(rows)
      for line in permanent + live { text += line + "\n" }
    }
    drawnLines = live
    drawnWidths = live.map { Escape.removed(from: $0).displayWidth }
    columns = size.columns
    return text
  }

  /// What to send so that the live lines are gone and the cursor stands where they began.
  mutating func erase(size: TerminalSize) -> String {
    frame(live: [], size: size)
  }

  /// Empties rows from the cursor on and comes back. Row by row, since some terminals take "erase all below"
  /// in the first row for a cleared screen, whose lines they keep for scrolling back.
  private static func clear(_ rows: Int) -> String {
    if rows == 0 { return "" }
    return String(repeating: Escape.eraseRest + "\n", count: rows) + Escape.up(rows)
  }

  /// A terminal that became narrower has broken the lines into several rows each.
  private func rowsTaken(columns: Int) -> Int {
    drawnWidths.reduce(0) { $0 + max(1, ($1 + columns - 1) / max(1, columns)) }
  }
}

/// The two escapes that the live lines need; every terminal since the VT100 knows them.
enum Escape {
  static let eraseRest = "\u{1B}[K"

  static func up(_ lines: Int) -> String { "\u{1B}[\(lines)A" }

  /// The text without its colours.
  static func removed(from text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    var result = String.UnicodeScalarView()
    var isInside = false
    for scalar in text.unicodeScalars {
      if isInside {
        isInside = scalar != "m"
      } else if scalar == "\u{1B}" {
        isInside = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
