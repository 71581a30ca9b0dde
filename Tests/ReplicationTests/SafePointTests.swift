import ConnectorKit
import Rows
import Testing

@testable import Replication

/// From where the next sync reads, for each thing that a source can say about what is open.
@Suite struct SafePointTests {
  private static let times = [CursorType.date, .timestamp, .timestamptz]
  private static let numbers = [CursorType.integer, .numeric]
  private let margin = SafePoint.margin

  @Test(arguments: times) func `with nothing open everything before the clock is safe`(type: CursorType) {
    let safe = SafePoint.next(after: nil, horizon(clock: "T9", oldest: "T9"), type)
    #expect(safe == SafePoint(rule: .moment("T9", slack: margin), pending: nil))
  }

  @Test(arguments: times) func `known starts bound the times at once`(type: CursorType) {
    let horizon = horizon(clock: "T9", oldest: "T3", open: [("3/1", "T3"), ("3/2", "T8")])
    let previous = CursorState(floor: "F", high: "H", pending: .init(value: nil, clock: "T1", open: ["3/1"]))
    #expect(SafePoint.next(after: previous, horizon, type) == SafePoint(rule: .moment("T3", slack: margin), pending: nil))
  }

  @Test(arguments: times + numbers) func `with unknown starts nothing new is safe until what was open has ended`(type: CursorType) {
    let first = SafePoint.next(after: nil, horizon(clock: "T1", open: [("3/1", nil)], largest: "10"), type)
    #expect(first.rule == .keep)
    let pending = CursorState.Pending(value: type.isTime ? nil : "10", clock: "T1", open: ["3/1"])
    #expect(first.pending == pending)

    let state = CursorState(floor: nil, high: "12", pending: first.pending)
    let still = SafePoint.next(after: state, horizon(clock: "T2", open: [("3/1", nil), ("4/1", nil)], largest: "20"), type)
    #expect(still == SafePoint(rule: .keep, pending: pending))

    let over = SafePoint.next(after: state, horizon(clock: "T3", open: [("4/1", nil)], largest: "30"), type)
    #expect(over.rule == (type.isTime ? .moment("T1", slack: margin) : .number("10")))
    #expect(over.pending == .init(value: type.isTime ? nil : "30", clock: "T3", open: ["4/1"]))

    let none = SafePoint.next(after: state, horizon(clock: "T4", oldest: type.isTime ? nil : "T4", largest: "40"), type)
    #expect(none == SafePoint(rule: type.isTime ? .moment("T4", slack: margin) : .number("40"), pending: nil))
  }

  @Test(arguments: times + numbers) func `a prepared transaction holds everything back until it is decided`(type: CursorType) {
    let open = [("prepared:7", nil)] as [(String, String?)]
    let first = SafePoint.next(after: CursorState(floor: "F", high: "5"), horizon(clock: "T1", open: open, largest: "9"), type)
    #expect(first.rule == .keep)
    for _ in 0..<3 {
      let state = CursorState(floor: "F", high: "8", pending: first.pending)
      #expect(SafePoint.next(after: state, horizon(clock: "T2", open: open, largest: "99"), type) == first)
    }
  }

  @Test(arguments: numbers) func `numbers wait for open transactions even where their starts are known`(type: CursorType) {
    let safe = SafePoint.next(after: nil, horizon(clock: "T9", oldest: "T3", open: [("3/1", "T3")], largest: "50"), type)
    #expect(safe == SafePoint(rule: .keep, pending: .init(value: "50", clock: "T9", open: ["3/1"])))
  }

  @Test(arguments: numbers) func `without an index a number is safe one sync later`(type: CursorType) {
    #expect(SafePoint.next(after: nil, horizon(clock: "T1", oldest: "T1"), type) == SafePoint(rule: .keep, pending: nil))
    let state = CursorState(floor: nil, high: "77")
    #expect(SafePoint.next(after: state, horizon(clock: "T2", oldest: "T2"), type) == SafePoint(rule: .number("77"), pending: nil))
    let open = horizon(clock: "T2", open: [("3/1", nil)])
    #expect(SafePoint.next(after: state, open, type).pending == .init(value: "77", clock: "T2", open: ["3/1"]))
  }

  @Test(arguments: numbers) func `a pending state without a value keeps the floor when it has ended`(type: CursorType) {
    let state = CursorState(floor: "1", high: "9", pending: .init(value: nil, clock: "T1", open: ["3/1"]))
    let safe = SafePoint.next(after: state, horizon(clock: "T2", open: [("4/1", nil)]), type)
    #expect(safe == SafePoint(rule: .keep, pending: .init(value: "9", clock: "T2", open: ["4/1"])))
  }

  @Test func `a source that cannot tell is read again for the last minutes`() {
    for type in Self.times {
      let safe = SafePoint.next(after: nil, horizon(clock: "T9", oldest: "T9", isComplete: false), type)
      #expect(safe == SafePoint(rule: .moment("T9", slack: SafePoint.blindLookback), pending: nil))
    }
    for type in Self.numbers {
      #expect(SafePoint.next(after: nil, horizon(clock: "T9", largest: "5", isComplete: false), type).rule == .number("5"))
      #expect(SafePoint.next(after: CursorState(floor: nil, high: "4"), horizon(clock: "T9", isComplete: false), type).rule == .number("4"))
      #expect(SafePoint.next(after: nil, horizon(clock: "T9", isComplete: false), type).rule == .keep)
    }
  }

  private func horizon(
    clock: String, oldest: String? = nil, open: [(String, String?)] = [], largest: String? = nil, isComplete: Bool = true
  ) -> Horizon {
    Horizon(
      clock: clock, oldestStart: oldest, open: open.map { .init(id: $0.0, startedAt: $0.1) }, isComplete: isComplete,
      largestBefore: largest, timeZone: "UTC")
  }
}
