import Synchronization
import Testing

@testable import Terminal

/// A clock that a test moves by hand.
final class ManualClock: Sendable {
  private let time = Mutex(0.0)
  var now: Double { time.withLock { $0 } }
  func advance(by seconds: Double) { time.withLock { $0 += seconds } }
}

@Suite struct ProgressBoardTests {
  let clock = ManualClock()
  let terminal = VirtualTerminal(columns: 100, rows: 10)

  func board(on stream: TerminalStream? = nil) -> ProgressBoard {
    ProgressBoard(
      stream: stream ?? terminal.stream(), now: { [clock] in clock.now }, hasTicker: false)
  }

  @Test func `a running schema has a line with bar, rows, bytes, rate and ETA`() {
    let board = board()
    board.begin(id: "1", name: "shop.orders", estimatedRows: 4_000_000)
    clock.advance(by: 2)
    board.update(id: "1", rows: 1_000_000, bytes: 123_000_000)
    #expect(
      terminal.visibleLines == [
        "shop.orders  ████░░░░░░░░░░░░   25%  1,000,000 rows   123 MB   500k rows/s  ETA 6 s"
      ])
    #expect(terminal.cursor == [1, 0])
  }

  @Test func `without an estimate there is neither bar nor ETA`() {
    let board = board()
    board.begin(id: "1", name: "shop.orders", estimatedRows: nil)
    clock.advance(by: 2)
    board.update(id: "1", rows: 5000, bytes: 800)
    #expect(terminal.visibleLines == ["shop.orders  5,000 rows    800 B   2.5k rows/s"])
  }

  @Test func `the parts of several lines stand in columns`() {
    let board = board()
    board.begin(id: "1", name: "a", estimatedRows: 10)
    board.begin(id: "2", name: "longer", estimatedRows: nil)
    clock.advance(by: 1)
    board.update(id: "1", rows: 5, bytes: 1)
    board.update(id: "2", rows: 5_000_000, bytes: 2000)
    board.phase(id: "2", text: "building the key")
    clock.advance(by: 1)
    board.tick()
    #expect(
      terminal.visibleLines == [
        "a       ████████░░░░░░░░   50%          5 rows      1 B    2.5 rows/s  ETA 2 s",
        "longer                          5,000,000 rows   2.0 kB   2.5M rows/s           building the key",
      ])
  }

  @Test func `finished lines stay above, in the order of their end`() {
    let board = board()
    for name in ["a", "b", "c"] { board.begin(id: name, name: name, estimatedRows: nil) }
    clock.advance(by: 1)
    board.finish(id: "b", line: "b: 10 rows")
    board.finish(id: "a", line: "a: 20 rows")
    #expect(
      terminal.visibleLines == [
        "b: 10 rows", "a: 20 rows", "c      0 rows      0 B      0 rows/s",
      ])
    board.finish(id: "c", line: "c: 30 rows")
    board.close()
    #expect(terminal.lines == ["b: 10 rows", "a: 20 rows", "c: 30 rows"])
    #expect(terminal.cursor == [3, 0])
  }

  @Test func `a message goes above the live lines, however long it is`() {
    let board = board()
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    let long = String(repeating: "0123456789", count: 25)
    board.message(long)
    board.message(String(repeating: "x", count: 100))
    board.message("first\nsecond\n")
    let pieces = [long.prefix(100), long.prefix(100), long.prefix(50)].map { String($0) }
    let rest = ["first", "second", "orders      0 rows      0 B"]
    #expect(terminal.visibleLines == pieces + [String(repeating: "x", count: 100)] + rest)
  }

  @Test func `live lines are drawn at most ten times a second`() {
    let board = board()
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    let before = terminal.writes
    for step in 1...1000 {
      clock.advance(by: 0.001)
      board.update(id: "1", rows: Int64(step), bytes: 0)
    }
    #expect((8...10).contains(terminal.writes - before))
  }

  @Test func `nothing is sent when nothing changed`() {
    let board = board()
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    clock.advance(by: 20)
    board.tick()
    let before = terminal.writes
    for _ in 1...50 {
      clock.advance(by: 1)
      board.tick()
    }
    #expect(terminal.writes == before)
  }

  @Test func `there are never more lines than the terminal has`() {
    let board = board()
    for number in 1...50 { board.begin(id: "\(number)", name: "t\(number)", estimatedRows: nil) }
    clock.advance(by: 1)
    board.tick()
    #expect(terminal.visibleLines.count == 9)
    #expect(terminal.visibleLines.last == "+ 42 more running")
    #expect(terminal.lines.count == 9)
    board.finish(id: "1", line: "t1 done")
    #expect(terminal.lines.first == "t1 done")
    #expect(terminal.visibleLines.last == "+ 41 more running")
    for number in 2...50 { board.finish(id: "\(number)", line: "t\(number) done") }
    board.close()
    #expect(terminal.lines == (1...50).map { "t\($0) done" })
  }

  @Test(arguments: 1...3) func `a terminal of hardly any lines does not break it`(rows: Int) {
    let terminal = VirtualTerminal(columns: 20, rows: rows)
    let board = board(on: terminal.stream())
    for number in 1...3 { board.begin(id: "\(number)", name: "t\(number)", estimatedRows: 5) }
    clock.advance(by: 1)
    board.tick()
    for number in 1...3 { board.finish(id: "\(number)", line: "t\(number) done") }
    board.close()
    #expect(terminal.lines == ["t1 done", "t2 done", "t3 done"])
  }

  @Test func `a line is always narrower than the terminal`() {
    for columns in 1...120 {
      let terminal = VirtualTerminal(columns: columns, rows: 5)
      let board = board(on: terminal.stream())
      board.begin(id: "1", name: "shop.a_name_of_some_length", estimatedRows: 1000)
      board.begin(id: "2", name: "客户.订单", estimatedRows: nil)
      board.phase(id: "2", text: "waiting for two readers of the table")
      clock.advance(by: 1)
      board.update(id: "1", rows: 500, bytes: 1_000_000)
      clock.advance(by: 1)
      board.tick()
      #expect(terminal.lines.count == 2)
      #expect(terminal.lines.allSatisfy { $0.displayWidth < max(2, columns) })
    }
  }
}
