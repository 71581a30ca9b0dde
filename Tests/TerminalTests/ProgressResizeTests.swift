import Synchronization
import Testing

@testable import Terminal

@Suite struct ProgressResizeTests {
  let clock = ManualClock()

  func begun(on terminal: VirtualTerminal) -> ProgressBoard {
    let board = ProgressBoard(
      stream: terminal.stream(), now: { [clock] in clock.now }, hasTicker: false)
    board.message("before")
    for name in ["shop.orders", "shop.customers"] {
      board.begin(id: name, name: name, estimatedRows: 1000)
    }
    clock.advance(by: 1)
    for name in ["shop.orders", "shop.customers"] { board.update(id: name, rows: 500, bytes: 5000) }
    clock.advance(by: 1)
    board.tick()
    return board
  }

  @Test(arguments: [10, 20, 30, 47, 60, 79, 99, 140])
  func `a terminal that changes its width keeps what stands above and no remains`(columns: Int) {
    let terminal = VirtualTerminal(columns: 100, rows: 24)
    let board = begun(on: terminal)
    terminal.resize(columns: columns, rows: 24)
    clock.advance(by: 1)
    board.tick()
    #expect(terminal.lines.count == 3)
    #expect(terminal.lines.first == "before")
    board.finish(id: "shop.orders", line: "o done")
    board.finish(id: "shop.customers", line: "c done")
    board.close()
    #expect(terminal.lines == ["before", "o done", "c done"])
  }

  @Test func `a terminal that loses rows gets fewer live lines`() {
    let terminal = VirtualTerminal(columns: 100, rows: 24)
    let board = begun(on: terminal)
    for number in 1...20 { board.begin(id: "\(number)", name: "t\(number)", estimatedRows: nil) }
    clock.advance(by: 1)
    board.tick()
    terminal.resize(columns: 100, rows: 6)
    clock.advance(by: 1)
    board.tick()
    #expect(terminal.visibleLines.count == 5)
    #expect(terminal.visibleLines.last == "+ 18 more running")
  }
}
