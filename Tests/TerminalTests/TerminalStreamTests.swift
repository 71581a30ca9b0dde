import Glibc
import Testing

@testable import Terminal

@Suite struct TerminalStreamTests {
  @Test func `a terminal tells its size, anew each time`() throws {
    let pseudo = try PseudoTerminal()
    let stream = TerminalStream(descriptor: pseudo.terminal) {
      ["TERM": "xterm", "COLUMNS": "33"][$0]
    }
    #expect(stream.isTerminal && stream.canRedraw && stream.style.isOn)
    #expect(stream.size == TerminalSize(columns: 33, rows: 24))
    pseudo.resize(columns: 132, rows: 50)
    #expect(stream.size == TerminalSize(columns: 132, rows: 50))
    #expect(stream.width == 132)
    #expect(stream.isReady)
  }

  @Test func `a dumb terminal is one, without colours or redrawing`() throws {
    let pseudo = try PseudoTerminal()
    let stream = TerminalStream(descriptor: pseudo.terminal) { $0 == "TERM" ? "dumb" : nil }
    #expect(stream.isTerminal && !stream.canRedraw && !stream.style.isOn)
  }

  @Test(
    arguments: [(nil, 80), ("120", 120), ("0", 80), ("-5", 80), ("wide", 80)] as [(String?, Int)])
  func `a pipe has the width that COLUMNS says, or 80`(columns: String?, width: Int) throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let stream = TerminalStream(descriptor: ends[1]) { $0 == "COLUMNS" ? columns : nil }
    #expect(!stream.isTerminal && !stream.canRedraw && !stream.style.isOn)
    #expect(stream.width == width)
  }

  @Test func `a long text reaches a slow reader whole`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    // A pipe that does not wait refuses what it cannot hold.
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let text = String(repeating: "größe 🌿\n", count: 40_000)
    let writer = Waiting {
      TerminalStream(descriptor: writing).write(text)
      return close(writing)
    }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4096)
    while case let count = read(reading, &part, part.count), count > 0 { bytes += part[..<count] }
    close(reading)
    #expect(writer.result == 0)
    #expect(String(decoding: bytes, as: UTF8.self) == text)
  }

  @Test func `a full pipe is not ready`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let stream = TerminalStream(descriptor: ends[1])
    #expect(stream.isReady)
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let block = [UInt8](repeating: 0, count: 65_536)
    while write(ends[1], block, block.count) > 0 {}
    #expect(!stream.isReady)
  }
}
