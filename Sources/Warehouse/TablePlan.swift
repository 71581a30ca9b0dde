public import Rows

/// A column on its way in, with the number that lasts when it is renamed.
public struct IncomingColumn: Hashable, Sendable {
  public var number: Int
  public var column: Column
  /// The value that rows from before the column was added have at the source, as text; nil for NULL.
  public var fill: String?
  /// Whether rows from before may have values that only the source knows.
  public var needsReload: Bool

  public init(number: Int, column: Column, fill: String? = nil, needsReload: Bool = false) {
    self.number = number
    self.column = column
    self.fill = fill
    self.needsReload = needsReload
  }

  public var name: String { column.name }
}

/// One change that makes a table ready for the columns that arrive.
public enum TableChange: Hashable, Sendable {
  case rename(from: String, to: String)
  case add(Column, fill: String?)
  /// Gives `column` a type that holds its old values and the new ones. PostgreSQL only notes it down.
  case relabel(column: String, to: ColumnType)
  /// The same, where each value is written anew.
  case widen(column: String, to: ColumnType)
}

extension [TableChange] {
  /// Each renamed column's old name and its new one, steps in between left out.
  public var renames: [String: String] {
    reduce(into: [:]) { renames, change in
      guard case .rename(let from, let to) = change else { return }
      renames[renames.first { $0.value == from }?.key ?? from] = to
    }
  }
}

/// What has to happen to a synced table before the rows of a source with these columns can land in it. Pure.
public struct TablePlan: Hashable, Sendable {
  public var changes: [TableChange] = []
  /// Why the rows of now cannot be kept; empty where they can.
  public var reloadReasons: [String] = []
  /// What the user should know.
  public var notes: [String] = []

  public init() {}

  /// - Parameters:
  ///   - incoming: the source's columns now.
  ///   - known: its columns at the last sync; empty before the first.
  ///   - keepsNumbers: whether `incoming` and `known` are columns of the same table, so that a number tells one that was
  ///     renamed. Else names are all that is left to go by.
  ///   - existing: the synced table's columns; nil before the first load.
  ///   - own: the columns of Hedgerow's own that the mode needs.
  public static func make(
    incoming: [IncomingColumn], known: [IncomingColumn], keepsNumbers: Bool = true, existing: [Column]?, own: [Column]
  ) -> TablePlan {
    var plan = TablePlan()
    guard var present = existing else { return plan }
    if keepsNumbers { plan.findRenames(incoming, known, &present) }
    for column in incoming { plan.compare(column, present, isFirst: known.isEmpty) }
    for column in own where !present.contains(where: { $0.name == column.name }) {
      plan.changes.append(.add(column, fill: nil))
    }
    let names = Set(incoming.map(\.name))
    let numbers = keepsNumbers ? Set(incoming.map(\.number)) : []
    let gone = known.filter { !names.contains($0.name) && !numbers.contains($0.number) }
    for column in gone where present.contains(where: { $0.name == column.name }) {
      plan.notes.append("column \(column.name) is gone at the source: it stays, and is NULL in rows that come from now on")
    }
    return plan
  }

  private mutating func findRenames(_ incoming: [IncomingColumn], _ known: [IncomingColumn], _ present: inout [Column]) {
    var pairs: [(from: String, to: String)] = []
    for column in incoming {
      guard let before = known.first(where: { $0.number == column.number }), before.name != column.name,
        present.contains(where: { $0.name == before.name })
      else { continue }
      pairs.append((before.name, column.name))
    }
    // A name gets free when its column takes another one. Who waits for one that stays cannot have it, and so keeps its
    // own from those who wait for that.
    let taken = Set(present.map(\.name))
    var possible = pairs
    while let stuck = possible.first(where: { pair in taken.contains(pair.to) && !possible.contains { $0.from == pair.to } }) {
      possible.removeAll { $0.from == stuck.from }
      reloadReasons.append("column \(stuck.from) was renamed to \(stuck.to), which the table has already")
    }
    // Columns may have exchanged their names: those whose new name is taken go by a third one.
    for (index, pair) in possible.enumerated() {
      let isIndirect = taken.contains(pair.to)
      changes.append(.rename(from: pair.from, to: isIndirect ? "_hedgerow_rename_\(index)" : pair.to))
    }
    for (index, pair) in possible.enumerated() where taken.contains(pair.to) {
      changes.append(.rename(from: "_hedgerow_rename_\(index)", to: pair.to))
    }
    let names = Dictionary(possible.map { ($0.from, $0.to) }, uniquingKeysWith: { first, _ in first })
    for index in present.indices { present[index].name = names[present[index].name] ?? present[index].name }
    notes += possible.map { "column \($0.from) was renamed to \($0.to) at the source, and so here" }
  }

  private mutating func compare(_ incoming: IncomingColumn, _ present: [Column], isFirst: Bool) {
    let column = incoming.column
    guard let existing = present.first(where: { $0.name == column.name }) else {
      changes.append(.add(column, fill: incoming.fill))
      if !isFirst { notes.append("column \(column.name) (\(column.type)) is new at the source, and was added") }
      if incoming.needsReload { reloadReasons.append("column \(column.name) is new and the source filled it in rows that were there") }
      return
    }
    guard existing.type != column.type else { return }
    switch TypeChange(from: existing.type, to: column.type) {
    case .same: break
    case .relabel:
      changes.append(.relabel(column: column.name, to: column.type))
      notes.append("column \(column.name) was widened from \(existing.type) to \(column.type)")
    case .widen:
      changes.append(.widen(column: column.name, to: column.type))
      notes.append("column \(column.name) was widened from \(existing.type) to \(column.type)")
    case .other:
      changes.append(.widen(column: column.name, to: column.type))
      reloadReasons.append("the type of column \(column.name) changed from \(existing.type) to \(column.type)")
    }
  }
}
