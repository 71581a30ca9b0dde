import Synchronization
import Terminal

/// A terminal that understands what the progress board sends, so that tests can look at the screen.
///
/// Like most of today's, it keeps the cursor in the last column until something more is written, and breaks
/// lines anew when its width changes. It traps on an escape that it does not know.
final class VirtualTerminal: Sendable {
  private let screen: Mutex<Screen>

  init(columns: Int, rows: Int) { screen = Mutex(Screen(columns: columns, rows: rows)) }

  /// Everything from the first line on, without the blank end: what scrolled away, then the screen.
  var lines: [String] { screen.withLock { $0.text(from: 0) } }

  /// What is on the screen.
  var visibleLines: [String] { screen.withLock { $0.text(from: $0.top) } }

  /// Row on the screen and column, from 0.
  var cursor: [Int] { screen.withLock { [$0.row - $0.top, $0.column] } }

  /// How often something was written.
  var writes: Int { screen.withLock { $0.writes } }

  var size: TerminalSize { screen.withLock { TerminalSize(columns: $0.columns, rows: $0.rows) } }

  func write(_ text: String) { screen.withLock { $0.write(text) } }

  func resize(columns: Int, rows: Int) { screen.withLock { $0.resize(columns, rows) } }

  func stream(style: Style = .off, isReady: @escaping @Sendable () -> Bool = { true })
    -> TerminalStream
  {
    TerminalStream(
      isTerminal: true, style: style, size: { self.size }, isReady: isReady,
      write: { self.write($0) })
  }
}

private struct Screen {
  struct Line {
    var cells: [Character] = []
    /// Whether the next line goes on with the same text.
    var isBroken = false
  }

  var columns: Int
  var rows: Int
  var writes = 0
  /// The cursor; the row counts from the very first line.
  var row = 0
  var column = 0
  private var history = [Line()]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// The line at the top of the screen.
  var top: Int { max(0, history.count - rows) }

  func text(from first: Int) -> [String] {
    var lines = history[first...].map { Self.trimmed(String($0.cells.filter { $0 != "\0" })) }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  mutating func write(_ text: String) {
    writes += 1
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n":
        column = 0
        moveDown()
      case "\u{1B}": obey(&rest)
      default: put(character)
      }
    }
  }

  private mutating func obey(_ rest: inout Substring) {
    precondition(rest.popFirst() == "[", "an escape begins with a bracket")
    let digits = rest.prefix(while: \.isNumber)
    rest.removeFirst(digits.count)
    switch rest.popFirst() {
    case "A": row = max(top, row - max(1, Int(digits) ?? 1))
    case "K":
      history[row].cells.removeLast(max(0, history[row].cells.count - column))
      history[row].isBroken = false
    case "m": break
    case let other: preconditionFailure("unknown escape \(other.map(String.init) ?? "")")
    }
  }

  private mutating func put(_ character: Character) {
    let width = String(character).displayWidth
    precondition(width > 0, "what has no width of its own would need a place to join")
    if column + width > columns {
      history[row].isBroken = true
      column = 0
      moveDown()
    }
    let missing = column + width - history[row].cells.count
    if missing > 0 { history[row].cells += Array(repeating: " ", count: missing) }
    history[row].cells[column] = character
    // The right half of a wide character.
    if width == 2 { history[row].cells[column + 1] = "\0" }
    column += width
  }

  private mutating func moveDown() {
    row += 1
    if row == history.count { history.append(Line()) }
  }

  mutating func resize(_ columns: Int, _ rows: Int) {
    let old = history
    let cursor = row
    history = []
    var joined: [Character] = []
    for (index, line) in old.enumerated() {
      if index == cursor { row = history.count }
      joined += line.cells
      if line.isBroken { continue }
      history += Self.broken(joined, columns)
      joined = []
    }
    self.columns = columns
    self.rows = rows
  }

  private static func broken(_ cells: [Character], _ columns: Int) -> [Line] {
    var rest = Array(trimmed(String(cells)))
    var lines: [Line] = []
    while rest.count > columns {
      lines.append(Line(cells: Array(rest.prefix(columns)), isBroken: true))
      rest.removeFirst(columns)
    }
    return lines + [Line(cells: rest)]
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}
