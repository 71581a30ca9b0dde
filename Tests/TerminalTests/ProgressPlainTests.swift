import Synchronization
import Testing

@testable import Terminal

/// Text that was written, for tests to read.
final class Sink: Sendable {
  private let content = Mutex("")
  var text: String { content.withLock { $0 } }
  func append(_ text: String) { content.withLock { $0 += text } }
}

@Suite struct ProgressPlainTests {
  let clock = ManualClock()
  let sink = Sink()

  func board(isTerminal: Bool = false) -> ProgressBoard {
    let stream = TerminalStream(
      isTerminal: isTerminal, canRedraw: false, write: { [sink] in sink.append($0) })
    return ProgressBoard(stream: stream, now: { [clock] in clock.now }, hasTicker: false)
  }

  @Test func `a pipe gets a line at start and end and every ten seconds`() {
    let board = board()
    board.begin(id: "1", name: "orders", estimatedRows: 3_000_000)
    for second in 1...25 {
      clock.advance(by: 1)
      board.update(id: "1", rows: Int64(second) * 100_000, bytes: Int64(second) * 1_000_000)
    }
    board.finish(id: "1", line: "orders: 2,500,000 rows, 25 s")
    board.close()
    #expect(
      sink.text == """
        orders: started, about 3,000,000 rows
        orders: 33%, 1,000,000 rows, 10.0 MB, 100k rows/s, ETA 20 s
        orders: 66%, 2,000,000 rows, 20.0 MB, 100k rows/s, ETA 10 s
        orders: 2,500,000 rows, 25 s

        """)
  }

  @Test func `a silent source is reported by the ticks alone`() {
    let board = board()
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    board.phase(id: "1", text: "waiting for the source")
    clock.advance(by: 11)
    board.tick()
    #expect(
      sink.text == """
        orders: started
        orders: 0 rows, 0 B, 0 rows/s, waiting for the source

        """)
  }

  @Test(arguments: [false, true]) func `no escape reaches a pipe or a dumb terminal`(
    isTerminal: Bool
  ) {
    let board = board(isTerminal: isTerminal)
    board.begin(id: "1", name: "or\u{1B}[2Jders", estimatedRows: nil)
    board.message("\u{1B}[31mred\u{1B}[0m\u{9B}2J")
    board.finish(id: "1", line: "done\r\u{7}")
    board.close()
    #expect(!sink.text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\r" })
    #expect(
      sink.text == #"""
        or\x1B[2Jders: started
        \x1B[31mred\x1B[0m\x9B2J
        done\r\x07

        """#)
  }

  @Test func `messages still come out after the close, progress does not`() {
    let board = board()
    board.close()
    board.begin(id: "1", name: "orders", estimatedRows: nil)
    board.message("bye")
    #expect(sink.text == "bye\n")
  }

  @Test func `a schema that does not run cannot be updated`() {
    let board = board()
    board.update(id: "nobody", rows: 1, bytes: 1)
    board.phase(id: "nobody", text: "x")
    #expect(sink.text == "")
  }
}
