import Rows
import Testing
import Warehouse

@Suite struct TablePlanTests {
  @Test func `before the first load there is nothing to change`() {
    let plan = TablePlan.make(incoming: [column(1, "id")], known: [], existing: nil, own: [OwnColumn.syncedAt])
    #expect(plan == TablePlan())
  }

  @Test func `the same columns in another order are no change`() {
    let known = [column(1, "id"), column(2, "name", "text")]
    let plan = TablePlan.make(incoming: known.reversed(), known: known, existing: known.map(\.column), own: [])
    #expect(plan == TablePlan())
  }

  @Test func `a new column is added with its fill, and told`() {
    let known = [column(1, "id")]
    var new = column(2, "state", "text")
    new.fill = "open"
    let plan = TablePlan.make(incoming: known + [new], known: known, existing: known.map(\.column), own: [])
    #expect(plan.changes == [.add(new.column, fill: "open")])
    #expect(plan.reloadReasons == [])
    #expect(plan.notes.count == 1)
    #expect(plan.notes[0].contains("state (text)"))
  }

  @Test func `a new column that the source filled row by row needs a reload`() {
    let known = [column(1, "id")]
    var new = column(2, "serial")
    new.needsReload = true
    let plan = TablePlan.make(incoming: known + [new], known: known, existing: known.map(\.column), own: [])
    #expect(plan.changes == [.add(new.column, fill: nil)])
    #expect(plan.reloadReasons.count == 1)
  }

  @Test func `a column that is gone stays, and is told`() {
    let known = [column(1, "id"), column(2, "old", "text")]
    let plan = TablePlan.make(incoming: [known[0]], known: known, existing: known.map(\.column), own: [])
    #expect(plan.changes == [])
    #expect(plan.reloadReasons == [])
    #expect(plan.notes.count == 1)
    #expect(plan.notes[0].contains("column old is gone"))
  }

  @Test func `a renamed column is seen by its number and keeps its rows`() {
    let known = [column(1, "id"), column(2, "name", "text")]
    let plan = TablePlan.make(incoming: [known[0], column(2, "title", "text")], known: known, existing: known.map(\.column), own: [])
    #expect(plan.changes == [.rename(from: "name", to: "title")])
    #expect(plan.reloadReasons == [])
    #expect(plan.notes == ["column name was renamed to title at the source, and so here"])
  }

  @Test func `a column that was dropped and made anew is another one`() {
    let known = [column(1, "id"), column(2, "name", "text")]
    var new = column(3, "name", "text")
    new.needsReload = true
    let plan = TablePlan.make(incoming: [known[0], new], known: known, existing: known.map(\.column), own: [])
    #expect(!plan.changes.contains { if case .rename = $0 { true } else { false } })
  }

  @Test func `two columns that swapped their names go by a third one`() {
    let known = [column(1, "a"), column(2, "b")]
    let plan = TablePlan.make(incoming: [column(1, "b"), column(2, "a")], known: known, existing: known.map(\.column), own: [])
    #expect(plan.reloadReasons == [])
    #expect(applied(plan, to: ["a", "b"]) == ["b", "a"])
  }

  @Test(arguments: [["b", "c", "d"], ["b", "c", "a"], ["c", "a", "b"], ["x", "a", "b"]])
  func `chains and rings of renames end with the right names`(names: [String]) {
    let known = [column(1, "a"), column(2, "b"), column(3, "c")]
    let incoming = names.enumerated().map { column($0.offset + 1, $0.element) }
    let plan = TablePlan.make(incoming: incoming, known: known, existing: known.map(\.column), own: [])
    #expect(plan.reloadReasons == [])
    #expect(applied(plan, to: ["a", "b", "c"]) == names)
  }

  @Test func `a name that an old column still has needs a reload`() {
    let known = [column(1, "id"), column(2, "name", "text")]
    let existing = known.map(\.column) + [Column(name: "title", type: .text)]
    let plan = TablePlan.make(incoming: [known[0], column(2, "title", "text")], known: known, existing: existing, own: [])
    #expect(plan.changes == [])
    #expect(plan.reloadReasons.count == 1)
    #expect(plan.reloadReasons[0].contains("title"))
  }

  /// The columns a, b, c: `c` is dropped at the source and stays here, so nothing can have its name, nor the names of those that wanted it.
  @Test(arguments: [
    ([(1, "b"), (2, "c")], ["a", "b"], []), ([(2, "c"), (1, "x")], ["b"], [TableChange.rename(from: "a", to: "x")]),
    ([(1, "c"), (2, "a")], ["a", "b"], []), ([(1, "b"), (2, "a")], [], nil),
  ] as [([(Int, String)], [String], [TableChange]?)])
  func `renames that wait for a name which stays taken need a reload, and the others do not`(
    names: [(Int, String)], stuck: [String], changes: [TableChange]?
  ) {
    let known = [column(1, "a"), column(2, "b"), column(3, "c")]
    let incoming = names.map { column($0.0, $0.1) }
    let plan = TablePlan.make(incoming: incoming, known: known, existing: known.map(\.column), own: [])
    if let changes { #expect(plan.changes.filter { if case .add = $0 { false } else { true } } == changes) }
    #expect(plan.reloadReasons.count == stuck.count)
    for name in stuck { #expect(plan.reloadReasons.contains { $0.hasPrefix("column \(name) was renamed to ") }) }
    #expect(Set(applied(plan, to: ["a", "b", "c"])).count == 3)
  }

  @Test func `a renamed column may be wider too`() {
    let known = [column(1, "id"), column(2, "n", "integer")]
    let plan = TablePlan.make(incoming: [known[0], column(2, "m", "bigint")], known: known, existing: known.map(\.column), own: [])
    #expect(plan.changes == [.rename(from: "n", to: "m"), .widen(column: "m", to: ColumnType("bigint"))])
    #expect(plan.reloadReasons == [])
  }

  @Test(arguments: [
    ("integer", "bigint", [TableChange.widen(column: "n", to: ColumnType("bigint"))], false),
    ("character varying(5)", "text", [.relabel(column: "n", to: .text)], false),
    ("text", "integer", [.widen(column: "n", to: ColumnType("integer"))], true),
  ])
  func `a type that changed is widened, or loaded anew`(old: String, new: String, changes: [TableChange], reloads: Bool) {
    let known = [column(1, "n", old)]
    let plan = TablePlan.make(incoming: [column(1, "n", new)], known: known, existing: known.map(\.column), own: [])
    #expect(plan.changes == changes)
    #expect(plan.reloadReasons.isEmpty == !reloads)
    #expect((plan.notes + plan.reloadReasons)[0].contains("from \(old) to \(new)"))
  }

  @Test func `Hedgerow's own columns are added once`() {
    let known = [column(1, "id")]
    let plan = TablePlan.make(incoming: known, known: known, existing: known.map(\.column), own: [OwnColumn.syncedAt])
    #expect(plan.changes == [.add(OwnColumn.syncedAt, fill: nil)])
    #expect(plan.notes == [])
    let again = TablePlan.make(
      incoming: known, known: known, existing: known.map(\.column) + [OwnColumn.syncedAt], own: [OwnColumn.syncedAt])
    #expect(again.changes == [])
  }

  private func column(_ number: Int, _ name: String, _ type: String = "integer") -> IncomingColumn {
    IncomingColumn(number: number, column: Column(name: name, type: ColumnType(type)))
  }

  /// The names after the plan's renames, one after the other; a name that is taken on the way is a failure.
  private func applied(_ plan: TablePlan, to names: [String]) -> [String] {
    var names = names
    for case .rename(let from, let to) in plan.changes {
      #expect(!names.contains(to), "\(to) is taken")
      if let index = names.firstIndex(of: from) { names[index] = to }
    }
    return names
  }
}
