extension TextTable {
  /// Columns that may shrink keep this much, unless nothing else helps.
  private static let comfortable = 8

  /// The width of each column, so that a line fits into `width` if that can be done: the widest flexible
  /// column gives first, then any.
  func fittedWidths(titles: [String], width: Int?) -> [Int] {
    var widths = naturalWidths(titles: titles)
    guard let width else { return widths }
    let room = max(0, width - Self.gap * (columns.count - 1))
    let flexible = columns.indices.filter { columns[$0].isFlexible }
    shrink(&widths, among: flexible, to: room, floor: Self.comfortable)
    shrink(&widths, among: Array(columns.indices), to: room, floor: Self.comfortable)
    shrink(&widths, among: Array(columns.indices), to: room, floor: 1)
    return widths
  }

  private func naturalWidths(titles: [String]) -> [Int] {
    var widths = titles.map(\.displayWidth)
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], cell.text.displayWidth)
      }
    }
    return widths
  }

  /// Takes from the widest of `candidates`, never below `floor`, until the sum is `room`.
  private func shrink(_ widths: inout [Int], among candidates: [Int], to room: Int, floor: Int) {
    var excess = widths.reduce(0, +) - room
    while excess > 0 {
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }), widths[widest] > floor
      else { return }
      let next = candidates.filter { $0 != widest }.map { widths[$0] }.max() ?? floor
      let cut = min(excess, max(1, widths[widest] - max(next, floor)))
      widths[widest] -= cut
      excess -= cut
    }
  }
}
