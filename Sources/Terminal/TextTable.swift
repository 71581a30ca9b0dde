/// Rows of text in aligned columns, for a person or for `awk`.
///
/// What stands in a cell may come from anywhere: control characters are shown, never obeyed.
public struct TextTable: Sendable {
  public enum Alignment: Sendable, Hashable { case left, right }

  /// One column with its header.
  public struct Column: Sendable, Hashable {
    public var title: String
    public var alignment: Alignment
    /// Whether its cells may be cut with `…` where the table is wider than the terminal.
    public var isFlexible: Bool

    public init(_ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false) {
      self.title = title
      self.alignment = alignment
      self.isFlexible = isFlexible
    }
  }

  /// What stands in one row of one column.
  public struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
    public var text: String
    public var paint: Paint

    public init(_ text: String, _ paint: Paint = .plain) {
      self.text = text
      self.paint = paint
    }

    public init(stringLiteral value: String) { self.init(value) }
  }

  public var columns: [Column]
  private(set) var rows: [[Cell]] = []
  static let gap = 2

  public init(_ columns: [Column]) { self.columns = columns }

  public var isEmpty: Bool { rows.isEmpty }

  /// Adds a row. Cells that are missing at its end stay empty.
  public mutating func add(_ cells: [Cell]) {
    precondition(cells.count <= columns.count, "a row has no more cells than its table has columns")
    let missing = columns.count - cells.count
    rows.append(
      cells.map { Cell($0.text.visible, $0.paint) } + Array(repeating: Cell(""), count: missing))
  }

  public mutating func add(_ cells: Cell...) { add(cells) }

  /// The table for who reads the stream: cut to the width of a terminal, with a rule under the header;
  /// whole and plain elsewhere.
  public func render(for stream: TerminalStream) -> String {
    guard stream.isTerminal else { return render(style: stream.style) }
    return render(width: stream.width, hasRule: true, style: stream.style)
  }

  /// The table's lines, each with its line end. Nil as `width` cuts nothing.
  public func render(width: Int? = nil, hasRule: Bool = false, style: Style = .off) -> String {
    let titles = columns.map { $0.title.visible }
    let widths = fittedWidths(titles: titles, width: width)
    var text = line(titles.map { Cell($0, .bold) }, widths, style)
    if hasRule {
      let rules = widths.map { String(repeating: "─", count: $0) }
      text += style.dim(rules.joined(separator: gapText)) + "\n"
    }
    for row in rows { text += line(row, widths, style) }
    return text
  }

  private var gapText: String { String(repeating: " ", count: Self.gap) }

  private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
    var result = ""
    // Spaces are written only once something follows them, so that no line ends with any.
    var spaces = 0
    for (index, cell) in cells.enumerated() {
      if index > 0 { spaces += Self.gap }
      let text = cell.text.truncated(to: widths[index])
      let padding = widths[index] - text.displayWidth
      if columns[index].alignment == .right { spaces += padding }
      if !text.isEmpty {
        result += String(repeating: " ", count: spaces) + style(text, cell.paint)
        spaces = 0
      }
      if columns[index].alignment == .left || text.isEmpty { spaces += padding }
    }
    return result + "\n"
  }
}
