import Glibc
import Synchronization
import Testing

@testable import Terminal

@Suite struct OutputSpoolTests {
  /// A stream that takes nothing before it is told to.
  private final class SlowReader: Sendable {
    private let taken = Mutex("")
    private let isOpen = Mutex(false)
    var text: String { taken.withLock { $0 } }
    func open() { isOpen.withLock { $0 = true } }

    var stream: TerminalStream {
      TerminalStream(isTerminal: false) { [self] text in
        while !isOpen.withLock({ $0 }) { usleep(1000) }
        taken.withLock { $0 += text }
      }
    }
  }

  @Test(arguments: [0, 40, 1 << 20])
  func `what a slow reader has not taken waits, and comes whole and in order`(limit: Int) {
    let (spool, reader) = (OutputSpool(limit: limit), SlowReader())
    let drain = Waiting {
      spool.drain(into: reader.stream)
      return 0
    }
    let lines = (0..<500).map { "größe \($0)\n" }
    for line in lines { spool.write(line) }
    #expect(reader.text.isEmpty)
    reader.open()
    for line in lines { spool.write(line) }
    spool.close()
    #expect(drain.result == 0)
    #expect(reader.text == (lines + lines).joined())
    #expect(spool.error == nil)
  }

  @Test func `a file that was read to its end is written from its start again`() throws {
    let file = try SpillFile()
    for round in 0..<3 {
      try file.append("one \(round)")
      try file.append("")
      #expect(try file.next() == "one \(round)")
      try file.append("two")
      #expect(try (file.next(), file.next()) == ("", "two"))
      #expect(try file.next() == nil && file.isEmpty)
    }
  }

  @Test func `a stream with an error ends the way, and is told of`() throws {
    let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let stream = TerminalStream(descriptor: descriptor)
    #expect(stream.error == nil)
    let spool = OutputSpool()
    spool.write("lost")
    spool.drain(into: stream)
    #expect(stream.error == WriteError(code: ENOSPC))
    #expect(stream.error?.isReaderGone == false)
    #expect(stream.writing { _ in }.error?.message == "No space left on device")
  }

  @Test func `a reader that went away is an error of its own kind`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    signal(SIGPIPE, SIG_IGN)
    let stream = TerminalStream(descriptor: ends[1])
    stream.write("nobody reads this")
    #expect(stream.error?.isReaderGone == true)
  }
}
