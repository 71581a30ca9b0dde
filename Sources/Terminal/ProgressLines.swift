/// Draws running schemas as lines whose parts stand in columns.
struct ProgressLines {
  let style: Style
  let size: TerminalSize
  let time: Double

  private static let longestBar = 16
  private static let gap = "  "

  /// At most one line fewer than the terminal has, since the cursor waits below them.
  func render(_ schemas: [RunningSchema]) -> [String] {
    let room = size.rows - 1
    guard room > 0, !schemas.isEmpty else { return [] }
    if schemas.count <= room { return lines(of: schemas) }
    let shown = schemas.prefix(room - 1)
    let rest = "+ \(Readable.count(schemas.count - shown.count)) more running"
    return lines(of: Array(shown)) + [style.dim(rest.truncated(to: usableColumns))]
  }

  /// The last column stays empty: a line that fills it leaves the cursor in a place where terminals differ.
  private var usableColumns: Int { max(1, size.columns - 1) }

  private func lines(of schemas: [RunningSchema]) -> [String] {
    var columns = Part.allCases.map { part in
      Column(part: part, texts: schemas.map { text(of: part, $0) })
    }
    columns.removeAll { $0.width == 0 }
    fit(&columns)
    return schemas.indices.map { row in line(row, of: schemas[row], columns) }
  }

  /// Cuts what is long, then leaves out what matters least, then cuts the names, until a line fits.
  private func fit(_ columns: inout [Column]) {
    func excess() -> Int {
      columns.reduce(-Self.gap.count) { $0 + $1.width + Self.gap.count } - usableColumns
    }
    func cut(_ part: Part, to floor: Int) {
      guard excess() > 0, let index = columns.firstIndex(where: { $0.part == part }) else { return }
      columns[index].width = min(columns[index].width, max(floor, columns[index].width - excess()))
    }
    cut(.phase, to: 12)
    cut(.bar, to: 6)
    cut(.name, to: 24)
    for part in Part.leastFirst where excess() > 0 { columns.removeAll { $0.part == part } }
    cut(.name, to: 1)
  }

  private func line(_ row: Int, of schema: RunningSchema, _ columns: [Column]) -> String {
    var result = ""
    var spaces = 0
    for column in columns {
      let isBar = column.part == .bar
      let text = isBar ? column.texts[row] : column.texts[row].truncated(to: column.width)
      let padding = text.isEmpty || isBar ? 0 : column.width - text.displayWidth
      guard !text.isEmpty else {
        spaces += column.width + Self.gap.count
        continue
      }
      if column.part.isRight { spaces += padding }
      result += String(repeating: " ", count: spaces)
      result += isBar ? bar(schema.fraction ?? 0, column.width) : painted(text, column.part)
      spaces = Self.gap.count + (column.part.isRight ? 0 : padding)
    }
    return result
  }

  private func text(of part: Part, _ schema: RunningSchema) -> String {
    switch part {
    case .name: schema.name
    case .bar: schema.fraction == nil ? "" : String(repeating: "█", count: Self.longestBar)
    case .percent: schema.fraction.map(Readable.percent) ?? ""
    case .rows: "\(Readable.count(schema.rows)) rows"
    case .bytes: Readable.bytes(schema.bytes)
    case .rate: schema.rate(at: time).map { Readable.rate($0) } ?? ""
    case .eta: Readable.eta(schema.remaining(at: time))
    case .phase: schema.phase
    }
  }

  private func painted(_ text: String, _ part: Part) -> String {
    part == .eta || part == .phase ? style.dim(text) : text
  }

  private func bar(_ fraction: Double, _ width: Int) -> String {
    let full = Int(max(0, fraction) * Double(width))
    return style.cyan(String(repeating: "█", count: full))
      + style.dim(String(repeating: "░", count: width - full))
  }
}

/// The parts of a line, from left to right.
private enum Part: CaseIterable {
  case name, bar, percent, rows, bytes, rate, eta, phase

  /// The order in which a narrow terminal loses them.
  static let leastFirst: [Part] = [.bar, .bytes, .phase, .eta, .rate, .percent, .rows]

  var isRight: Bool {
    switch self {
    case .percent, .rows, .bytes, .rate: true
    case .name, .bar, .eta, .phase: false
    }
  }

  /// So that a column does not jump with each digit.
  var minimumWidth: Int {
    switch self {
    case .percent: 4
    case .rows: 10
    case .bytes: 7
    case .rate: 12
    case .name, .bar, .eta, .phase: 0
    }
  }
}

private struct Column {
  let part: Part
  let texts: [String]
  /// 0 where no schema has anything to show.
  var width: Int

  init(part: Part, texts: [String]) {
    self.part = part
    self.texts = texts
    let widest = texts.reduce(0) { max($0, $1.displayWidth) }
    width = widest == 0 ? 0 : max(widest, part.minimumWidth)
  }
}
