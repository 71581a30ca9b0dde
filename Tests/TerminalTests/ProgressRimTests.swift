import Glibc
import Synchronization
import Testing

@testable import Terminal

@Suite struct ProgressRimTests {
  let clock = ManualClock()
  let terminal = VirtualTerminal(columns: 80, rows: 10)

  @Test func `a stopped terminal holds nobody up and gets everything later`() {
    let readiness = Readiness()
    let board = ProgressBoard(
      stream: terminal.stream(isReady: { readiness.isReady }), now: { [clock] in clock.now },
      hasTicker: false)
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    board.begin(id: "2", name: "items", estimatedRows: nil)
    readiness.isReady = false
    let before = terminal.writes
    clock.advance(by: 1)
    board.message("hello")
    board.finish(id: "1", line: "orders done")
    board.update(id: "2", rows: 1, bytes: 1)
    #expect(terminal.writes == before)
    readiness.isReady = true
    clock.advance(by: 1)
    board.tick()
    #expect(terminal.lines.prefix(2) == ["hello", "orders done"])
    #expect(terminal.lines.count == 3)
  }

  @Test func `what is written aside stands above the live lines`() {
    let board = ProgressBoard(
      stream: terminal.stream(), now: { [clock] in clock.now }, hasTicker: false)
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    let answer = board.aside {
      terminal.write("from elsewhere\n")
      return 7
    }
    #expect(answer == 7)
    #expect(terminal.lines == ["from elsewhere", "orders      0 rows      0 B"])
  }

  @Test func `our colours pass, other escapes of a message are shown`() {
    let sink = Sink()
    let stream = TerminalStream(
      isTerminal: true, style: Style(isOn: true), write: { sink.append($0) })
    let board = ProgressBoard(stream: stream, now: { 0 }, hasTicker: false)
    board.message("\(stream.style.red("failed")): \u{1B}[8mhidden \u{1B}]0;title\u{7}")
    #expect(
      sink.text
        == "\u{1B}[31mfailed\u{1B}[39m: \\x1B[8mhidden \\x1B]0;title\\x07\u{1B}[0m\n")
  }

  @Test func `its own thread draws while a schema runs, and ends with it`() throws {
    let board = ProgressBoard(stream: terminal.stream(), now: { [clock] in clock.now })
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    clock.advance(by: 60)
    try waitUntil { terminal.lines == ["orders      0 rows      0 B      0 rows/s"] }
    board.finish(id: "1", line: "done")
    try waitUntil { !board.isTicking }
    board.begin(id: "2", name: "again", estimatedRows: nil)
    #expect(board.isTicking)
    board.close()
    try waitUntil { !board.isTicking }
    #expect(terminal.lines == ["done"])
  }

  @Test func `many threads may use it at once`() async {
    let board = ProgressBoard(stream: terminal.stream())
    await withTaskGroup { group in
      for number in 1...50 {
        group.addTask {
          board.begin(id: "\(number)", name: "t\(number)", estimatedRows: 1000)
          for step in Int64(1)...100 {
            board.update(id: "\(number)", rows: step * 10, bytes: step)
          }
          board.finish(id: "\(number)", line: "t\(number) done")
        }
      }
    }
    board.close()
    #expect(Set(terminal.lines) == Set((1...50).map { "t\($0) done" }))
    #expect(terminal.lines.count == 50)
  }

  private func waitUntil(_ condition: () -> Bool) throws {
    for _ in 1...1000 {
      if condition() { return }
      usleep(5000)
    }
    Issue.record("waited 5 s in vain")
  }
}

private final class Readiness: Sendable {
  private let value = Mutex(true)
  var isReady: Bool {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}
